// The issue's subject, and its line in an inbox as mail programs cut it.
import { make, part, show } from "./dom.js";
import { keep, recall } from "./memory.js";
import { day, t } from "./words.js";

const ROOMY = 940;

/** Shows which issue it is, and its line in an inbox. */
export function showEnvelope({ issue }) {
  if (!issue) return;
  document.title = `${issue.subject || issue.slug} – ruhrmail`;
  const about = [issue.number && t("No. {number}", { number: issue.number }), day(issue.date)].filter(Boolean).join(" · ");
  const head = make(
    "div", { class: "title" }, make("h1", {}, issue.subject || issue.slug),
    make("p", {}, about, about ? " · " : "", make("code", {}, issue.file)),
  );
  show(part("envelope"), head, issue.line ? lines(issue.line) : null);
  const details = part("envelope").querySelector("details");
  if (!details) return;
  details.open = recall("envelope", window.innerHeight >= ROOMY);
  details.querySelector("summary").onclick = () => keep("envelope", !details.open);
}

function lines(line) {
  const rows = line.clients.map((client) => make(
    "li", { "data-key": client.id, title: client.note || null },
    make("span", { class: "client" }, client.label),
    cut("sender", client.sender), make("span", { class: "words" }, cut("subject", client.subject), " ", cut("preheader", client.preheader)),
  ));
  const cutIn = line.clients.filter((client) => client.subject.cut).map((client) => client.label);
  const told = cutIn.length ? t("subject cut in {clients}", { clients: cutIn.join(", ") }) : t("the subject fits everywhere");
  const summary = make("summary", {}, t("In the inbox"), ": ", make("span", { class: cutIn.length ? "cut" : "" }, told));
  return make("details", {}, summary, make("ul", { class: "lines" }, rows));
}

function cut(name, { shown, cut: isCut }) {
  return make("span", { class: `${name}${isCut ? " cut" : ""}` }, shown);
}
