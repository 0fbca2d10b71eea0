"""How links stand out from the text around them."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.cascade import Cascade, cascade
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import template_of
from ruhrmail.check.sheet import plain, words_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase

BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})
STRONG = ("b", "strong")
INLINE = frozenset({"b", "strong", "em", "i", "span", "small", "font", "u"})


def find_by_colour_alone(dossier: Dossier) -> Iterator[Finding]:
    """A link within a text differs from it by its colour alone.

    Why: Who sees no colours, or a telephone in the sun, does not see that there is a link. WCAG 2.2, 1.4.1. A link that
        stands by itself is known by its place.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text>Siehe <a href="https://letter.example" style="text-decoration:none">die Halle</a> am Kanal.</mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text>Siehe <a href="https://letter.example">die Halle</a> am Kanal.</mj-text>
    Remedy: underline links within a text
    """
    for sheet in dossier.sheets_of("mail"):
        held = cascade(sheet.root)
        for element, _ in sheet.links():
            if is_plain(element, held) and stands_in_text(element):
                words = words_of(element)
                message = phrase("the link {text} differs from the text around it by its colour alone", text=words)
                hint = phrase("underline it")
                yield Finding("a11y/link-colour", "warning", template_of(element, dossier), message, hint)


def is_plain(element: HtmlElement, held: Cascade) -> bool:
    """True for a link of words with neither a line, a frame, a ground nor another weight than the text around it."""
    inside = [one for one in element.iter() if isinstance(one.tag, str)]
    lines = (held.own(one, name) for one in inside for name in ("text-decoration", "text-decoration-line"))
    if "none" not in held.own(element, "text-decoration") + held.own(element, "text-decoration-line"):
        return False
    framed = any(name.startswith("border") for one in inside for name in held.held.get(one, {}))
    grounded = any(held.own(one, "background-color") not in ("", "transparent") for one in inside)
    around = element.getparent()
    bolder = any(is_bold(one, held) for one in inside) and not (around is not None and is_bold(around, held))
    underlined = any("underline" in line for line in lines)
    pictured = element.find(".//img") is not None
    return not (framed or grounded or bolder or underlined or pictured) and bool(words_of(element))


def is_bold(element: HtmlElement, held: Cascade) -> bool:
    """True for bold letters, by style or by the elements around."""
    around = (element, *element.iterancestors())
    return any(one.tag in STRONG for one in around) or held.inherited(element, "font-weight") in BOLD


def stands_in_text(element: HtmlElement) -> bool:
    """True where letters stand before or behind the link in the same paragraph."""
    around = element.getparent()
    while around is not None and around.tag in INLINE:
        around = around.getparent()
    if around is None:
        return False
    beside = [around.text or "", *(child.tail or "" for child in around if child.tag in (*INLINE, "a"))]
    return any(letter.isalnum() for letter in plain("".join(beside)))
