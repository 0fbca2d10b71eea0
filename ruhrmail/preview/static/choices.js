// What this window shows: kept in the address's fragment, so that it survives a reload and every window has its own.
const USUAL = {
  issue: "", tab: "mail", width: "640", mode: "light", images: "on", styles: "on", outlook: "off",
  variant: "", reader: "", page: "", calendar: "", with: "", as: "blocks", message: "", part: "html",
};
const PLACES = ["issue", "tab"];
const listeners = [];
let chosen = read();

window.addEventListener("hashchange", () => take(read()));

/** The value of a choice. */
export const choice = (name) => chosen[name];

/** Changes choices and tells those who listen. Another issue or tab is a step that the browser's back button undoes. */
export function choose(changes) {
  const before = chosen;
  const next = { ...chosen, ...changes };
  if (PLACES.some((name) => next[name] !== chosen[name]) && chosen.issue) history.pushState(null, "", write(next));
  else history.replaceState(null, "", write(next));
  chosen = next;
  tell(before);
}

/** Calls `listener(names of what changed)` after each change. */
export function onChoice(listener) {
  listeners.push(listener);
}

/** The page's address with other choices: for links, which open in a window of their own too. */
export const addressWith = (changes) => write({ ...chosen, ...changes });

/**
 * CHOICE and, with `view`, VIEW of the server's addresses: which mail, and how it is shown. A variant is kept as
 * `=NAME`, for the one without a name differs from none chosen.
 */
export function query(view = false) {
  const names = ["reader", ...(view ? ["mode", "images", "styles", "outlook"] : [])];
  const asked = new URLSearchParams(names.filter((name) => chosen[name] !== USUAL[name]).map((name) => [name, chosen[name]]));
  if (chosen.variant) asked.set("variant", chosen.variant.slice(1));
  if (view) asked.set("clip", "on");
  return asked.toString();
}

function take(next) {
  const before = chosen;
  chosen = next;
  tell(before);
}

function tell(before) {
  const names = Object.keys(USUAL).filter((name) => before[name] !== chosen[name]);
  if (names.length) for (const listener of listeners) listener(new Set(names));
}

function read() {
  const told = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(USUAL).map(([name, value]) => [name, told.get(name) ?? value]));
}

function write(choices) {
  const told = Object.entries(choices).filter(([name, value]) => value !== USUAL[name]);
  return `#${new URLSearchParams(told)}`;
}
