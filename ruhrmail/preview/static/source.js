// A file that somebody wrote, with line numbers, open at a place with a caret.
import { icon, make, on, part, show } from "./dom.js";
import { choice } from "./choices.js";
import { fetchJson, issueAddress, latestOnly, Refused } from "./server.js";
import { unfold } from "./masthead.js";
import { t } from "./words.js";

const load = latestOnly(fetchJson);
let place = null;

/** Makes the panel's buttons. */
export function makeSource() {
  on(part("source"), "click", "[data-shut]", shut);
  on(part("source"), "click", "[data-copy]", (button) => copy(button));
  part("source").addEventListener("keydown", (event) => event.key === "Escape" && shut());
}

/** Opens a file at a line and column, both from 1. */
export async function openSource(desk, to) {
  place = to;
  await refreshSource();
  unfold("findings", true);
  part("source").querySelector(".point")?.scrollIntoView({ block: "center" });
}

/** Shows the open file as it is now. */
export async function refreshSource() {
  if (!place) return;
  const address = place.source ?? issueAddress(choice("issue"), "/source", `file=${encodeURIComponent(place.file)}`);
  try {
    const got = await load(address);
    if (got) showSource(got.answer);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showSource({ file: place.file, lines: [] }, error.message);
  }
}

function showSource({ file, lines }, trouble = "") {
  part("source").hidden = false;
  part("source").setAttribute("aria-label", file);
  const where = `${file}:${place.line}:${place.column}`;
  show(
    part("source"),
    make("div", { class: "head" }, make("h2", {}, make("code", {}, where)),
      make("button", { type: "button", class: "plain", "data-copy": where, "aria-label": t("Copy the place"), title: t("Copy the place") }, icon("copy")),
      make("button", { type: "button", class: "plain", "data-shut": true, "aria-label": t("Close") }, icon("close"))),
    trouble ? make("p", { class: "empty" }, trouble)
      : make("pre", { tabindex: "0", class: "listing wrapped", "aria-label": file }, lines.map((text, at) => listed(text, at + 1))),
  );
}

function listed(text, number) {
  const here = number === place.line;
  const content = here ? pointed(text, place.column - 1) : coloured(text);
  return make("span", { class: `line${here ? " here" : ""}`, "data-number": number }, make("code", {}, content, "\n"));
}

/** A line with a caret below one of its characters, wherever it is wrapped. */
function pointed(text, at) {
  return [text.slice(0, at), make("span", { class: "point" }, text.slice(at, at + 1) || " "), text.slice(at + 1)];
}

/** A line of YAML with its comment, or its key, set apart. */
export function coloured(text) {
  const [, comment] = text.match(/^\s*(#.*)$/) ?? [];
  if (comment) return [make("span", { class: "comment" }, text)];
  const [, lead, key, rest] = text.match(/^([\s\-{]*)([\w.-]+:)(\s.*|)$/) ?? [];
  return key ? [lead, make("span", { class: "key" }, key), rest] : [text];
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.title = t("Copied");
}

function shut() {
  place = null;
  part("source").hidden = true;
  const current = part("finding-list").querySelector("[aria-current]");
  (current ?? part("view")).focus();
}
