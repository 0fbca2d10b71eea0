"""Features that a mail may use although some clients drop them, each with the reason why nothing is lost."""

from collections.abc import Mapping

LOOKS = (
    "css-accent-color", "css-border-radius", "css-box-shadow", "css-hyphens", "css-letter-spacing", "css-object-fit",
    "css-outline", "css-outline-offset", "css-overflow-wrap", "css-tab-size", "css-text-decoration-color",
    "css-text-decoration-skip-ink", "css-text-decoration-thickness", "css-text-shadow", "css-text-underline-offset",
    "css-word-break", "css-word-spacing", "css-word-wrap",
)  # fmt: skip
MOTION = (
    "css-animation", "css-at-keyframes", "css-at-media-hover", "css-at-media-prefers-reduced-motion", "css-cursor",
    "css-pseudo-class-active", "css-pseudo-class-focus", "css-pseudo-class-hover", "css-transition",
)  # fmt: skip
SCHEMES = ("css-at-media-prefers-color-scheme", "css-color-scheme", "html-meta-color-scheme")
SHEETS = (
    "css-at-media", "css-important", "css-selector-attribute", "css-selector-chaining", "css-selector-child",
    "css-selector-class", "css-selector-descendant", "css-selector-grouping", "css-selector-id", "css-selector-type",
    "html-style",
)  # fmt: skip
SPOKEN = (
    "html-aria-describedby", "html-aria-hidden", "html-aria-label", "html-aria-labelledby", "html-aria-live",
    "html-dir", "html-lang", "html-role", "html-semantics",
)  # fmt: skip
REASONS: Mapping[str, tuple[str, ...]] = {
    "only the look differs; text, order and links stay": LOOKS,
    "nothing moves or answers the pointer; the text is the same": MOTION,
    "the light colours are shown": SCHEMES,
    "the rule is passed over; what only such rules make readable is client/no-style-fallback": SHEETS,
    "screen readers hear less; what is seen is the same": SPOKEN,
    "pictures are fetched at once": ("html-loading-attribute",),
    "what should be hidden is seen once more: the preheader; anything else hidden is spam/hidden-text": (
        "css-display-none",
    ),
    "Yahoo takes it as the least height: nothing is cut off": ("css-height",),
    "columns take the width of what is in them": ("css-table-layout",),
    "what would be cut off is shown": ("css-overflow",),
    "every mail has one, and what is inside stays": ("html-body",),
}
ENHANCEMENTS: Mapping[str, str] = {slug: reason for reason, slugs in REASONS.items() for slug in slugs}
"""What a mail can use although it is dropped here and there, and why: text, order and links stay."""
