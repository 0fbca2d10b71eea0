"""Properties, values, selectors and at-rules by caniemail's names."""

from collections.abc import Mapping
from functools import cache

from ruhrmail.clients.support import read_support

SIDES = ("top", "right", "bottom", "left")
ENDINGS = ("start", "end")
LOGICAL = ("block", "inline")
ENDS = ("block-start", "block-end", "inline-start", "inline-end")


def many(slug: str, *names: str) -> dict[str, str]:
    """Several properties of one feature."""
    return dict.fromkeys(names, slug)


GROUPS: Mapping[str, str] = {
    **many("css-animation", *(f"animation-{one}" for one in ("name", "duration", "delay", "iteration-count"))),
    **many("css-border", *(f"border-{one}" for one in (*SIDES, "width", "style", "color"))),
    **many("css-border", *(f"border-{side}-{part}" for side in SIDES for part in ("width", "style", "color"))),
    **many("css-border-radius", *(f"border-{a}-{b}-radius" for a in ("top", "bottom") for b in ("left", "right"))),
    **many(
        "css-border-radius-logical", *(f"border-{a}-{b}-radius" for a in ("start", "end") for b in ("start", "end"))
    ),
    **many("css-border-inline-block", *(f"border-{one}" for one in LOGICAL)),
    **many("css-border-inline-block-individual", *(f"border-{one}" for one in ENDS)),
    **many(
        "css-border-inline-block-longhand",
        *(f"border-{one}-{part}" for one in (*LOGICAL, *ENDS) for part in ("width", "style", "color")),
    ),
    **many("css-border-image", *(f"border-image-{one}" for one in ("source", "slice", "width", "outset", "repeat"))),
    **many("css-block-inline-size", "block-size", "inline-size"),
    **many(
        "css-column-layout-properties",
        *("columns", "column-width", "column-fill", "column-span", "column-rule"),
        *(f"column-rule-{one}" for one in ("width", "style", "color")),
    ),
    **many("css-gap", "row-gap", "column-gap", "grid-gap"),
    **many("css-grid-template", "grid-template-columns", "grid-template-rows", "grid-template-areas"),
    **many("css-left-right-top-bottom", *SIDES),
    **many("css-margin", *(f"margin-{one}" for one in SIDES)),
    **many("css-margin-inline-block", *(f"margin-{one}" for one in LOGICAL)),
    **many("css-margin-block-start-end", "margin-block-start", "margin-block-end"),
    **many("css-margin-inline-start-end", "margin-inline-start", "margin-inline-end"),
    **many("css-outline", *(f"outline-{one}" for one in ("width", "style", "color"))),
    **many("css-overflow", "overflow-x", "overflow-y"),
    **many("css-padding", *(f"padding-{one}" for one in SIDES)),
    **many("css-padding-inline-block", *(f"padding-{one}" for one in LOGICAL)),
    **many("css-padding-block-start-end", "padding-block-start", "padding-block-end"),
    **many("css-padding-inline-start-end", "padding-inline-start", "padding-inline-end"),
    **many("css-scroll-snap", "scroll-snap-type", "scroll-snap-align", "scroll-snap-stop"),
    **many("css-transition", *(f"transition-{one}" for one in ("property", "duration", "delay", "timing-function"))),
}
NO_PROPERTY = ("css-at-", "css-pseudo-", "css-selector-", "css-unit-", "css-function-")
NO_PROPERTIES = frozenset(
    ("css-comments", "css-important", "css-modern-color", "css-nesting", "css-rgb", "css-rgba", "css-variables")
)
"""Features whose names are those of no property; `nesting` is told by no parser that must accept everything."""

AT_RULES = {
    "font-face": "css-at-font-face",
    "import": "css-at-import",
    "keyframes": "css-at-keyframes",
    "media": "css-at-media",
    "supports": "css-at-supports",
}
MEDIA = {
    "device-pixel-ratio": "css-at-media-device-pixel-ratio",
    "hover": "css-at-media-hover",
    "orientation": "css-at-media-orientation",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "prefers-reduced-motion": "css-at-media-prefers-reduced-motion",
}
COMBINATORS = {
    ">": "css-selector-child",
    "+": "css-selector-adjacent-sibling",
    "~": "css-selector-general-sibling",
    ",": "css-selector-grouping",
    "*": "css-selector-universal",
}
FUNCTIONS = {
    **{name: f"css-function-{name}" for name in ("clamp", "light-dark", "max", "min")},
    **{name: f"css-{name}" for name in ("linear-gradient", "radial-gradient", "conic-gradient", "rgb", "rgba")},
    **many("css-modern-color", "lch", "oklch", "lab", "oklab"),
    "calc": "css-unit-calc",
    "var": "css-variables",
}
UNITS = {one: f"css-unit-{one}" for one in ("ch", "cm", "em", "ex", "in", "mm", "pc", "pt", "px", "rem")} | {
    one: f"css-unit-{one}" for one in ("vh", "vmax", "vmin", "vw")
}
KEYWORDS = {
    "initial": "css-unit-initial",
    **many("css-intrinsic-size", "fit-content", "min-content", "max-content"),
    **many("css-sytem-ui", "system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"),
}
VALUES = {
    ("display", "flex"): "css-display-flex",
    ("display", "inline-flex"): "css-display-flex",
    ("display", "grid"): "css-display-grid",
    ("display", "inline-grid"): "css-display-grid",
    ("display", "none"): "css-display-none",
}


def make_pseudo() -> dict[str, str]:
    """Pseudo-classes and -elements, which caniemail names as CSS does."""
    found = {}
    for slug in read_support().features:
        for prefix in ("css-pseudo-class-", "css-pseudo-element-"):
            if slug.startswith(prefix):
                found[slug.removeprefix(prefix)] = slug
    return found


PSEUDO = make_pseudo()


@cache
def property_feature(name: str) -> str | None:
    """The feature that a property is, None for one that nobody tested."""
    if name.startswith("--"):
        return "css-variables"
    if name in GROUPS:
        return GROUPS[name]
    slug = f"css-{name}"
    if slug in NO_PROPERTIES or slug.startswith(NO_PROPERTY):
        return None
    return slug if slug in read_support().features else None
