// The HTML of the mail as it is sent.
import { choice, query } from "./choices.js";
import { make, show } from "./dom.js";
import { fetchText, issueAddress, latestOnly } from "./server.js";
import { t } from "./words.js";

const load = latestOnly(fetchText);
const TAG = /(<!--[\s\S]*?-->|<\/?[\w:]+|\/?>)/;

/** Shows the source, line by line. */
export async function showCode(desk, sheet, wanted) {
  const got = await load(issueAddress(choice("issue"), "/code", query()));
  if (!got || !wanted()) return false;
  const lines = got.answer.split("\n").map((line, at) =>
    make("span", { class: "line", "data-number": at + 1 }, make("code", {}, coloured(line), "\n")));
  show(sheet, make("pre", { class: "listing wrapped", tabindex: "0", "aria-label": t("HTML source") }, lines));
  return true;
}

function coloured(line) {
  return line.split(TAG).filter(Boolean).map((piece) => {
    if (piece.startsWith("<!--")) return make("span", { class: "comment" }, piece);
    return TAG.test(piece) ? make("span", { class: "key" }, piece) : piece;
  });
}
