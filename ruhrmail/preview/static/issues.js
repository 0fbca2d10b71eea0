// The list of issues at the left.
import { addressWith, choice, choose } from "./choices.js";
import { make, on, part, show } from "./dom.js";
import { fold } from "./masthead.js";
import { day, number, t } from "./words.js";

/** Makes the list answer to clicks and arrow keys. */
export function makeIssues(desk) {
  const list = part("issues");
  list.setAttribute("aria-label", t("Issues"));
  on(list, "click", "a", (link, event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(otherIssue(link.dataset.slug));
    fold();
  });
  on(list, "keydown", "a", (link, event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...list.querySelectorAll("a")];
    links[(links.indexOf(link) + step + links.length) % links.length].focus();
  });
}

/** Shows the issues, the latest first. */
export function showIssues(desk) {
  const issues = desk.state.issues;
  const items = issues.map((issue) => make("li", { "data-key": issue.slug }, link(issue, desk.state.store)));
  const none = make("p", { class: "empty" }, t("No issue yet. Make one with: ruhrmail new {slug}", { slug: "2026-12" }));
  show(part("issues"), make("h2", {}, t("Issues")), issues.length ? make("ul", {}, items) : none);
}

/** Goes so many issues down the list. */
export function stepIssue(desk, step) {
  const slugs = desk.state.issues.map((one) => one.slug);
  if (slugs.length) choose(otherIssue(slugs[(slugs.indexOf(choice("issue")) + step + slugs.length) % slugs.length]));
}

const otherIssue = (slug) => ({ issue: slug, variant: "", page: "", calendar: "", with: "" });

function link(issue, unread) {
  const about = [issue.number && t("No. {number}", { number: issue.number }), day(issue.date)].filter(Boolean).join(" · ");
  const current = issue.slug === choice("issue") ? "page" : null;
  return make(
    "a", { href: addressWith(otherIssue(issue.slug)), "data-slug": issue.slug, "aria-current": current },
    make("span", { class: "when" }, about || issue.slug),
    make("span", { class: "subject" }, issue.subject || issue.slug),
    stateOf(issue, unread),
  );
}

function stateOf({ mailing, approval }, unread) {
  const chips = [];
  if (approval) chips.push(make("span", { class: "chip good" }, t("approved")));
  if (!mailing && !unread) chips.push(make("span", { class: "chip" }, t("not sent")));
  if (mailing) chips.push(make("span", { class: `chip ${mailing.state === "complete" ? "good" : "busy"}` }, wordsOf(mailing)));
  return make("span", { class: "chips" }, chips);
}

function wordsOf({ state, sent, recipients }) {
  const figures = { sent: number(sent), recipients: number(recipients) };
  if (state === "complete") return t("sent to {sent}", figures);
  if (state === "stopped") return t("stopped at {sent} of {recipients}", figures);
  if (state === "scheduled") return t("scheduled");
  return t("sending: {sent} of {recipients}", figures);
}
