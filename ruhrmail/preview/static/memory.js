// What a window remembers across reloads: scroll positions, what is folded. Another window has a memory of its own.
const LATER = 120;

/** What was kept under a name, or `otherwise`. */
export function recall(name, otherwise = null) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps a value for this window; a browser that allows no storage keeps nothing. */
export function keep(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    return;
  }
}

/** Notes where an element or a frame's document is scrolled to, under the name that `name()` gives at that moment. */
export function keepScroll(target, scroller, name) {
  let timer = 0;
  target.addEventListener("scroll", () => {
    clearTimeout(timer);
    const under = name();
    timer = setTimeout(() => keep(`scroll ${under}`, scroller().scrollTop), LATER);
  }, { passive: true });
}

/** Scrolls to where one was. */
export function restoreScroll(scroller, name) {
  scroller.scrollTop = recall(`scroll ${name}`, 0);
}
