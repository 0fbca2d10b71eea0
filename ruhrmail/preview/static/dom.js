// Elements from values, shown without rebuilding what stays the same.
import { reconcileChildren } from "./reconcile.js";

/** An element: `make("a", {href: "#", hidden: false}, "text", [more])`; true sets an attribute, false and null omit it. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

/** Makes a container hold these children; elements that are there already stay, with focus and scroll position. */
export function show(container, ...children) {
  const focused = document.activeElement;
  const held = container.contains(focused);
  reconcileChildren(container, present(children));
  if (held && !focused.isConnected) container.querySelector("button, a, input, [tabindex]")?.focus();
}

/** Calls `handle(element, event)` for events on elements below a container that match, also on later ones. */
export function on(container, type, selector, handle) {
  container.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element && container.contains(element)) handle(element, event);
  });
}

/** The element of the page with this id. */
export const part = (id) => document.getElementById(id);

/** A picture of the desk's own, hidden from screen readers. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `static/icons.svg#${name}`);
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  picture.append(use);
  return picture;
}

function present(children) {
  return children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}
