"""An edition to what the archive keeps and shows of it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from lxml import html
from lxml.html import HtmlElement

from ruhrmail.archive.dress import dress
from ruhrmail.archive.linked import describe
from ruhrmail.archive.masthead import Masthead
from ruhrmail.model.archive import Leaf
from ruhrmail.model.edition import Edition

PICTURE = re.compile(rb"assets/([0-9a-f]{16}\.(?:jpg|png))")
ASIDE = ("nav", "aside", "script", "style", "footer")
"""What stands on every page and is not the text."""
APART = {"p", "li", "h1", "h2", "h3", "h4", "td", "dt", "dd", "div", "figcaption", "section", "article", "br", "span"}
INVISIBLE = str.maketrans({"\u00ad": "", "\u00a0": " ", "\u202f": " ", "\u200b": ""})


def make_leaf(edition: Edition, day: date, number: int | None) -> Leaf:
    """An issue as the archive keeps it, with the text of its pages."""
    pages = {"": edition.web.encode(), **dict(listed_pages(edition))}
    texts = {name: read_text(content) for name, content in pages.items()}
    return Leaf(edition.slug, day, number, edition.about, texts)


def listed_pages(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The articles' pages that everybody may find."""
    return ((one.name, one.content) for one in edition.files if one.listed and one.name.endswith(".html"))


def public_files(masthead: Masthead, edition: Edition, leaf: Leaf) -> Mapping[str, bytes]:
    """The files of a public issue by their path below its folder, pages with a policy and a description for machines.

    What is for some readers only is not among them, nor are pictures that no public page shows.
    """
    pages = {"index.html": edition.web.encode(), **dict(listed_pages(edition))}
    shown = {name.decode() for page in pages.values() for name in PICTURE.findall(page)}
    dressed = {name: dress(page, describe(masthead, leaf, name)) for name, page in pages.items()}
    calendars = {one.name: one.content for one in edition.files if one.listed and one.name not in pages}
    pictures = {f"assets/{one.name}": one.content for one in edition.assets if one.name in shown}
    return {**pictures, **calendars, **dressed}


def read_text(page: bytes) -> str:
    """The running text of a page, in one line, without what stands on every page."""
    main: HtmlElement | None = html.document_fromstring(page.decode()).find(".//main")
    if main is None:
        return ""
    for name in ASIDE:
        for part in list(main.iter(name)):
            part.drop_tree()
    for part in main.iter():
        set_apart(part)
    return " ".join(str(main.text_content()).translate(INVISIBLE).split())


def set_apart(part: HtmlElement) -> None:
    """Puts a space behind what stands on a line of its own."""
    if part.tag in APART:
        part.tail = f" {part.tail or ''}"
