// The mail's header fields.
import { make, show } from "./dom.js";
import { t } from "./words.js";

/** A table of header fields: `[[name, value], …]`. */
export function headerTable(headers) {
  const rows = headers.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value)));
  return make("table", { class: "headers" }, make("caption", { class: "unseen" }, t("Headers")), make("tbody", {}, rows));
}

/** Shows the headers of the mail in view. */
export async function showHeaders({ issue }, sheet) {
  if (!issue) return false;
  show(sheet, headerTable(issue.headers ?? []));
  return true;
}
