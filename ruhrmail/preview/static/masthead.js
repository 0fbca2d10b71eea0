// The band at the top: whose newsletter, is the preview there, and what can be done with this issue.
import { choice, query } from "./choices.js";
import { icon, make, on, part, show } from "./dom.js";
import { openHelp } from "./keys.js";
import { keep, recall } from "./memory.js";
import { issueAddress } from "./server.js";
import { openTrial } from "./trial.js";
import { number, t } from "./words.js";

const LOOKS = ["auto", "light", "dark"];

/** Makes what the buttons do. */
export function makeMasthead(desk) {
  const masthead = part("masthead");
  wear(recall("look", "auto"));
  on(masthead, "click", "[data-do]", (button) => ACTIONS[button.dataset.do](desk));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#masthead, #issues, #findings, dialog")) fold();
  });
}

const ACTIONS = {
  issues: () => unfold("issues"),
  findings: () => unfold("findings"),
  trial: (desk) => openTrial(desk),
  help: () => openHelp(),
  look(desk) {
    wear(LOOKS[(LOOKS.indexOf(recall("look", "auto")) + 1) % LOOKS.length]);
    showMasthead(desk);
  },
};

/** Shows the band. */
export function showMasthead(desk) {
  const { newsletter, project } = desk.state ?? {};
  show(
    part("masthead"),
    drawer("issues", "list", t("Issues")),
    make("p", { class: "brand" }, make("strong", {}, newsletter?.name ?? project ?? "ruhrmail"), make("span", {}, t("Preview"))),
    make("p", { class: "connection", id: "connection" }, make("span", {}, t("connected"))),
    make("div", { class: "actions" }, ...actions(desk)),
  );
  showConnection(desk);
}

/** Shows whether the preview answers. */
export function showConnection(desk) {
  const place = part("connection");
  if (!place) return;
  place.classList.toggle("lost", !desk.there);
  show(place, make("span", {}, desk.there ? t("connected") : t("not connected")));
}

/** Folds what is unfolded in a small window. */
export function fold() {
  document.body.removeAttribute("data-drawer");
  for (const button of part("masthead").querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
}

/** Unfolds a side of the desk in a small window, or folds it again. */
export function unfold(name, always = false) {
  const open = document.body.dataset.drawer === name && !always;
  fold();
  if (open) return;
  document.body.dataset.drawer = name;
  part("masthead").querySelector(`[data-do="${name}"]`)?.setAttribute("aria-expanded", "true");
}

function actions(desk) {
  const look = recall("look", "auto");
  const ready = desk.issue?.shown;
  const words = { auto: t("Desk: as the system"), light: t("Desk: light"), dark: t("Desk: dark") };
  const eml = ready && make(
    "a", { class: "button", href: issueAddress(choice("issue"), "/message.eml", query()), download: true },
    icon("download"), ".eml",
  );
  const trial = make("button", { type: "button", "data-do": "trial", class: "strong", disabled: !ready }, icon("send"), t("Test mailing"));
  return [
    drawer("findings", "flag", t("Findings"), counts(desk)), eml, trial,
    make("button", { type: "button", class: "plain", "data-do": "look", "aria-label": words[look], title: words[look] }, icon(look)),
    make("button", { type: "button", class: "plain", "data-do": "help", "aria-label": t("Keyboard shortcuts"), title: t("Keyboard shortcuts") }, icon("help")),
  ];
}

/** How many findings there are, coloured as the worst one. */
function counts({ findings }) {
  const worst = ["error", "warning", "info"].find((one) => findings?.summary?.[one]);
  return worst ? make("span", { class: `chip ${worst}` }, number(findings.findings.length)) : null;
}

function drawer(name, picture, label, more = null) {
  const open = String(document.body.dataset.drawer === name);
  const told = { type: "button", class: "drawer", "data-do": name, "aria-expanded": open, "aria-controls": name };
  return make("button", told, icon(picture), label, more);
}

function wear(look) {
  keep("look", look);
  document.documentElement.dataset.look = look;
}
