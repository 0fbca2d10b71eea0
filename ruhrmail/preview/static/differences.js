// What differs between this mail and another one: another variant, another reader, what was sent.
import { choice, query } from "./choices.js";
import { make, show } from "./dom.js";
import { makeFrame } from "./frame.js";
import { fetchJson, issueAddress, latestOnly } from "./server.js";
import { t } from "./words.js";

const load = latestOnly(fetchJson);
const frames = new WeakMap();

/** Shows the differences by blocks of text, or both mails side by side. */
export async function showDifferences(desk, sheet, wanted) {
  if (!desk.issue || !desk.state) return false;
  const other = choice("with") || comparisons(desk)[0]?.value;
  if (!other) return told(sheet, t("There is nothing to compare with: one variant, nothing sent yet."));
  const asked = [query(), `with=${encodeURIComponent(other)}`].filter(Boolean).join("&");
  const got = await load(issueAddress(choice("issue"), "/differences", asked));
  if (!got || !wanted()) return false;
  if (choice("as") === "mails") await sideBySide(sheet, got.answer);
  else show(sheet, blocks(got.answer));
  return true;
}

/** What one can compare with: `[{value, label, group}]`, the most useful one first. */
export function comparisons({ state, issue }) {
  if (!state || !issue) return [];
  const mailings = [...state.mailings].sort((one, two) => Number(two.issue === issue.slug) - Number(one.issue === issue.slug));
  const variants = (issue.variants ?? []).filter((one) => one.name !== issue.variant);
  const readers = state.readers.filter((one) => one.id !== issue.reader?.id);
  const issues = state.issues.filter((one) => one.slug !== issue.slug);
  return [
    ...mailings.map((one) => ({ value: `mailing:${one.name}`, label: one.name === one.issue ? `${one.issue}: ${one.subject}` : `${one.name}: ${one.subject}`, group: t("Sent") })),
    ...variants.map((one) => ({ value: `variant:${one.name}`, label: one.label, group: t("Variants") })),
    ...readers.map((one) => ({ value: `reader:${one.id}`, label: one.label, group: t("Readers") })),
    ...issues.map((one) => ({ value: `issue:${one.slug}`, label: `${one.slug}: ${one.subject}`, group: t("Issues") })),
  ];
}

function told(sheet, words) {
  show(sheet, make("p", { class: "empty" }, words));
  return true;
}

function blocks({ left, right, same, bounded, blocks: found }) {
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, left.label), make("th", { scope: "col" }, right.label)));
  const subjects = left.subject === right.subject ? [] : [{ kind: "changed", left: [["removed", left.subject]], right: [["added", right.subject]] }];
  const rows = [...subjects, ...found].map((one) => make("tr", { class: one.kind }, make("td", {}, pieces(one.left)), make("td", {}, pieces(one.right))));
  return [
    same && !subjects.length ? make("p", { class: "empty good" }, t("Both say the same.")) : null,
    bounded ? make("p", { class: "note" }, t("Too long to compare in full: the rest is shown as changed.")) : null,
    found.length + subjects.length > 0 && make("table", { class: "differences" }, make("caption", { class: "unseen" }, t("Differences")), head, make("tbody", {}, rows)),
  ];
}

function pieces(list) {
  return list.map(([kind, text]) => (kind === "same" ? text : make(kind === "added" ? "ins" : "del", {}, text)));
}

async function sideBySide(sheet, { left, right }) {
  if (!sheet.querySelector(".pair")) {
    const holders = [make("div", { class: "device", "data-width": "full" }), make("div", { class: "device", "data-width": "full" })];
    const sides = holders.map((holder) => make("section", {}, make("h2", {}), holder));
    sheet.replaceChildren(make("div", { class: "pair" }, sides));
    frames.set(sheet, holders.map((holder) => makeFrame(holder, () => {})));
  }
  const heads = sheet.querySelectorAll(".pair h2");
  await Promise.all([left, right].map((side, at) => {
    heads[at].textContent = side.label;
    return frames.get(sheet)[at](side.mail, `side ${at}`, side.label);
  }));
}
