// A mail or page in a sandboxed frame that changes in place: no flicker, the reader stays where they are.
import { keepScroll, restoreScroll } from "./memory.js";
import { reconcile } from "./reconcile.js";
import { fetchText } from "./server.js";

const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/**
 * Shows documents of the server in `holder`. The sandbox never lets a script run, but lets this page reach in: so the
 * document can be changed where it differs instead of being loaded anew. Another folder needs another frame, for
 * addresses of pictures are relative to it; that one loads unseen and then takes the place of the old one.
 *
 * `reach(document)` is called with each new document. Gives `show(address, name, title)`, true when it is seen, false
 * when something newer overtook it; `name` is what the scroll position is kept under.
 */
export function makeFrame(holder, reach) {
  const stage = { holder, reach, frame: null, folder: "", name: "", turn: 0 };
  return async (address, name, title) => {
    stage.turn += 1;
    const mine = stage.turn;
    const folder = new URL(address, document.baseURI).pathname.replace(/[^/]*$/, "");
    const ready = stage.frame?.contentDocument && folder === stage.folder ? await fetchText(address) : await load(stage, address);
    if (mine !== stage.turn) {
      if (typeof ready !== "string") ready.remove();
      return false;
    }
    if (typeof ready === "string") change(stage, ready, name);
    else exchange(stage, ready, folder, name);
    stage.frame.title = title;
    return true;
  };
}

/** Makes the shown document like `html`, read under the frame's own policy: under the desk's no style would count. */
function change(stage, html, name) {
  const inside = stage.frame.contentDocument;
  const fresh = new inside.defaultView.DOMParser().parseFromString(html, "text/html");
  for (const script of fresh.querySelectorAll("script")) script.remove();
  reconcile(inside.documentElement, fresh.documentElement);
  if (name !== stage.name) restoreScroll(inside.scrollingElement, name);
  stage.name = name;
}

/** A frame with the document at an address, there and unseen. Throws Refused with what the server says instead. */
async function load(stage, address) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", SANDBOX);
  frame.className = "coming";
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  frame.src = address;
  stage.holder.append(frame);
  await loaded;
  if (frame.contentDocument?.contentType === "text/html") return frame;
  frame.remove();
  await fetchText(address);
  throw new TypeError(`no document at ${address}`);
}

/** Puts a loaded frame in the place of the one that is shown. */
function exchange(stage, frame, folder, name) {
  stage.frame?.remove();
  Object.assign(stage, { frame, folder, name });
  frame.className = "";
  const inside = frame.contentDocument;
  restoreScroll(inside.scrollingElement, name);
  keepScroll(inside, () => inside.scrollingElement, () => stage.name);
  stage.reach(inside);
}
