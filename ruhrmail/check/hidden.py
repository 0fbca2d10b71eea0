"""Text that is there and cannot be seen."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.cascade import Cascade, cascade
from ruhrmail.check.colour import contrast
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import template_of
from ruhrmail.check.sheet import Sheet, plain
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

SMALLEST = 2.0
"""Pixels below which nobody reads a letter."""
FAR = -400.0
"""Pixels beyond which something lies outside of the mail."""
SAME = 1.1
"""A contrast up to which ink and ground are one."""
LONGEST = 300
"""Letters of a preheader, without the spaces that fill it up."""
NUMBER = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%)?")
FILLER = re.compile("[\u00ad\u034f\u200b-\u200f\u2007\ufeff\\s]+")
SHOWN_WORDS = 60


def find_hidden_text(dossier: Dossier) -> Iterator[Finding]:
    """A text of the mail cannot be seen.

    Why: Hiding words is what spammers do to confuse filters, so filters count it: letters without size, in the colour
        of their ground, outside of the picture or not displayed. Only the preheader at the top may be hidden, and names
        for screen readers that take up one pixel.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text>{{ block.text.html }}<span style="font-size:0">Maschinenhalle Herne Kanal</span></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text>{{ block.text.html }}<span style="font-size:13px">Maschinenhalle Herne Kanal</span></mj-text>
    Remedy: show the text, or delete it
    """
    for sheet in dossier.sheets_of("mail"):
        for element, reason in hidden_in(sheet):
            words = plain(FILLER.sub(" ", letters_of(element)))
            shown = words if len(words) <= SHOWN_WORDS else f"{words[:SHOWN_WORDS].rstrip()} …"
            message = phrase("nobody sees the text {text}: {reason}", text=shown, reason=reason)
            yield Finding(
                "spam/hidden-text", "warning", template_of(element, dossier), message, phrase("show it, or delete it")
            )


def hidden_in(sheet: Sheet) -> Iterator[tuple[HtmlElement, Phrase]]:
    """The outermost elements whose text is hidden, each with the reason; the preheader left out."""
    body = sheet.root.find("body")
    if body is None:
        return
    held = cascade(sheet.root)
    hidden: dict[HtmlElement, bool] = {}
    seen = ""
    for element in body.iter():
        if not isinstance(element.tag, str):
            continue
        around = element.getparent()
        reason = None if around is not None and hidden.get(around) else why_hidden(element, held)
        hidden[element] = reason is not None or (around is not None and hidden.get(around, False))
        if reason and FILLER.sub("", letters_of(element)):
            if seen or len(FILLER.sub("", letters_of(element))) > LONGEST:
                yield element, reason
            seen = seen or "preheader"
        elif not hidden[element]:
            seen += FILLER.sub("", element.text or "")


def why_hidden(element: HtmlElement, held: Cascade) -> Phrase | None:
    """Why an element, or the text right inside it, cannot be seen; None where it can."""
    if held.own(element, "display") == "none" or element.get("hidden") is not None:
        return phrase("it is not displayed")
    if held.own(element, "visibility") in ("hidden", "collapse") or pixels(held.own(element, "opacity"), 1) == 0:
        return phrase("it is transparent")
    if held.own(element, "overflow") == "hidden" and 0 in (
        pixels(held.own(element, name), 1) for name in ("max-height", "height", "max-width", "width")
    ):
        return phrase("it has no size")
    if any(pixels(held.own(element, name), 0) <= FAR for name in ("left", "top", "text-indent", "margin-left")):
        return phrase("it lies outside of the mail")
    return why_unread(element, held) if has_words(element) else None


def why_unread(element: HtmlElement, held: Cascade) -> Phrase | None:
    """Why the letters right inside an element cannot be read."""
    if pixels(held.inherited(element, "font-size"), 16) < SMALLEST:
        return phrase("its letters have no size")
    ink, ground = held.ink(element), held.ground(element)
    if ink and ground and contrast(ink, ground) < SAME:
        return phrase("it has the colour of its ground")
    return None


def letters_of(element: HtmlElement) -> str:
    """An element's text; the words of pictures do not count, for some are exchanged in dark mode."""
    return str(element.xpath("string()"))


def has_words(element: HtmlElement) -> bool:
    """True where letters stand right inside an element."""
    return any(FILLER.sub("", text or "") for text in (element.text, *(child.tail for child in element)))


def pixels(value: str, otherwise: float) -> float:
    """A length in pixels, about: a letter's size counts as 16; `otherwise` for what is none."""
    match = NUMBER.fullmatch(value)
    if not match:
        return otherwise
    factor = {"em": 16.0, "rem": 16.0, "%": 0.16, "pt": 1.33}.get(match[2] or "px", 1.0)
    return float(match[1]) * factor
