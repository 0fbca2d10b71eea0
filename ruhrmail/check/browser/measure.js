// Looks at the page as it is laid out now; gives plain values. Places count from the page's upper left corner.
({ texts, cells }) => {
  const MARK = "data-ruhrmail";
  for (const marker of document.querySelectorAll(`ins[${MARK}]:empty`)) {
    const around = marker.parentElement;
    if (!around.hasAttribute(MARK)) around.setAttribute(MARK, marker.getAttribute(MARK));
    marker.remove();
  }
  const all = [...document.body.querySelectorAll("*")].filter((one) => !["STYLE", "SCRIPT"].includes(one.tagName));
  const markOf = (one) => {
    const found = one.closest(`[${MARK}]`) || one.querySelector(`[${MARK}]`);
    return found ? found.getAttribute(MARK) : "";
  };
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const tucked = (one) => {
    for (let around = one; around && around !== document.body; around = around.parentElement) {
      const box = around.getBoundingClientRect();
      if ((box.width <= 2 || box.height <= 2) && getComputedStyle(around).overflow !== "visible") return true;
    }
    return false;
  };
  const nodes = (one) => [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  const wordsOf = (one) => nodes(one).map((node) => node.data).join(" ").replace(/\s+/g, " ").trim();
  const boxes = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };

  // Too wide: elements beyond the window's edge, and among them those that fit once their own width is loosened.
  const room = document.documentElement.clientWidth;
  const reach = (one) =>
    Math.max(one.getBoundingClientRect().right, ...nodes(one).flatMap((node) => boxes(node).map((box) => box.right)));
  const cut = (one) => {
    for (let around = one.parentElement; around && around !== document.body; around = around.parentElement) {
      if (getComputedStyle(around).overflowX !== "visible" && around.getBoundingClientRect().right <= room + 1) return true;
    }
    return false;
  };
  const fits = (one, rules) => {
    const kept = one.getAttribute("style");
    for (const [name, value] of Object.entries(rules)) one.style.setProperty(name, value, "important");
    const good = reach(one) <= room + 1;
    kept === null ? one.removeAttribute("style") : one.setAttribute("style", kept);
    return good;
  };
  const LOOSE = { width: "auto", "min-width": "0", "max-width": "100%", "white-space": "normal" };
  const BROKEN = { "overflow-wrap": "anywhere", "word-break": "break-word" };
  const longest = (one) => wordsOf(one).split(" ").sort((a, b) => b.length - a.length)[0] || "";
  const beyond = all.filter((one) => reach(one) > room + 1 && shown(one) && !tucked(one) && !cut(one)).slice(0, 400);
  let causes = beyond
    .map((one) => {
      const written = nodes(one).length > 0 && fits(one, BROKEN);
      return written || fits(one, LOOSE) ? { one, written } : null;
    })
    .filter((found) => found);
  if (!causes.length && beyond.length) causes = [{ one: beyond[beyond.length - 1], written: false }];
  const wide = causes.map(({ one, written }) => ({
    mark: markOf(one),
    tag: one.tagName.toLowerCase(),
    words: written ? longest(one) : (one.getAttribute("alt") || one.textContent).replace(/\s+/g, " ").trim().slice(0, 60),
    written,
    by: Math.ceil(reach(one) - room),
  }));
  if (!texts) return { wide, texts: [], pictures: [], bare: [] };

  const rows = all.flatMap((one, number) => {
    if (!nodes(one).length || !/[\p{L}\p{N}]/u.test(wordsOf(one)) || !shown(one) || tucked(one)) return [];
    const rects = nodes(one)
      .flatMap(boxes)
      .filter((box) => box.width >= 4 && box.height >= 6)
      .slice(0, cells)
      .map((box) => [box.x + scrollX, box.y + scrollY, box.width, box.height]);
    return rects.length ? [{ number, mark: markOf(one), words: wordsOf(one), rects }] : [];
  });
  const ground = (one) => {
    for (let around = one; around; around = around.parentElement) {
      const color = getComputedStyle(around).backgroundColor;
      if (!/rgba\(.*, 0(\.[0-4]\d*)?\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const pictures = [...document.images]
    .filter((one) => one.alt.trim() && shown(one) && !tucked(one))
    .map((one) => ({ mark: markOf(one), words: one.alt.trim(), color: getComputedStyle(one).color, ground: ground(one) }));

  // Bare: links and headings of which nothing is left without pictures, unless the same link stands elsewhere in words.
  const says = (one) =>
    [one, ...one.querySelectorAll("*")].some(
      (inner) => (inner.alt && inner.alt.trim()) || (nodes(inner).length && shown(inner) && !tucked(inner)),
    );
  const paints = (one) => getComputedStyle(one).backgroundImage.includes("url(");
  const drawn = (one) =>
    [one, ...one.querySelectorAll("*")].some((inner) => inner.tagName === "IMG" || paints(inner));
  const spoken = new Set([...document.links].filter(says).map((one) => one.href));
  const bare = [...document.querySelectorAll("a[href], h1, h2, h3, h4, h5, h6")]
    .filter((one) => shown(one) && drawn(one) && !says(one) && !spoken.has(one.href))
    .map((one) => ({ mark: markOf(one), tag: one.tagName.toLowerCase(), words: one.getAttribute("href") || "" }));
  return { wide, texts: rows, pictures, bare, painted: all.some(paints) };
}
