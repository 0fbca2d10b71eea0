// Shortcuts of single keys, and the dialog that lists them and can turn them off.
import { choice, choose } from "./choices.js";
import { icon, make, on, part, show } from "./dom.js";
import { stepFinding } from "./findings.js";
import { stepIssue } from "./issues.js";
import { keep, recall } from "./memory.js";
import { TABS, currentTab } from "./tabs.js";
import { following, MODES, SWITCHES, WIDTHS } from "./tools.js";
import { openTrial } from "./trial.js";
import { t } from "./words.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), select, textarea, dialog";
let desk = null;

/** What each key does; a key that is not here is the browser's. */
const KEYS = {
  ...Object.fromEntries(TABS.map((tab, at) => [String(at + 1), () => choose({ tab })])),
  j: () => stepIssue(desk, 1),
  k: () => stepIssue(desk, -1),
  b: () => choose({ width: following(WIDTHS, choice("width")) }),
  d: () => choose({ mode: following(MODES, choice("mode")) }),
  i: () => flip("images"),
  g: () => flip("styles"),
  o: () => flip("outlook"),
  r: () => part("reader")?.click(),
  n: () => stepFinding(1),
  p: () => stepFinding(-1),
  t: () => openTrial(desk),
  v: () => part("view").querySelector("iframe, pre")?.focus(),
  "?": () => openHelp(),
};

/** Makes the dialog, and hears keys. */
export function makeKeys(theDesk) {
  desk = theDesk;
  const dialog = make("dialog", { id: "help", "aria-labelledby": "help-title" });
  document.body.append(dialog);
  on(dialog, "click", "[data-close]", () => dialog.close());
  on(dialog, "change", "input", (input) => keep("no keys", !input.checked));
  hearKeys(document);
}

/** Hears keys in a document: the page's own, or one in a frame. */
export function hearKeys(inside) {
  inside.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
    if (!KEYS[event.key] || (recall("no keys", false) && event.key !== "?")) return;
    event.preventDefault();
    KEYS[event.key]();
  });
}

/** Opens the list of shortcuts. */
export function openHelp() {
  const rows = help().map(([keys, words]) => make("div", {}, make("dt", {}, keys.map((key) => make("kbd", {}, key))), make("dd", {}, words)));
  const field = make("input", { type: "checkbox", checked: !recall("no keys", false) });
  show(
    part("help"),
    make("div", { class: "head" }, make("h2", { id: "help-title" }, t("Keyboard shortcuts")),
      make("button", { type: "button", class: "plain", "data-close": true, "aria-label": t("Close") }, icon("close"))),
    make("dl", {}, rows), make("label", { class: "toggle plain" }, field, make("span", {}, t("Shortcuts of single keys are on"))),
  );
  part("help").showModal();
}

function help() {
  return [
    [["1", "…", "9"], t("the tabs, from the mail to the inbox")], [["j", "k"], t("the next issue, the one before")],
    [["n", "p"], t("the next finding, the one before")], [["b"], t("the next width")], [["d"], t("light, dark, forced dark")],
    [["i"], t("without pictures")], [["g"], t("without styles, as GMX and WEB.DE")], [["o"], t("roughly as Outlook")],
    [["r"], t("another reader")], [["t"], t("test mailing")], [["v"], t("into the view, to scroll it")],
    [["←", "→"], t("in the tabs, in widths and colours")], [["↑", "↓"], t("in the lists of issues and findings")],
    [["Esc"], t("closes a dialog and the file")], [["?"], t("this list")],
  ];
}

function flip(name) {
  if (currentTab() !== "mail") return;
  const usual = SWITCHES[name] === "off" ? "on" : "off";
  choose({ [name]: choice(name) === usual ? SWITCHES[name] : usual });
}
