// The issue's subject, and its line in an inbox as mail programs cut it.
import { make, part, show } from "./dom.js";
import { keep, recall } from "./memory.js";
import { day, t } from "./words.js";

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
  details.open = recall("envelope", true);
  details.ontoggle = () => keep("envelope", details.open);
}

function lines(line) {
  const rows = line.clients.map((client) => make(
    "li", { "data-key": client.id, title: client.note || null },
    make("span", { class: "client" }, client.label),
    cut("sender", client.sender), make("span", { class: "words" }, cut("subject", client.subject), " ", cut("preheader", client.preheader)),
  ));
  return make("details", {}, make("summary", {}, t("In the inbox")), make("ul", { class: "lines" }, rows));
}

function cut(name, { shown, cut: isCut }) {
  return make("span", { class: `${name}${isCut ? " cut" : ""}` }, shown);
}
