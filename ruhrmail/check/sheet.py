"""Finished HTML as a tree whose elements lead back to where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from ruhrmail.source.marks import ATTRIBUTE, MARKER

Kind = Literal["mail", "web", "page"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One HTML file of an issue: a variant's mail, the issue's page, or an article's.

    `root` and `marked` have source marks, as a tree and as it was rendered; `content` is what is sent or published.
    """

    kind: Kind
    name: str
    root: HtmlElement
    content: str
    variant: str = ""
    marked: str = ""

    @property
    def words(self) -> str:
        """What a reader sees of it."""
        body = self.root.find("body")
        return "" if body is None else words_of(body)

    def elements(self, *tags: str) -> Iterator[HtmlElement]:
        """The elements of these names, all without names, in their order."""
        return (one for one in self.root.iter(*tags) if isinstance(one.tag, str))

    def links(self) -> Iterator[tuple[HtmlElement, str]]:
        """Every link with its address."""
        return ((one, one.get("href", "").strip()) for one in self.elements("a") if one.get("href"))


def read_sheet(kind: Kind, name: str, marked: str, content: str, variant: str = "") -> Sheet:
    """A sheet from its HTML with marks and without."""
    root = read_html(marked)
    for marker in cast("list[HtmlElement]", root.xpath(f"//{MARKER}[@{ATTRIBUTE}]")):
        around = marker.getparent()
        if around is not None:
            around.set(ATTRIBUTE, around.get(ATTRIBUTE) or marker.get(ATTRIBUTE) or "")
            marker.drop_tag()
    return Sheet(kind, name, root, content, variant, marked)


def read_html(text: str) -> HtmlElement:
    """The tree of a whole document; of an empty one where the text holds no element."""
    parser = html.HTMLParser(encoding="utf-8")  # bytes, for text with an XML declaration is refused
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except ParserError:
        return html.document_fromstring(b"<html></html>", parser=parser)


def words_of(element: HtmlElement) -> str:
    """What a screen reader says of an element: its text, pictures by their alternative text, spaces as one."""
    label = element.get("aria-label")
    if label:
        return plain(label)
    found = []
    for one in element.iter():
        if isinstance(one.tag, str):
            found.append(one.get("alt", "") if one.tag == "img" else one.text or "")
        if one is not element:
            found.append(one.tail or "")
    return plain("".join(found))


def plain(text: str) -> str:
    """A text without soft hyphens, every run of spaces as one."""
    return " ".join(text.replace("\u00ad", "").split())
