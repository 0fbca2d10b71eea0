// The text part of the mail.
import { choice, query } from "./choices.js";
import { make, show } from "./dom.js";
import { fetchText, issueAddress, latestOnly } from "./server.js";
import { t } from "./words.js";

const load = latestOnly(fetchText);
const LINK = /(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])/;

/** Shows the text part as a mail program without HTML does. */
export async function showText(desk, sheet, wanted) {
  const got = await load(issueAddress(choice("issue"), "/text", query()));
  if (!got || !wanted()) return false;
  const lines = got.answer.split(LINK).map((piece) => (LINK.test(piece) ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece));
  show(sheet, make("pre", { class: "paper", tabindex: "0", "aria-label": t("Text") }, lines));
  return true;
}
