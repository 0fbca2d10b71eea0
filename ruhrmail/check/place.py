"""From a word or an element of the finished mail back to the line that caused it."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.location import Location
from ruhrmail.source import Document
from ruhrmail.source.document import Keys, Value
from ruhrmail.source.marks import ATTRIBUTE, read_mark

Origin = tuple[str, int, Keys]
"""Template, line in it, keys of the block."""


def origin_of(element: HtmlElement) -> Origin | None:
    """Where an element comes from: its own mark, else that of the nearest element around it, else inside of it."""
    around = (element, *element.iterancestors(), *element.iterdescendants())
    marks = (read_mark(one.get(ATTRIBUTE, "")) for one in around if isinstance(one.tag, str))
    return next((mark for mark in marks if mark), None)


def place_of(element: HtmlElement, dossier: Dossier, word: str = "") -> Location:
    """The line of the file where `word` stands in the element's block; without a word the block itself.

    What no block says comes from a template: that one's line. What has no mark is the issue as a whole.
    """
    origin = origin_of(element)
    if origin is None:
        return dossier.whole
    template, line, keys = origin
    if not keys:
        return dossier.template_line(template, line)
    if not word:
        return dossier.document.at_value(keys)
    return find_word(dossier.document, word, keys) or dossier.template_line(template, line)


def template_of(element: HtmlElement, dossier: Dossier) -> Location:
    """The line of the template that an element comes from."""
    origin = origin_of(element)
    return dossier.template_line(*origin[:2]) if origin else dossier.whole


def find_word(document: Document, word: str, below: Keys = ()) -> Location | None:
    """The first place of a word among the texts below `below`; None where no text holds it."""
    for keys, text in texts_below(document.get(below), below):
        offset = text.find(word)
        if offset >= 0:
            return spot(document, keys, offset, word)
    return None


def texts_below(value: Value, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Every text in a value, with its keys, in the order of the file."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_below(inner, (*keys, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_below(inner, (*keys, number))


def spot(document: Document, keys: Keys, offset: int, word: str) -> Location:
    """Where the word at `offset` of a text stands: line and column wherever the file has it as it is."""
    mark = document.nearest(keys)
    if mark.style == "|":
        return document.at_word(keys, offset)
    text = document.get(keys)
    nth = text[:offset].count(word) if isinstance(text, str) else 0
    first, column = mark.value
    for number in range(first, end_of(document, keys)):
        line = document.lines[number]
        start = line.find(word, column if number == first else 0)
        while start >= 0 and nth:
            nth, start = nth - 1, line.find(word, start + len(word))
        if start >= 0:
            return document.at((number, start))
    return document.at_value(keys)


def end_of(document: Document, keys: Keys) -> int:
    """The line (from 0) in which the next key or item begins: a text ends before it, or in it."""
    first = document.nearest(keys).value[0]
    following = (mark.key[0] for mark in document.marks.values() if mark.key[0] > first)
    return min(following, default=len(document.lines))
