// What stands at a place of the page, counted from its upper left corner.
([x, y]) => {
  scrollTo(0, Math.max(0, y - innerHeight / 2));
  const one = document.elementFromPoint(x - scrollX, y - scrollY) || document.body;
  const found = one.closest("[data-ruhrmail]") || one.querySelector("[data-ruhrmail]");
  const words = (one.getAttribute("alt") || one.textContent).replace(/\s+/g, " ").trim().slice(0, 80);
  return { mark: found ? found.getAttribute("data-ruhrmail") : "", words };
}
