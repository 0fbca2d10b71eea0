"""An element to the features that it is or carries."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree

NAMED_LIKE_FEATURES = (
    "abbr", "acronym", "address", "audio", "base", "bdi", "blockquote", "body", "code", "del", "dfn", "dialog",
    "div", "form", "hr", "img", "link", "marquee", "meter", "object", "p", "picture", "pre", "progress", "rp", "rt",
    "ruby", "select", "small", "span", "strike", "strong", "style", "svg", "table", "textarea", "video", "wbr",
)  # fmt: skip
ELEMENTS: Mapping[str, str] = {
    **{name: f"html-{name}" for name in NAMED_LIKE_FEATURES},
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "dl"), "html-lists"),
    **dict.fromkeys(
        ("article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark", "nav", "section",
         "summary", "time"),
        "html-semantics",
    ),
    "map": "html-image-maps",
}  # fmt: skip
NAMED_LIKE_ATTRIBUTES = (
    "align", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "aria-live", "background",
    "cellpadding", "cellspacing", "dir", "height", "hidden", "lang", "popover", "required", "role", "srcset",
    "target", "valign", "width",
)  # fmt: skip
ATTRIBUTES: Mapping[str, str] = {
    **{name: f"html-{name}" for name in NAMED_LIKE_ATTRIBUTES},
    "loading": "html-loading-attribute",
    "usemap": "html-image-maps",
    "inert": "css-inert-attribute",
}
TYPES: Mapping[tuple[str, str], str] = {
    **{("input", name): f"html-input-{name}" for name in ("checkbox", "hidden", "radio", "reset", "submit", "text")},
    ("button", "reset"): "html-button-reset",
    ("button", "submit"): "html-button-submit",
}
IMAGES: Mapping[str, str] = {
    **{name: f"image-{name}" for name in ["apng", "avif", "bmp", "gif", "hdr", "ico", "mp4", "png", "svg", "webp"]},
    **dict.fromkeys(("jpg", "jpeg"), "image-jpg"),
    **dict.fromkeys(("tif", "tiff"), "image-tiff"),
    **dict.fromkeys(("heic", "heif"), "image-heif"),
}
SUFFIX = re.compile(r"\.([a-z0-9]+)\Z", re.IGNORECASE)


def find_in_element(element: etree._Element) -> Iterator[str]:
    """The features of the tag, its attributes and what it points to."""
    tag = str(element.tag)
    if tag in ELEMENTS:
        yield ELEMENTS[tag]
    yield from (ATTRIBUTES[str(name)] for name in element.attrib if name in ATTRIBUTES)
    if slug := TYPES.get((tag, str(element.get("type") or "").lower())):
        yield slug
    if tag == "a":
        yield from find_in_link(str(element.get("href") or "").strip())
    if tag in ("img", "source"):
        yield from find_in_image(str(element.get("src") or "").strip())
    if tag == "meta" and element.get("name") == "color-scheme":
        yield "html-meta-color-scheme"


def find_in_link(url: str) -> Iterator[str]:
    """What a link's address needs."""
    if url.startswith("#") and len(url) > 1:
        yield "html-anchor-links"
    elif url.lower().startswith("mailto:"):
        yield "html-mailto-links"


def find_in_image(url: str) -> Iterator[str]:
    """What a picture's address says about its format."""
    if url.lower().startswith("data:"):
        yield "image-base64"
        return
    try:
        suffix = SUFFIX.search(urlsplit(url).path)
    except ValueError:
        return
    if suffix and suffix[1].lower() in IMAGES:
        yield IMAGES[suffix[1].lower()]
