// What screen readers are told when something changes by itself.
import { part } from "./dom.js";

const PAUSE = 400;
let timer = 0;
let waiting = [];

/** Says a sentence; what comes in quick succession is said at once and only once. */
export function announce(sentence) {
  waiting = [...waiting.filter((one) => one !== sentence), sentence];
  clearTimeout(timer);
  timer = setTimeout(() => {
    part("announcer").textContent = waiting.join(" ");
    waiting = [];
  }, PAUSE);
}
