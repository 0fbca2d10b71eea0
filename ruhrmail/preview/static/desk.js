// The desk: loads what this window shows, and follows the server's events.
import { alertAbout, forgetAlert, makeAlerts, showAlerts } from "./alerts.js";
import { announce } from "./announcer.js";
import { choice, choose, onChoice, query } from "./choices.js";
import { showEnvelope } from "./envelope.js";
import { listen } from "./events.js";
import { makeFindings, showFindings } from "./findings.js";
import { makeIssues, showIssues } from "./issues.js";
import { makeKeys } from "./keys.js";
import { makeMasthead, showConnection, showMasthead } from "./masthead.js";
import { fetchJson, issueAddress, latestOnly, Refused, steadily } from "./server.js";
import { showSize } from "./size.js";
import { refreshSource } from "./source.js";
import { makeTabs, showTabs } from "./tabs.js";
import { makeTools, showTools } from "./tools.js";
import { makeTrial } from "./trial.js";
import { isEarly, makeView, showView } from "./view.js";
import { on, part } from "./dom.js";
import { t, useWords } from "./words.js";

const desk = { state: null, issue: null, findings: null, there: true, inbox: 0, goodAt: null, picture: null };
const MAIL = ["issue", "variant", "reader"];

const loadState = latestOnly(() => fetchJson("state"));
const loadIssue = latestOnly((slug) => fetchJson(issueAddress(slug, "", query())));
const loadFindings = latestOnly((slug) => fetchJson(issueAddress(slug, "/findings")));

/** Asks, and leaves the page as it is when nobody answers: the connection's own state says so already. */
async function tried(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
    if (error instanceof Refused) refused(error);
    return null;
  }
}

/** A reader or variant that is no more gives way to the usual one. What errors in the issue prevent, those tell. */
function refused(error) {
  if (error.status === 409) return;
  if ([400, 404].includes(error.status) && (choice("reader") || choice("variant"))) choose({ reader: "", variant: "" });
  else alertAbout("refused", error.message, error.hint);
}

async function refreshState() {
  const got = await tried(loadState);
  if (got) takeState(got.answer);
}

function takeState(state) {
  desk.state = state;
  const slugs = desk.state.issues.map((one) => one.slug);
  if (!choice("issue") && slugs.length) choose({ issue: slugs.includes(desk.state.open) ? desk.state.open : slugs[0] });
  showMasthead(desk);
  showIssues(desk);
  showTools(desk);
  showAlerts(desk);
}

async function refreshIssue() {
  if (!choice("issue")) return;
  const got = await tried(() => loadIssue(choice("issue")));
  if (!got || got.answer.slug !== choice("issue")) return;
  desk.issue = got.answer;
  forgetAlert("refused");
  if (!desk.issue.errors.length) desk.goodAt = new Date();
  for (const show of [showMasthead, showEnvelope, showTools, showSize, showAlerts]) show(desk);
}

async function refreshFindings() {
  if (!choice("issue")) return;
  const got = await tried(() => loadFindings(choice("issue")));
  if (got) desk.findings = got.answer;
  showFindings(desk);
  showMasthead(desk);
}

const refreshView = () => tried(() => showView(desk));

async function refreshAll() {
  await refreshState();
  await Promise.all([refreshPicture(), refreshFindings(), refreshSource()]);
}

/** Shows the issue: the picture before everything else, where it needs nothing but the choices. */
const refreshPicture = steadily(async () => {
  const early = isEarly() && desk.issue?.shown !== false;
  if (early) await refreshView();
  await refreshIssue();
  if (!early || desk.issue?.shown === false) await refreshView();
});

/** What the server tells; the picture comes before everything else. */
const HEARD = {
  // Whatever was told between the first load and now went to nobody, so everything is loaded once more.
  hello: () => refreshAll(),
  async issue(told) {
    if (told.slug !== choice("issue")) return;
    desk.picture = refreshPicture();
    await desk.picture;
    refreshSource();
    if (told.ok) announce(t("Updated."));
    else announce(t("The issue cannot be shown as it is now: {count} to mend.", { count: told.errors }));
  },
  async findings(told) {
    if (told.slug !== choice("issue")) return;
    await desk.picture;
    await refreshFindings();
    announce(t("errors: {error}, warnings: {warning}, notes: {info}", told.summary));
  },
  async state() {
    await desk.picture;
    await refreshState();
  },
  async inbox(told) {
    desk.inbox = told.count;
    showTabs(desk);
    announce(t("Mail has arrived in the inbox."));
    if (choice("tab") === "inbox") await refreshView();
  },
  bye: () => connected(false),
};

function connected(there) {
  if (there !== desk.there) announce(there ? t("The preview is there again.") : t("The preview does not answer."));
  desk.there = there;
  showConnection(desk);
  showAlerts(desk);
}

async function follow(changed) {
  if (changed.has("issue")) {
    Object.assign(desk, { issue: null, findings: null, goodAt: null });
    showIssues(desk);
    watch(choice("issue"));
  }
  showTabs(desk);
  showTools(desk);
  if (MAIL.some((name) => changed.has(name))) await refreshPicture();
  else await refreshView();
  if (changed.has("issue")) await refreshFindings();
}

let watch = () => {};

async function start() {
  const [words, state] = await Promise.all([fetchJson("words.json"), fetchJson("state")]);
  useWords(words, state.language);
  for (const make of [makeMasthead, makeIssues, makeTabs, makeTools, makeView, makeFindings, makeTrial, makeKeys, makeAlerts]) make(desk);
  part("skip").textContent = t("To the view");
  on(part("skip"), "click", "a", (link, event) => {
    event.preventDefault();
    part("view").focus();
  });
  onChoice(follow);
  watch = listen((kind, data) => HEARD[kind](data), connected);
  takeState(state);
  watch(choice("issue"));
  await refreshPicture();
  await refreshFindings();
}

start();
