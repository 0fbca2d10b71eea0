// The search of the archive. It folds words as ruhrmail/archive/search.py does, and reads only the pieces of the index
// that the words in question stand in. It is no module and fetches nothing, for a page that was opened from a disk may
// do neither.

(() => {
"use strict";

const form = document.getElementById("search");
const input = document.getElementById("words");
const said = document.getElementById("said");
const found = document.getElementById("found");
const all = document.getElementById("all");
const here = document.currentScript.src;
const root = new URL("..", here);
const onDisk = location.protocol === "file:";
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

// Every piece of the index is a script that hands itself over here.
const arrived = new Map();
window.foundInArchive = (name, value) => arrived.set(name, value);

const load = (path, name) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(path, here);
    script.onload = () => (arrived.has(name) ? resolve(arrived.get(name)) : reject(new Error(path)));
    script.onerror = () => reject(new Error(path));
    document.head.append(script);
    script.remove();
  });

const read = (path, name) => {
  if (!kept.has(name)) {
    const asked = load(path, name);
    asked.catch(() => kept.delete(name));
    kept.set(name, asked);
  }
  return kept.get(name);
};

// The weight of every document that holds a word beginning like this; whole words count twice. With `inside` words that
// hold it anywhere count too: then every piece is read.
const weigh = async (part, pieces, inside) => {
  const own = part[0] >= "a" && part[0] <= "z" ? part[0] : "0";
  const names = inside ? Object.values(pieces) : pieces[own] ? [pieces[own]] : [];
  const weights = new Map();
  for (const words of await Promise.all(names.map((name) => read(`index/${name}.js`, name)))) {
    for (const [word, places] of Object.entries(words)) {
      if (inside ? !word.includes(part) : !word.startsWith(part)) continue;
      for (let at = 0; at < places.length; at += 2) {
        const weight = places[at + 1] * (word === part ? 2 : 1);
        weights.set(places[at], (weights.get(places[at]) ?? 0) + weight);
      }
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

const find = async (text, list, inside) => {
  const { documents, pieces } = await read(list, "documents");
  let result = null;
  for (const ways of waysOf(text)) {
    let word = new Map();
    for (const way of ways) {
      const parts = await Promise.all(way.map((part) => weigh(part, pieces, inside)));
      word = either(word, parts.reduce(both));
    }
    result = result === null ? word : both(result, word);
  }
  return [...(result ?? [])].sort((one, other) => other[1] - one[1] || other[0] - one[0]).map(([number]) => documents[number]);
};

// What begins like the words; where nothing does, what holds them: `halle` finds Maschinenhalle then.
const findNear = async (text, list) => {
  const pages = await find(text, list, false);
  return pages.length ? pages : find(text, list, true);
};

// A list that was kept for a while may name pieces that are gone: then it is asked for once more, past what is kept.
const ask = async (text) => {
  try {
    return await findNear(text, "documents.js");
  } catch {
    kept.delete("documents");
    return findNear(text, onDisk ? "documents.js" : `documents.js?${Date.now()}`);
  }
};

// A folder on disk has no page of its own.
const addressOf = (path) => (onDisk && path.endsWith("/") ? `${path}index.html` : path);

const show = ([path, title, date, note, text]) => {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = new URL(addressOf(path), root);
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
  if (!onDisk) history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
  try {
    const pages = words ? await ask(text) : [];
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

if (onDisk) for (const link of document.querySelectorAll('a[href^="../"]')) link.href = addressOf(link.href);
form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
input.addEventListener("input", search);
input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value) search();
})();
