// A test mailing from the desk: this mail, to an address of the settings or to the local inbox.
import { choice } from "./choices.js";
import { icon, make, on, part, show } from "./dom.js";
import { issueAddress, post, Refused } from "./server.js";
import { t } from "./words.js";

/** Makes the dialog. */
export function makeTrial(desk) {
  const dialog = make("dialog", { id: "trial", "aria-labelledby": "trial-title" });
  document.body.append(dialog);
  on(dialog, "click", "[data-close]", () => dialog.close());
  on(dialog, "submit", "form", (form, event) => {
    event.preventDefault();
    send(desk, new FormData(form).get("to"));
  });
}

/** Opens the dialog for the mail in view. */
export function openTrial(desk) {
  if (!desk.issue?.shown) return;
  draw(desk);
  result("");
  part("trial").showModal();
  part("trial").querySelector("input[type=radio], [data-close]").focus();
}

function draw({ state, issue }) {
  const { addresses, inbox } = state.test;
  const places = [...addresses.map((one) => [one, one]), ...(inbox ? [["inbox", t("The local inbox")]] : [])];
  const variant = issue.variants?.find((one) => one.name === issue.variant)?.label;
  const about = [issue.subject, issue.reader?.label, issue.variants?.length > 1 ? variant : ""].filter(Boolean).join(" · ");
  show(part("trial"), make(
    "form", { method: "dialog" },
    make("div", { class: "head" }, make("h2", { id: "trial-title" }, t("Test mailing")),
      make("button", { type: "button", class: "plain", "data-close": true, "aria-label": t("Close") }, icon("close"))),
    make("p", { class: "about" }, about), places.length ? choices(places) : nowhere(),
    make("p", { class: "note" }, t("It does not count as sent, and its unsubscribe link opens nothing.")),
    make("div", { id: "trial-result", role: "status" }),
    make("div", { class: "actions" }, make("button", { type: "button", "data-close": true }, t("Close")),
      make("button", { type: "submit", class: "strong", disabled: !places.length }, icon("send"), t("Send"))),
  ));
}

function choices(places) {
  const options = places.map(([value, label], at) =>
    make("label", {}, make("input", { type: "radio", name: "to", value, checked: at === 0 }), make("span", {}, label)));
  return make("fieldset", { class: "places" }, make("legend", {}, t("To whom?")), options);
}

function nowhere() {
  return make("p", { class: "empty" }, t("No address to send to: write some into ruhrmail.yaml as delivery.test."));
}

async function send(desk, to) {
  const button = part("trial").querySelector("[type=submit]");
  button.disabled = true;
  result("busy", t("Sending …"));
  try {
    const { issue } = desk;
    const told = await post(issueAddress(choice("issue"), "/test"), { variant: issue.variant, reader: issue.reader.id, to });
    const words = { to: to === "inbox" ? t("The local inbox") : told.to, reply: told.reply };
    result(told.sent ? "good" : "bad", told.sent ? t("Sent: {to}", words) : t("Refused: {to}", words), told.reply);
  } catch (error) {
    if (error instanceof Refused) result("bad", error.message, error.hint);
    else if (error instanceof TypeError) result("bad", t("The preview does not answer."));
    else throw error;
  } finally {
    button.disabled = false;
  }
}

function result(state, words = "", more = "") {
  const place = part("trial-result");
  place.className = state;
  show(place, words ? make("strong", {}, words) : null, more ? make("code", {}, more) : null);
}
