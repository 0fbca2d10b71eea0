// How large the mail's HTML is, and where Gmail cuts it.
import { make, part, show } from "./dom.js";
import { number, t } from "./words.js";

const ROOM = 1.15;
const KILO = 1024;

/** Shows the bar: up to the warning, up to Gmail's limit, beyond. */
export function showSize({ issue }) {
  const size = issue?.size;
  if (!size) return show(part("size"));
  const state = size.bytes >= size.limit ? "over" : size.bytes >= size.warning ? "near" : "fine";
  const scale = Math.max(size.limit, size.bytes) * ROOM;
  show(part("size"), bar(state), make("p", {}, words(size)), size.clip ? clipped(issue) : null);
  const share = (bytes) => `${(100 * bytes) / scale}%`;
  part("size").querySelector(".filled").style.width = share(size.bytes);
  part("size").querySelector(".mark.warning").style.left = share(size.warning);
  part("size").querySelector(".mark.limit").style.left = share(size.limit);
  return null;
}

function bar(state) {
  return make(
    "div", { class: `bar ${state}`, "aria-hidden": "true" }, make("span", { class: "filled" }),
    make("span", { class: "mark warning" }), make("span", { class: "mark limit" }),
  );
}

function words({ bytes, limit }) {
  const sizes = { size: number(bytes / KILO, 1), limit: number(Math.floor(limit / KILO)) };
  return t("{size} KB of HTML. Gmail cuts at {limit} KB.", sizes);
}

function clipped({ size: { clip }, file }) {
  const told = t("Gmail cuts after “{words}”", { words: clip.after });
  if (!clip.line) return make("p", { class: "clip" }, told);
  return make("button", { type: "button", class: "clip", "data-file": file, "data-line": clip.line, "data-column": "1" }, told);
}
