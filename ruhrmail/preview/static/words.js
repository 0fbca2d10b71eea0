// The desk's words in the language of the interface; English is the language of the source.
let words = {};
let language = "en";

/** Takes the dictionary from English to the interface's language. */
export function useWords(dictionary, itsLanguage) {
  words = dictionary;
  language = itsLanguage;
  document.documentElement.lang = itsLanguage;
}

/** The English template, or its translation, with its gaps filled. */
export function t(template, values = {}) {
  return (words[template] ?? template).replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** A number as this language writes it. */
export const number = (value, digits = 0) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A day (`2026-11-06`) or a moment in ISO form, as this language writes days. */
export function day(iso) {
  if (!iso) return "";
  const form = { day: "numeric", month: "short", year: "numeric" };
  return new Date(iso.length === 10 ? `${iso}T12:00` : iso).toLocaleDateString(language, form);
}

/** A moment in ISO form or a Date, with its time. */
export const moment = (when) =>
  new Date(when).toLocaleString(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** The time of day of a Date. */
export const clock = (when) => when.toLocaleTimeString(language);
