// The calendar files of an issue's dates.
import { choice, choose } from "./choices.js";
import { icon, make, on, show } from "./dom.js";
import { fetchText, issueAddress, latestOnly } from "./server.js";
import { t } from "./words.js";

const load = latestOnly(fetchText);
const ready = new WeakSet();

/** Shows the list of calendars, and one of them as it is. */
export async function showCalendar({ issue }, sheet, wanted) {
  if (!issue) return false;
  prepare(sheet);
  const calendars = issue.calendars ?? [];
  const chosen = calendars.find((one) => one.name === choice("calendar")) ?? calendars[0];
  if (!chosen) return none(sheet);
  const got = await load(address(chosen));
  if (!got || !wanted()) return false;
  const items = calendars.map((one) => make("li", { "data-key": one.name }, entry(one, one === chosen)));
  show(sheet, make("ul", { class: "calendars", "aria-label": t("Calendar") }, items),
    make("pre", { class: "paper", tabindex: "0", "aria-label": chosen.name }, got.answer));
  return true;
}

const address = (calendar) => issueAddress(choice("issue"), `/web/${calendar.name}`);

function entry(calendar, chosen) {
  return [
    make("button", { type: "button", "data-calendar": calendar.name, "aria-pressed": String(chosen) }, icon("calendar"),
      make("strong", {}, calendar.title), make("code", {}, calendar.name)),
    make("a", { class: "button plain", href: address(calendar), download: calendar.name, "aria-label": t("Download {name}", { name: calendar.name }) }, icon("download")),
  ];
}

function none(sheet) {
  show(sheet, make("p", { class: "empty" }, t("This issue has no dates.")));
  return true;
}

function prepare(sheet) {
  if (ready.has(sheet)) return;
  ready.add(sheet);
  on(sheet, "click", "[data-calendar]", (button) => choose({ calendar: button.dataset.calendar }));
}
