// What `check` finds, grouped by severity; each finding leads to its place in the file.
import { make, on, part, show } from "./dom.js";
import { keepScroll, recall, keep } from "./memory.js";
import { makeSource, openSource } from "./source.js";
import { number, t } from "./words.js";

const SEVERITIES = ["error", "warning", "info"];

/** Makes the list answer to clicks and arrow keys; any element with `data-line` leads to a place. */
export function makeFindings(desk) {
  const side = part("findings");
  side.setAttribute("aria-label", t("Findings"));
  side.append(make("section", { id: "finding-list" }), make("section", { id: "source", hidden: true }));
  makeSource(desk);
  on(document, "click", "[data-line]", (button) => goTo(desk, button.dataset));
  on(side, "keydown", ".finding", (button, event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) event.preventDefault();
    if (step) neighbour(button, step).focus();
  });
  side.addEventListener("toggle", (event) => {
    if (event.target.dataset.key) keep(`folded ${event.target.dataset.key}`, !event.target.open);
  }, true);
  keepScroll(part("finding-list"), () => part("finding-list"), () => "findings");
  showFindings(desk);
}

/** Shows the findings. */
export function showFindings({ findings }) {
  const list = findings?.findings ?? [];
  const groups = SEVERITIES.map((severity) => group(severity, list.filter((one) => one.severity === severity)));
  show(part("finding-list"), make("h2", {}, t("Findings"), counts(findings)), groups, list.length ? null : none(findings));
  for (const details of part("finding-list").querySelectorAll("details")) details.open = !recall(`folded ${details.dataset.key}`, false);
}

/** Focuses the next (1) or the one before (-1) of the findings, and opens its place. */
export function stepFinding(step) {
  const every = [...part("finding-list").querySelectorAll(".finding")];
  if (!every.length) return;
  const at = every.findIndex((one) => one.getAttribute("aria-current"));
  const button = every[(at + step + every.length) % every.length];
  const details = button.closest("details");
  details.open = true;
  button.focus();
  button.click();
}

/** Opens a place of a file beside the view. */
export function goTo(desk, { file, line, column, source }) {
  for (const one of part("finding-list").querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
  const same = (one) => one.dataset.file === file && one.dataset.line === line && one.dataset.column === column;
  [...part("finding-list").querySelectorAll(".finding")].find(same)?.setAttribute("aria-current", "true");
  openSource(desk, { file, line: Number(line), column: Number(column ?? 1), source });
}

function neighbour(button, step) {
  const every = [...part("finding-list").querySelectorAll("details[open] .finding")];
  return every[(every.indexOf(button) + step + every.length) % every.length];
}

function counts(findings) {
  if (!findings?.ready) return make("span", { class: "counts" }, make("span", { class: "chip busy" }, t("checking …")));
  const chips = SEVERITIES.filter((one) => findings.summary[one]).map((one) =>
    make("span", { class: `chip ${one}`, title: titles()[one] }, number(findings.summary[one])));
  return make("span", { class: "counts", "aria-hidden": "true" }, chips);
}

const titles = () => ({ error: t("Errors"), warning: t("Warnings"), info: t("Hints") });

function none(findings) {
  if (!findings?.ready) return null;
  return make("p", { class: "empty good" }, t("Nothing to complain about."));
}

function group(severity, findings) {
  if (!findings.length) return null;
  const items = findings.map((one) => make("li", { "data-key": `${one.rule} ${one.file} ${one.line} ${one.column}` }, finding(one)));
  const summary = make("summary", {}, make("h3", {}, titles()[severity], " ", make("span", { class: "number" }, number(findings.length))));
  return make("details", { class: severity, "data-key": severity }, summary, make("ul", {}, items));
}

function finding({ rule, file, line, column, message, hint, source }) {
  const place = line ? `${file.split("/").pop()}:${line}:${column}` : file;
  const told = source ? { type: "button", class: "finding", "data-file": file, "data-line": line, "data-column": column, "data-source": source } : { class: "finding" };
  return make(
    source ? "button" : "div", told, make("span", { class: "message" }, message), hint ? make("span", { class: "hint" }, hint) : null,
    make("span", { class: "place" }, make("code", {}, place), make("code", { class: "rule" }, rule)),
  );
}
