// The tabs above the view: what of the issue is shown.
import { choice, choose } from "./choices.js";
import { make, on, part, show } from "./dom.js";
import { number, t } from "./words.js";

/** The tabs in their order, by the name that stands in the address. */
export const TABS = ["mail", "text", "web", "articles", "code", "headers", "calendar", "differences", "inbox"];

/** Each tab's words. */
export const tabWords = () => ({
  mail: t("Mail"), text: t("Text"), web: t("Web page"), articles: t("Articles"), code: t("HTML source"),
  headers: t("Headers"), calendar: t("Calendar"), differences: t("Differences"), inbox: t("Inbox"),
});

/** The tab that is chosen. */
export const currentTab = () => (TABS.includes(choice("tab")) ? choice("tab") : "mail");

/** Makes the tabs answer to clicks and arrow keys. */
export function makeTabs(desk) {
  const list = part("tabs");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", t("What is shown"));
  part("view").setAttribute("role", "tabpanel");
  on(list, "click", "[role=tab]", (tab) => choose({ tab: tab.dataset.tab }));
  on(list, "keydown", "[role=tab]", (tab, event) => {
    const to = destination(event.key, TABS.indexOf(tab.dataset.tab));
    if (to === undefined) return;
    event.preventDefault();
    choose({ tab: TABS[to] });
    part(`tab-${TABS[to]}`).focus();
  });
  showTabs(desk);
}

/** Shows the tabs, and which one is chosen. */
export function showTabs(desk) {
  const chosen = currentTab();
  const words = tabWords();
  show(part("tabs"), TABS.map((name) => tab(name, words[name], name === chosen, desk)));
  part("view").setAttribute("aria-labelledby", `tab-${chosen}`);
  part("desk").dataset.tab = chosen;
  part(`tab-${chosen}`).scrollIntoView({ block: "nearest", inline: "nearest" });
}

function destination(key, at) {
  const last = TABS.length - 1;
  return { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[key];
}

function tab(name, words, selected, desk) {
  const told = {
    type: "button", role: "tab", id: `tab-${name}`, "data-tab": name, "aria-selected": String(selected),
    "aria-controls": "view", tabindex: selected ? "0" : "-1",
  };
  const count = name === "inbox" && desk.inbox ? make("span", { class: "count" }, number(desk.inbox)) : null;
  return make("button", told, words, count);
}
