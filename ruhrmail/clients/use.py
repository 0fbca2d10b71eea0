"""A mail's HTML to the features that it uses, and where. What stands in comments for Outlook is not looked at."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from ruhrmail.clients.markup import find_in_element
from ruhrmail.clients.sheet import find_in_declarations, find_in_sheet

STYLE_SHEET = "html-style"


@dataclass(frozen=True, slots=True)
class Use:
    """A feature used at a line of the HTML; `through` are the features without which a client never gets there.

    `way` leads to the element: `/html/body/table[2]/tr`.
    """

    slug: str
    line: int
    way: str
    through: tuple[str, ...] = ()


def find_uses(source: str) -> Iterator[Use]:
    """Every use of every feature, in the order of the document; nothing where there is no HTML."""
    # bytes, for lxml takes no text with an encoding declaration; huge_tree, for mails know no bounds of depth
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser).getroottree()
    except etree.ParserError:
        return  # no element in it
    for element in tree.iter(etree.Element):
        line, way = line_of(element), tree.getpath(element)
        for slug in find_in_element(element):
            yield Use(slug, line, way)
        for slug in find_in_declarations(str(element.get("style") or "")):
            yield Use(slug, line, way)
        if element.tag == "style":
            for slug, through in find_in_sheet(element.text or ""):
                yield Use(slug, line, way, (STYLE_SHEET, *through))


def line_of(element: etree._Element) -> int:
    """The line that the element begins in."""
    line = element.sourceline
    return line if isinstance(line, int) else 1
