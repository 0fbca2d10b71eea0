// What stands in the way: no connection, unreadable settings, an issue that cannot be shown as it is now.
import { icon, make, on, part, show } from "./dom.js";
import { clock, t } from "./words.js";

const own = new Map();

/** Tells about something until it is dismissed; the same `name` replaces what was told before. */
export function alertAbout(name, message, hint = "") {
  own.set(name, { message, hint });
  redraw();
}

/** Takes back what was told under a name. */
export function forgetAlert(name) {
  if (own.delete(name)) redraw();
}

let redraw = () => {};

/** Shows what is wrong now. */
export function showAlerts(desk) {
  redraw = () => showAlerts(desk);
  const { state, issue, there } = desk;
  show(
    part("alerts"), there ? null : lost(), state?.gone ? gone(state) : null, state?.store ? unread(state.store) : null,
    state?.trouble?.length ? troubles("trouble", t("The settings cannot be read; everything is shown as it was before."), state.trouble) : null,
    issue?.errors?.length ? troubles("errors", broken(desk), issue.errors) : null, [...own].map(told),
  );
}

/** Makes alerts that can be dismissed. */
export function makeAlerts() {
  part("alerts").setAttribute("aria-label", t("What is wrong"));
  on(part("alerts"), "click", "[data-dismiss]", (button) => forgetAlert(button.dataset.dismiss));
}

/** What an issue looks like with its line and caret. */
export function excerpt({ excerpt: line, caret }) {
  if (!line) return null;
  return make("pre", {}, make("code", {}, line), "\n", make("span", { class: "caret", "aria-hidden": "true" }, `${" ".repeat(caret)}^`));
}

function lost() {
  return banner("lost", [make("p", {}, make("strong", {}, t("The preview does not answer.")), " ",
    t("Is ruhrmail preview still running? Here is what was shown last; it goes on by itself. After a new start, open the address that it prints."))]);
}

function gone({ project }) {
  return banner("gone", [make("p", {}, make("strong", {}, t("The project’s folder is not there: {project}", { project })))]);
}

function unread({ message, hint }) {
  return banner("trouble", [make("p", {}, make("strong", {}, t("What was sent cannot be told: {reason}", { reason: message })), " ", hint)]);
}

function broken({ issue, goodAt }) {
  if (!issue.shown) return t("This issue cannot be shown yet.");
  return goodAt ? t("This issue cannot be shown as it is now. What you see is from {time}.", { time: clock(goodAt) })
    : t("This issue cannot be shown as it is now. What you see is older.");
}

function troubles(name, sentence, findings) {
  const [first, ...others] = findings;
  const more = others.length ? make("p", { class: "hint" }, t("And {count} more, see the findings.", { count: others.length })) : null;
  return banner(name, [make("p", {}, make("strong", {}, sentence)), make("div", {}, finding(first), more)]);
}

function finding(one) {
  const where = one.line ? `${one.file}:${one.line}:${one.column}` : one.file;
  const told = { type: "button", class: "place", "data-file": one.file, "data-line": one.line, "data-column": one.column, "data-source": one.source };
  return [
    one.source ? make("button", told, where) : make("code", {}, where), " ", make("span", { class: "message" }, one.message),
    excerpt(one), one.hint ? make("p", { class: "hint" }, t("Try: {hint}", { hint: one.hint })) : null,
  ];
}

function told([name, { message, hint }]) {
  return banner(name, [make("p", {}, make("strong", {}, message), " ", hint ?? ""),
    make("button", { type: "button", class: "plain", "data-dismiss": name, "aria-label": t("Close") }, icon("close"))]);
}

function banner(name, content) {
  return make("section", { class: `alert ${name}`, "data-key": name }, content);
}
