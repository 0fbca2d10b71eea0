// Runs axe and gives what it found, each place with its source mark.
async ({ tags, off }) => {
  const rules = Object.fromEntries(off.map((name) => [name, { enabled: false }]));
  const wish = { runOnly: { type: "tag", values: tags }, rules, elementRef: true, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, wish);
  const markOf = (one) => {
    const found = one && (one.closest("[data-ruhrmail]") || one.querySelector("[data-ruhrmail]"));
    return found ? found.getAttribute("data-ruhrmail") : "";
  };
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ element, any }) => ({
      id,
      impact: impact || "moderate",
      help,
      mark: markOf(element),
      words: element ? (element.getAttribute("alt") || element.textContent).replace(/\s+/g, " ").trim().slice(0, 80) : "",
      ratio: Number(any[0]?.data?.contrastRatio || 0),
    })),
  );
}
