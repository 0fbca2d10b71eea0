"""From a word or an element of the finished mail back to the line that caused it."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.written_address import find_address
from ruhrmail.model.location import Location
from ruhrmail.source import Document
from ruhrmail.source.document import Keys, Value
from ruhrmail.source.marks import ATTRIBUTE, read_mark

Origin = tuple[str, int, Keys]
"""Template, line in it, keys of the block."""
ADDRESS = re.compile(r"https?:|mailto:|tel:", re.IGNORECASE)
SIGNS: Mapping[str, Mapping[str, str]] = {"'": {"'": "''"}, '"': {'"': r'\\"', "\\": r"\\\\", "/": r"\\?/"}}
"""How signs are written in YAML's quotation marks."""


def origin_of(element: HtmlElement) -> Origin | None:
    """Where an element comes from: its own mark, else that of the nearest element around it, else inside of it."""
    around = (element, *element.iterancestors(), *element.iterdescendants())
    marks = (read_mark(one.get(ATTRIBUTE, "")) for one in around if isinstance(one.tag, str))
    return next((mark for mark in marks if mark), None)


def place_of(element: HtmlElement, dossier: Dossier, word: str = "") -> Location:
    """The line of the file where `word` stands in the element's block; without a word the block itself.

    What no block says comes from a template: that one's line, where it is the project's own or stands in no block.
    What has no mark is the issue as a whole.
    """
    origin = origin_of(element)
    if origin is None:
        return dossier.whole
    template, line, keys = origin
    if not keys:
        return dossier.template_line(template, line)
    if not word:
        return dossier.document.at_value(keys)
    found = find_word(dossier.document, word, keys)
    own = any(one.name == template for one in dossier.templates)
    return found or (dossier.template_line(template, line) if own else dossier.document.at_value(keys))


def template_of(element: HtmlElement, dossier: Dossier) -> Location:
    """The line of the template that an element comes from."""
    origin = origin_of(element)
    return dossier.template_line(*origin[:2]) if origin else dossier.whole


def find_word(document: Document, word: str, below: Keys = ()) -> Location | None:
    """The first place of a word or an address among the texts below `below`; None where no text holds it."""
    for keys, text in texts_below(document.get(below), below):
        offset = text.find(word)
        if offset >= 0:
            return spot(document, keys, offset, word)
    for keys, text in texts_below(document.get(below), below) if ADDRESS.match(word) else ():
        found = find_address(text, word)
        if found:
            return spot(document, keys, *found)
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
    """Where the word at `offset` of a text stands: line and column wherever the file has it, folded or not."""
    mark = document.nearest(keys)
    if mark.style == "|":
        return document.at_word(keys, offset)
    text, pattern = document.get(keys), spelling(word, mark.style)
    before = text[:offset] if isinstance(text, str) else ""
    nth = sum(1 for _ in spelling(word, "").finditer(before)) if word.strip() else 0
    first, column = (mark.value[0] + 1, 0) if mark.style == ">" else mark.value
    lines = [line.rstrip("\r\n") for line in document.lines[first : end_of(document, keys)]]
    match = next(islice(pattern.finditer("\n".join(lines), column), nth, None), None) if word.strip() else None
    if match is None:
        return document.at_value(keys)
    above = match.string.count("\n", 0, match.start())
    return document.at((first + above, match.start() - (match.string.rfind("\n", 0, match.start()) + 1)))


def spelling(word: str, style: str) -> re.Pattern[str]:
    """A word as YAML's style may write it: with line ends for spaces, and its own signs in quotation marks."""
    signs = SIGNS.get(style, {})
    parts = ("".join(signs.get(sign, re.escape(sign)) for sign in part) for part in word.split())
    return re.compile(r"\s+".join(parts))


def end_of(document: Document, keys: Keys) -> int:
    """The line (from 0) in which the next key or item begins: a text ends before it, or in it."""
    first = document.nearest(keys).value[0]
    following = (mark.key[0] for mark in document.marks.values() if mark.key[0] > first)
    return min(following, default=len(document.lines))
