"""What MJML knows: elements, where they may stand, and their attributes.

From MJML 4's reference (https://documentation.mjml.io), reduced to what mrml, which renders here, has too.
"""

from collections.abc import Mapping

from ruhrmail.model.phrase import Phrase, phrase

EVERYWHERE = frozenset({"css-class", "mj-class"})
PADDING = frozenset({"padding", "padding-top", "padding-bottom", "padding-left", "padding-right"})
BORDER = frozenset({"border", "border-top", "border-bottom", "border-left", "border-right", "border-radius"})
BOX = PADDING | BORDER | {"container-background-color"}
FONT = frozenset({"color", "font-family", "font-size", "font-style", "font-weight", "letter-spacing"}) | {
    *("line-height", "text-decoration", "text-transform", "align")
}
BACKGROUND = frozenset(
    {"background-color", "background-url", "background-repeat", "background-size", "background-position"}
) | {"background-position-x", "background-position-y"}
LINK = frozenset({"href", "rel", "target", "title", "name"})

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"lang", "dir", "owa"}),
    "mj-head": frozenset(),
    "mj-body": frozenset({"width", "background-color"}),
    "mj-title": frozenset(),
    "mj-raw": frozenset({"position"}),
    "mj-style": frozenset({"inline"}),
    "mj-breakpoint": frozenset({"width"}),
    "mj-font": frozenset({"name", "href"}),
    "mj-attributes": frozenset(),
    "mj-class": frozenset({"name"}),
    "mj-section": PADDING | BORDER | BACKGROUND | {"direction", "full-width", "text-align", "vertical-align"},
    "mj-wrapper": PADDING | BORDER | BACKGROUND | {"direction", "full-width", "text-align", "vertical-align"},
    "mj-group": frozenset({"width", "vertical-align", "background-color", "direction"}),
    "mj-column": PADDING
    | BORDER
    | {f"inner-{name}" for name in (*BORDER, "background-color")}
    | {"background-color", "width", "vertical-align", "direction"},
    "mj-text": FONT | PADDING | {"container-background-color", "height", "vertical-align"},
    "mj-button": FONT
    | BOX
    | LINK
    | {"background-color", "height", "inner-padding", "text-align", "vertical-align", "width"},
    "mj-image": BOX
    | LINK
    | {
        "align",
        "alt",
        "fluid-on-mobile",
        "font-size",
        "height",
        "max-height",
        "sizes",
        "src",
        "srcset",
        "usemap",
        "width",
        "vertical-align",
    },
    "mj-divider": PADDING
    | {"border-color", "border-style", "border-width", "container-background-color", "width", "align"},
    "mj-spacer": BOX | {"height", "width", "vertical-align"},
    "mj-table": FONT
    | PADDING
    | BORDER
    | {"cellpadding", "cellspacing", "container-background-color", "table-layout", "width"},
    "mj-hero": PADDING
    | BACKGROUND
    | {
        "mode",
        "height",
        "width",
        "background-width",
        "background-height",
        "vertical-align",
        "inner-background-color",
        "border-radius",
    },
    "mj-navbar": PADDING | {"align", "base-url", "hamburger"},
    "mj-navbar-link": FONT | PADDING | LINK,
    "mj-accordion": PADDING | BORDER | {"container-background-color", "font-family"},
    "mj-accordion-element": frozenset({"background-color", "border", "font-family"}),
    "mj-accordion-title": FONT | PADDING | {"background-color"},
    "mj-accordion-text": FONT | PADDING | {"background-color"},
    "mj-carousel": PADDING | BORDER | {"align", "thumbnails", "tb-width"},
    "mj-carousel-image": LINK | {"src", "alt", "thumbnails-src"},
}
"""The attributes of each element, besides those that all have."""

UNSUPPORTED: Mapping[str, Phrase] = {
    "mj-preview": phrase("its white text costs spam points; the frame has a line of its own for the preheader"),
    "mj-social": phrase("its icons come from a foreign host; use pictures of your own"),
    "mj-social-element": phrase("its icons come from a foreign host; use pictures of your own"),
    "mj-html-attributes": phrase("it fails here; write the attribute into the element"),
    "mj-selector": phrase("it fails here; write the attribute into the element"),
    "mj-html-attribute": phrase("it fails here; write the attribute into the element"),
}
UNSUPPORTED_ATTRIBUTES: Mapping[tuple[str, str], Phrase] = {
    ("mj-wrapper", "gap"): phrase("it is ignored here; give the sections a padding"),
    ("mj-table", "role"): phrase("it is ignored here; write a <table> into <mj-text>"),
    ("mj-style", "inline"): phrase("it is not put into the elements here; write style attributes"),
}
BODY = frozenset({"mj-body"})
IN_BODY = BODY | {"mj-wrapper"}
IN_COLUMN = frozenset({"mj-column", "mj-hero"})
PARENTS: Mapping[str, frozenset[str]] = {
    "mj-head": frozenset({"mjml"}),
    "mj-body": frozenset({"mjml"}),
    "mj-title": frozenset({"mj-head"}),
    "mj-style": frozenset({"mj-head"}),
    "mj-attributes": frozenset({"mj-head"}),
    "mj-breakpoint": frozenset({"mj-head"}),
    "mj-section": IN_BODY,
    "mj-wrapper": BODY,
    "mj-hero": IN_BODY,
    "mj-group": frozenset({"mj-section"}),
    "mj-column": frozenset({"mj-section", "mj-group"}),
    **dict.fromkeys(
        ("mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table", "mj-navbar"), IN_COLUMN
    ),
}
"""Where an element may stand; `mj-attributes` may hold all of them as defaults."""
