// One tree made like another with the fewest changes: what is equal keeps its pictures, selection, focus and place.

/** Makes an element's attributes and content those of `fresh`, whose nodes may move over. */
export function reconcile(element, fresh) {
  reconcileAttributes(element, fresh);
  reconcileChildren(element, [...fresh.childNodes]);
}

/** Makes an element hold these nodes (or strings), keeping children that are equal or differ only inside. */
export function reconcileChildren(element, wanted) {
  const fresh = wanted.map((one) => (typeof one === "string" ? document.createTextNode(one) : one));
  const old = [...element.childNodes];
  const head = countEqual(old, fresh, (list, number) => list[number]);
  const rest = [old.slice(head), fresh.slice(head)];
  const tail = countEqual(...rest, (list, number) => list[list.length - 1 - number]);
  const [changed, wantedHere] = rest.map((list) => list.slice(0, list.length - tail));
  const behind = tail ? old[old.length - tail] : null;
  replaceRange(element, changed, wantedHere, behind);
}

function countEqual(old, fresh, pick) {
  const most = Math.min(old.length, fresh.length);
  let count = 0;
  while (count < most && pick(old, count).isEqualNode(pick(fresh, count))) count += 1;
  return count;
}

function replaceRange(element, old, fresh, behind) {
  const adopt = (node) => element.ownerDocument.adoptNode(node);
  const pairs = Math.min(old.length, fresh.length);
  for (let number = 0; number < pairs; number += 1) {
    if (!merge(old[number], fresh[number])) old[number].replaceWith(adopt(fresh[number]));
  }
  for (const node of old.slice(pairs)) node.remove();
  for (const node of fresh.slice(pairs)) element.insertBefore(adopt(node), behind);
}

/** True when the old node could be made like the fresh one. */
function merge(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return false;
  if (old.nodeType === Node.ELEMENT_NODE) {
    if (old.id !== fresh.id || old.dataset?.key !== fresh.dataset?.key) return false;
    reconcile(old, fresh);
  } else if (old.data !== fresh.data) old.data = fresh.data;
  return true;
}

function reconcileAttributes(element, fresh) {
  for (const { name } of [...element.attributes]) if (!fresh.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
