// The search of the archive. It folds words as ruhrmail/archive/search.py does, and reads only the pieces of the index
// that the words in question stand in.

const form = document.getElementById("search");
const input = document.getElementById("words");
const said = document.getElementById("said");
const found = document.getElementById("found");
const all = document.getElementById("all");
const root = new URL("..", import.meta.url);
const MOST = 50;
const WORD = /[\p{L}\p{N}]+(?:[-‐‑*:_'’.][\p{L}\p{N}]+)*/gu;
const PART = /[\p{L}\p{N}]+/gu;
const FOLDED = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", ø: "oe", æ: "ae", å: "a" };
const kept = new Map();

const fold = (word) =>
  word.normalize("NFC").toLowerCase().replace(/[äöüßøæå]/g, (sign) => FOLDED[sign]).normalize("NFD")
    .replace(/\p{M}/gu, "");

// What is asked for, a list of ways to meet each word: `E-Mail` as email, or as e and mail.
const waysOf = (text) =>
  (text.normalize("NFC").match(WORD) ?? []).map((word) => {
    const parts = word.match(PART).map(fold);
    return parts.length > 1 ? [[parts.join("")], parts] : [parts];
  });

const read = (path) => {
  if (!kept.has(path)) {
    const asked = fetch(new URL(path, import.meta.url)).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    asked.catch(() => kept.delete(path));
    kept.set(path, asked);
  }
  return kept.get(path);
};

// The weight of every document that holds a word beginning like this; whole words count twice.
const weigh = async (begin, pieces) => {
  const piece = begin[0] >= "a" && begin[0] <= "z" ? begin[0] : "0";
  const weights = new Map();
  if (!pieces.includes(piece)) return weights;
  for (const [word, places] of Object.entries(await read(`index/${piece}.json`))) {
    if (!word.startsWith(begin)) continue;
    for (let at = 0; at < places.length; at += 2) {
      const weight = places[at + 1] * (word === begin ? 2 : 1);
      weights.set(places[at], (weights.get(places[at]) ?? 0) + weight);
    }
  }
  return weights;
};

const both = (one, other) =>
  new Map([...one].filter(([number]) => other.has(number)).map(([number, weight]) => [number, weight + other.get(number)]));

const either = (one, other) => {
  const sum = new Map(one);
  for (const [number, weight] of other) sum.set(number, Math.max(weight, sum.get(number) ?? 0));
  return sum;
};

const find = async (text) => {
  const { documents, pieces } = await read("documents.json");
  let result = null;
  for (const ways of waysOf(text)) {
    let word = new Map();
    for (const way of ways) {
      const parts = await Promise.all(way.map((part) => weigh(part, pieces)));
      word = either(word, parts.reduce(both));
    }
    result = result === null ? word : both(result, word);
  }
  return [...(result ?? [])].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([number]) => documents[number]);
};

const show = ([path, title, date, note, text]) => {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = new URL(path, root);
  link.textContent = title;
  item.appendChild(document.createElement("span")).textContent = [note, date].filter(Boolean).join(" · ");
  if (text) item.appendChild(document.createElement("p")).textContent = text;
  return item;
};

const say = (count) =>
  count === 0 ? said.dataset.none : count === 1 ? said.dataset.one : said.dataset.many.replace("{count}", count);

const search = async () => {
  const text = input.value.trim();
  const words = text.match(WORD);
  history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
  try {
    const pages = words ? await find(text) : [];
    if (input.value.trim() !== text) return;
    found.replaceChildren(...pages.slice(0, MOST).map(show));
    said.textContent = words ? say(pages.length) : "";
  } catch {
    found.replaceChildren();
    said.textContent = said.dataset.trouble;
  }
  found.hidden = !found.childElementCount;
  all.hidden = Boolean(words);
};

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
input.addEventListener("input", search);
input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value) search();
