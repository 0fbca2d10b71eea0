"""A mail's HTML to the features that it uses, and where. What stands in comments for Outlook is not looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from ruhrmail.clients.markup import find_in_element
from ruhrmail.clients.sheet import find_in_declarations, find_in_sheet

STYLE_SHEET = "html-style"
MSO_HIDE = re.compile(r"mso-hide\s*:\s*all", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Use:
    """A feature that an element uses; `through` are the features without which a client never gets there, `not_word`
    says that Outlook's Word hides the element."""

    slug: str
    element: etree._Element
    through: tuple[str, ...] = ()
    not_word: bool = False

    @property
    def line(self) -> int:
        """The line of the HTML that the element begins in."""
        return line_of(self.element)

    @property
    def way(self) -> str:
        """The way to the element: `/html/body/table[2]/tr`."""
        return str(self.element.getroottree().getpath(self.element))


def find_uses(source: str) -> Iterator[Use]:
    """Every use of every feature, in the order of the document; nothing where there is no HTML."""
    root = read_tree(source)
    return uses_in(root) if root is not None else iter(())


def read_tree(source: str) -> etree._Element | None:
    """The tree of a document, None where it holds no element."""
    # bytes, for lxml takes no text with an encoding declaration; huge_tree, for mails know no bounds of depth
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def uses_in(root: etree._Element) -> Iterator[Use]:
    """Every use of every feature in a tree, in the order of the document."""
    hidden: set[etree._Element] = set()
    for element in root.iter(etree.Element):
        style = str(element.get("style") or "")
        if element.getparent() in hidden or MSO_HIDE.search(style):
            hidden.add(element)
        for slug in (*find_in_element(element), *find_in_declarations(style)):
            yield Use(slug, element, (), element in hidden)
        if element.tag == "style":
            for slug, through in find_in_sheet(element.text or ""):
                yield Use(slug, element, (STYLE_SHEET, *through))


def line_of(element: etree._Element) -> int:
    """The line that the element begins in."""
    line = element.sourceline
    return line if isinstance(line, int) else 1
