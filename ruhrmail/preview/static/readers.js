// For whom the mail is filled in: made-up readers, and those of the list by search.
import { choice, choose } from "./choices.js";
import { icon, make, on, part, show } from "./dom.js";
import { fetchJson, latestOnly } from "./server.js";
import { t } from "./words.js";

const PAUSE = 150;
const search = latestOnly((text) => fetchJson(`readers?q=${encodeURIComponent(text)}`));
const known = { found: [], complete: true, at: 0, timer: 0, words: "" };

/** Makes the dialog with the readers. */
export function makeReaders(desk) {
  const dialog = make("dialog", { id: "readers", "aria-labelledby": "readers-title" }, ...content());
  document.body.append(dialog);
  const field = part("reader-search");
  on(part("tools"), "click", "#reader", () => open(desk, dialog));
  field.addEventListener("input", () => look(desk, field.value.trim()));
  field.addEventListener("keydown", (event) => steer(desk, dialog, event));
  on(dialog, "click", "[role=option]", (option) => take(dialog, option.dataset.reader));
  on(dialog, "click", "[data-close]", () => dialog.close());
}

/** The button that tells the reader and opens the dialog. */
export function readerButton({ issue }) {
  const reader = issue?.reader;
  return make(
    "button", { type: "button", id: "reader", class: "choice", "aria-haspopup": "dialog" },
    icon("reader"), make("span", {}, t("Reader")), make("strong", {}, reader?.label ?? "…"), icon("down"),
  );
}

function content() {
  return [
    make("form", { method: "dialog", class: "head" }, make("h2", { id: "readers-title" }, t("For which reader?")),
      make("button", { type: "button", class: "plain", "data-close": true, "aria-label": t("Close") }, icon("close"))),
    make("label", { class: "field" }, t("Search the list by name, address or company"), make("input", {
      id: "reader-search", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "true",
      "aria-controls": "reader-list", "aria-autocomplete": "list",
    })),
    make("div", { id: "reader-list", role: "listbox", "aria-label": t("Readers") }),
    make("p", { id: "reader-more", class: "note", role: "status" }),
  ];
}

function open(desk, dialog) {
  part("reader-search").value = "";
  Object.assign(known, { found: [], complete: true, at: 0, words: "" });
  list(desk);
  dialog.showModal();
  part("reader-search").focus();
}

function look(desk, words) {
  clearTimeout(known.timer);
  known.timer = setTimeout(async () => {
    const got = words ? await search(words) : { answer: { readers: [], complete: true } };
    if (!got) return;
    Object.assign(known, { found: got.answer.readers, complete: got.answer.complete, at: 0, words });
    list(desk);
  }, PAUSE);
}

/** The readers that can be chosen now: made-up ones that fit the words, then those of the list. */
function offered(desk) {
  const words = known.words.toLowerCase();
  const madeUp = (desk.state?.readers ?? []).filter((one) => `${one.label} ${one.email}`.toLowerCase().includes(words));
  return [madeUp, known.found];
}

function list(desk) {
  const [madeUp, found] = offered(desk);
  const every = [...madeUp, ...found];
  const group = (words, readers) => readers.length && make(
    "div", { role: "group", "aria-label": words, "data-key": words }, make("p", { class: "group", "aria-hidden": "true" }, words),
    readers.map((one) => option(one, every.indexOf(one))));
  show(part("reader-list"), group(t("Made-up readers"), madeUp) || null, group(t("From the list"), found) || null);
  part("reader-search").setAttribute("aria-activedescendant", every.length ? `reader-${known.at}` : "");
  const told = !known.complete ? t("There are more: write more of the name.") : every.length ? "" : t("Nobody on the list holds these words.");
  part("reader-more").textContent = told;
  part(`reader-${known.at}`)?.scrollIntoView({ block: "nearest" });
}

function option(reader, at) {
  const told = { role: "option", id: `reader-${at}`, "data-reader": reader.id, "aria-selected": String(at === known.at) };
  const about = [reader.email, reader.tags.join(", "), reader.language].filter(Boolean).join(" · ");
  return make("div", told, make("strong", {}, reader.label), make("span", {}, about));
}

function steer(desk, dialog, event) {
  const every = offered(desk).flat();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter") {
    event.preventDefault();
    if (every[known.at]) take(dialog, every[known.at].id);
  } else if (step && every.length) {
    event.preventDefault();
    known.at = (known.at + step + every.length) % every.length;
    list(desk);
  }
}

function take(dialog, reader) {
  dialog.close();
  if (reader !== choice("reader")) choose({ reader, variant: "" });
}
