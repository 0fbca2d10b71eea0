// The view below the tabs: a frame for mails and pages, a sheet for everything else.
import { choice, choose, query } from "./choices.js";
import { make, part, show } from "./dom.js";
import { makeFrame } from "./frame.js";
import { hearKeys } from "./keys.js";
import { keepScroll, restoreScroll } from "./memory.js";
import { issueAddress } from "./server.js";
import { currentTab, tabWords } from "./tabs.js";
import { t } from "./words.js";
import { showCalendar } from "./calendar.js";
import { showCode } from "./code.js";
import { showDifferences } from "./differences.js";
import { showHeaders } from "./headers.js";
import { showInbox } from "./inbox.js";
import { showText } from "./text.js";

const SHEETS = { text: showText, code: showCode, headers: showHeaders, calendar: showCalendar, differences: showDifferences, inbox: showInbox };
const EARLY = ["mail", "web", "text", "code", "inbox"];
const WIDE = "full";
const places = {};

/** Views that need nothing but the choices, so that they need not wait for anything else. */
export const isEarly = () => EARLY.includes(currentTab());

/** Makes the stage for frames and the sheet for the rest. */
export function makeView(desk) {
  places.stage = make("div", { class: "stage" });
  places.device = make("div", { class: "device" });
  places.sheet = make("div", { class: "sheet", hidden: true, tabindex: "0", role: "group" });
  places.stage.append(places.device);
  part("view").append(places.stage, places.sheet);
  places.frame = makeFrame(places.device, (inside) => reach(desk, inside));
  keepScroll(places.sheet, () => places.sheet, () => places.name);
}

/** Shows what the tab shows of the issue in view. Throws Refused; TypeError when nobody answers. */
export async function showView(desk) {
  const tab = currentTab();
  places.device.dataset.width = choice("width") || WIDE;
  if (tab === "inbox") return sheet(desk, tab);
  if (!choice("issue")) return empty(t("Choose an issue."));
  if (desk.issue && !desk.issue.shown) return empty(t("As soon as the file is right, the issue appears here."));
  return tab in SHEETS ? sheet(desk, tab) : frame(desk, tab);
}

const ADDRESSES = {
  mail: () => issueAddress(choice("issue"), "/mail", query(true)),
  web: () => issueAddress(choice("issue"), "/web/"),
  articles: ({ issue }) => {
    const page = articles(issue).find((one) => one.name === choice("page")) ?? articles(issue)[0];
    return page && issueAddress(choice("issue"), `/web/${page.name}`);
  },
};

/** The pages of an issue's articles. */
export const articles = (issue) => (issue?.pages ?? []).filter((one) => one.name !== "index.html");

async function frame(desk, tab) {
  const address = ADDRESSES[tab](desk);
  if (!address) return empty(t("No article of this issue has a page of its own. One with a body gets one."));
  const mode = tab === "mail" ? choice("mode") : "page";
  const done = await places.frame(address, nameOf(tab), tabWords()[tab]);
  if (!done || currentTab() !== tab) return;
  places.device.dataset.mode = mode;
  turnTo(places.stage);
}

async function sheet(desk, tab) {
  const name = nameOf(tab);
  const done = await SHEETS[tab](desk, places.sheet, () => currentTab() === tab);
  if (done === false) return;
  places.sheet.dataset.tab = tab;
  places.sheet.setAttribute("aria-label", tabWords()[tab]);
  turnTo(places.sheet);
  if (places.name !== name) restoreScroll(places.sheet, name);
  places.name = name;
}

function empty(words) {
  show(places.sheet, make("p", { class: "empty" }, words));
  places.sheet.dataset.tab = "empty";
  turnTo(places.sheet);
}

function turnTo(place) {
  places.stage.classList.toggle("away", place !== places.stage);
  places.sheet.hidden = place !== places.sheet;
}

const nameOf = (tab) => [choice("issue"), tab, tab === "articles" ? choice("page") : ""].join(" ");

/** What the page does in a frame's document: links within the issue change the view, shortcuts work there too. */
function reach(desk, inside) {
  hearKeys(inside);
  inside.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const to = link && destination(desk, link.getAttribute("href"));
    if (!to) return;
    event.preventDefault();
    if (to.anchor === undefined) choose(to);
    else inside.getElementById(to.anchor)?.scrollIntoView();
  });
}

/** Where a link leads: to an anchor, to a tab, or (null) out into a window of its own. */
function destination(desk, href) {
  if (href.startsWith("#")) return { anchor: decodeURIComponent(href.slice(1)) };
  const address = new URL(href, "https://relative.invalid/");
  const own = `${desk.state?.newsletter?.url ?? ""}/archive/${choice("issue")}/`;
  const [, name, anchor] = (address.href.startsWith(own) ? address.href.slice(own.length) : /^[\w.-]+\.html(#.*)?$/.test(href) ? href : "?")
    .match(/^([\w.-]*)(?:#(.*))?$/) ?? [];
  if (name === undefined) return null;
  if (name === "" || name === "index.html") return { tab: "web" };
  if (articles(desk.issue).some((one) => one.name === name)) return { tab: "articles", page: name };
  return anchor === undefined ? null : { anchor };
}
