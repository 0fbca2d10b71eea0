// The local inbox: what `send` delivered to `ruhrmail inbox`.
import { choice, choose } from "./choices.js";
import { icon, make, on, show } from "./dom.js";
import { makeFrame } from "./frame.js";
import { fetchJson, fetchText, latestOnly } from "./server.js";
import { moment, number, t } from "./words.js";
import { headerTable } from "./headers.js";

const load = latestOnly(() => fetchJson("inbox"));
const open = latestOnly((id) => fetchJson(`inbox/${encodeURIComponent(id)}`));
const read = latestOnly((id) => fetchText(`inbox/${encodeURIComponent(id)}/raw`));
const PARTS = ["html", "text", "headers", "raw"];
const KILO = 1024;
const frames = new WeakMap();

/** Shows the messages, and the chosen one. */
export async function showInbox(desk, sheet, wanted) {
  const got = await load();
  if (!got || !wanted()) return false;
  const { messages } = got.answer;
  desk.inbox = messages.length;
  prepare(sheet);
  const chosen = messages.find((one) => one.id === choice("message")) ?? messages[0];
  show(sheet.querySelector(".messages"), about(got.answer), messages.length ? list(messages, chosen) : null);
  if (chosen) await message(sheet, chosen.id, wanted);
  else show(sheet.querySelector(".letter"));
  return true;
}

function prepare(sheet) {
  if (sheet.querySelector(".mailbox")) return;
  sheet.replaceChildren(make("div", { class: "mailbox" }, make("section", { class: "messages" }), make("section", { class: "letter" })));
  on(sheet.firstElementChild, "click", "[data-message]", (button) => choose({ message: button.dataset.message }));
  on(sheet.firstElementChild, "click", "[data-part]", (button) => choose({ part: button.dataset.part }));
}

function about({ folder, address, messages }) {
  if (messages.length) return make("p", { class: "note" }, t("{count} messages in {folder}", { count: number(messages.length), folder }));
  const how = address ? t("The inbox listens at {address}: a test mailing to the inbox appears here.", { address })
    : t("Nothing there. Start ruhrmail inbox and send to it.");
  return make("p", { class: "empty" }, how);
}

function list(messages, chosen) {
  const items = messages.map((one) => make("li", { "data-key": one.id }, make(
    "button", { type: "button", "data-message": one.id, "aria-current": one === chosen ? "true" : null },
    make("span", { class: "when" }, moment(one.at), " · ", t("{size} KB", { size: number(one.size / KILO) })),
    make("span", { class: "subject" }, one.subject), make("span", { class: "who" }, one.recipient),
  )));
  return make("ul", { "aria-label": t("Messages") }, items);
}

async function message(sheet, id, wanted) {
  const got = await open(id);
  if (!got || !wanted()) return;
  const whole = got.answer;
  const shown = PARTS.includes(choice("part")) && (choice("part") !== "html" || whole.html) ? choice("part") : "text";
  const place = sheet.querySelector(".letter");
  if (!place.firstElementChild) place.append(make("div", { class: "head" }), make("div", { class: "body" }), make("div", { class: "device", "data-width": "full" }));
  show(place.querySelector(".head"), parts(shown, whole.html), unsubscribe(whole));
  place.dataset.part = shown;
  await body(place, whole, shown);
}

async function body(place, whole, shown) {
  const holder = place.querySelector(".device");
  if (shown === "html") {
    if (!frames.has(holder)) frames.set(holder, makeFrame(holder, () => {}));
    await frames.get(holder)(`inbox/${encodeURIComponent(whole.id)}/html`, `message ${whole.id}`, t("The message"));
  }
  const raw = shown === "raw" ? (await read(whole.id))?.answer ?? "" : "";
  const paper = (text, label) => make("pre", { class: "paper", tabindex: "0", "aria-label": label }, text);
  const contents = { html: [], text: [paper(whole.text, t("Text"))], headers: [headerTable(whole.headers)], raw: [paper(raw, t("Source"))] };
  show(place.querySelector(".body"), contents[shown]);
}

function parts(shown, html) {
  const words = { html: "HTML", text: t("Text"), headers: t("Headers"), raw: t("Source") };
  const buttons = PARTS.filter((name) => html || name !== "html").map((name) =>
    make("button", { type: "button", "data-part": name, "aria-pressed": String(name === shown) }, words[name]));
  return make("div", { class: "segments buttons", role: "group", "aria-label": t("Parts of the message") }, buttons);
}

function unsubscribe({ unsubscribe: address }) {
  if (!address) return null;
  return make("a", { class: "button", href: address, target: "_blank", rel: "noopener noreferrer" }, icon("leave"), t("Unsubscribe"));
}
