// The tools above a view: how wide, how dark, without what, for whom.
import { choice, choose } from "./choices.js";
import { make, on, part, show } from "./dom.js";
import { makeReaders, readerButton } from "./readers.js";
import { currentTab } from "./tabs.js";
import { articles } from "./view.js";
import { comparisons } from "./differences.js";
import { t } from "./words.js";

/** The widths in pixels that can be chosen, and `full`: as wide as there is room. */
export const WIDTHS = ["320", "375", "640", "full"];
/** How mail programs colour. */
export const MODES = ["light", "dark", "forced-dark"];
/** Switches that take something away, or imitate a program, with the value that is not usual. */
export const SWITCHES = { images: "off", styles: "off", outlook: "on" };

const WITH_WIDTH = ["mail", "web", "articles"];
const WITH_READER = ["mail", "text", "code", "headers", "differences"];

/** Makes the tools. */
export function makeTools(desk) {
  const tools = part("tools");
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", t("How it is shown"));
  on(tools, "change", "input[type=radio]", (input) => choose({ [input.name]: input.value }));
  on(tools, "change", "input[type=checkbox]", (input) =>
    choose({ [input.name]: input.checked ? SWITCHES[input.name] : other(SWITCHES[input.name]) }));
  on(tools, "change", "select", (select) => choose({ [select.name]: select.value }));
  makeReaders(desk);
  showTools(desk);
}

/** Shows the tools that the tab has, as they are chosen. */
export function showTools(desk) {
  const tab = currentTab();
  const rows = [];
  if (WITH_WIDTH.includes(tab)) rows.push(segments("width", t("Width"), widths()));
  if (tab === "mail") rows.push(segments("mode", t("Colours"), modes()));
  if (tab === "articles") rows.push(pages(desk));
  if (WITH_READER.includes(tab)) rows.push(readerButton(desk), variants(desk));
  if (tab === "differences") rows.push(others(desk));
  if (tab === "mail") rows.push(switches());
  const notes = tab === "mail" ? noted(desk) : [];
  show(part("tools"), make("div", { class: "row" }, rows), notes.map((note) => make("p", { class: "note" }, note)));
  part("tools").hidden = !rows.length;
  settle(part("tools"));
}

/** The next of a row of values. */
export const following = (values, value) => values[(values.indexOf(value) + 1) % values.length];

const other = (value) => (value === "on" ? "off" : "on");

const widths = () => WIDTHS.map((width) => [width, width === "full" ? t("Desktop") : width]);

function modes() {
  const words = { light: t("Light"), dark: t("Dark"), "forced-dark": t("Forced dark") };
  return MODES.map((mode) => [mode, words[mode]]);
}

function switches() {
  return make(
    "div", { class: "switches" }, toggle("images", t("No pictures"), t("Pictures are not loaded")),
    toggle("styles", t("GMX, WEB.DE"), t("Without <style>, as GMX and WEB.DE show it")),
    toggle("outlook", t("Outlook"), t("Roughly as Outlook for Windows shows it")),
  );
}

function segments(name, words, values) {
  const options = values.map(([value, label]) =>
    make("label", {}, make("input", { type: "radio", name, value }), make("span", {}, label)));
  return make("fieldset", { class: "segments", "data-key": name }, make("legend", { class: "unseen" }, words), options);
}

function toggle(name, words, meaning) {
  return make("label", { class: "toggle", title: meaning }, make("input", { type: "checkbox", name }), make("span", {}, words));
}

function variants({ issue }) {
  const variants = issue?.variants ?? [];
  if (variants.length < 2 && !choice("variant")) return null;
  const own = variants.find((one) => one.name === issue.variant);
  const usual = choice("variant") ? t("as the reader's tags say") : t("as the reader's tags say: {variant}", { variant: own?.label ?? "" });
  const options = variants.map((one) => make("option", { value: `=${one.name}` }, one.label));
  return make(
    "label", { class: "choice", "data-key": "variant" }, make("span", {}, t("Variant")),
    make("select", { name: "variant", "aria-label": t("Variant") }, make("option", { value: "" }, usual), options),
  );
}

function pages({ issue }) {
  const options = articles(issue).map((one) => make("option", { value: one.name }, one.title));
  return options.length ? make("label", { class: "choice" }, make("span", {}, t("Article")), make("select", { name: "page", "aria-label": t("Article") }, options)) : null;
}

function others(desk) {
  const groups = Map.groupBy(comparisons(desk), (one) => one.group);
  const options = [...groups].map(([label, list]) =>
    make("optgroup", { label }, list.map(({ value, label: words }) => make("option", { value }, words))));
  const ways = [["blocks", t("Text")], ["mails", t("Side by side")]];
  return [
    options.length ? make("label", { class: "choice" }, make("span", {}, t("Compared with")), make("select", { name: "with", "aria-label": t("Compared with") }, options)) : null,
    segments("as", t("How to compare"), ways),
  ];
}

function noted({ issue }) {
  const notes = issue?.notes ?? {};
  const names = [choice("mode"), choice("styles") === "off" && "styles-off", choice("images") === "off" && "images-off",
    choice("outlook") === "on" && "outlook"];
  return names.map((name) => notes[name]).filter(Boolean);
}

/** Sets the controls to what is chosen: that is no attribute. */
function settle(tools) {
  for (const input of tools.querySelectorAll("input[type=radio]")) input.checked = choice(input.name) === input.value;
  for (const input of tools.querySelectorAll("input[type=checkbox]")) input.checked = choice(input.name) === SWITCHES[input.name];
  for (const select of tools.querySelectorAll("select")) {
    if (choice(select.name) || select.name === "variant") select.value = choice(select.name);
  }
}
