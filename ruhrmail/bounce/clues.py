"""Where tokens stand in returned mail: who it is about, as far as anybody can read it without the key."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ruhrmail.bounce.parsing import Mail, headers
from ruhrmail.tokens import LINK_CHARACTERS, RETURN_CHARACTERS, Purpose

PLACES = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
"""Where a delivered message says which address it came to, the surest first."""
ADDRESS = re.compile(rf"(?<![a-z0-9])([ul])\+([a-z2-7]{{{RETURN_CHARACTERS}}})@", re.IGNORECASE)
LINK = re.compile(rf"/u/([A-Za-z0-9_-]{{{LINK_CHARACTERS}}})(?![A-Za-z0-9_-])")
PURPOSES = {"u": Purpose.RETURN, "l": Purpose.UNSUBSCRIBE}
MOST = 20


@dataclass(frozen=True, slots=True)
class Clue:
    """A token as it is written somewhere, not verified: that of a link, or of an address."""

    text: str
    purpose: Purpose
    is_link: bool = False


def clues_to_recipient(message: Mail) -> tuple[Clue, ...]:
    """The tokens of the addresses that a message came to, in the order of places."""
    values = (value for name in PLACES for value in headers(message, name))
    return first_few(clue for value in values for clue in clues_in_text(value))


def clues_to_reader(mail_from: str, original: Mail | None) -> tuple[Clue, ...]:
    """The tokens of the mail that somebody complained about: of its envelope sender, then of its own header."""
    found = [mail_from]
    links: list[str] = []
    if original is not None:
        found += headers(original, "Return-Path")
        links += headers(original, "List-Unsubscribe")
    from_links = (clue for value in links for clue in clues_in_link(value))
    return first_few((*(clue for value in found for clue in clues_in_text(value)), *from_links))


def clues_in_text(value: str) -> Iterator[Clue]:
    """The tokens of addresses `u+TOKEN@…` and `l+TOKEN@…` in a text."""
    for letter, token in ADDRESS.findall(value):
        yield Clue(token, PURPOSES[letter.lower()])


def clues_in_link(value: str) -> Iterator[Clue]:
    """The tokens of a `List-Unsubscribe` header, that of the page first; folds within an address do not matter."""
    whole = "".join(value.split())
    yield from (Clue(token, Purpose.UNSUBSCRIBE, is_link=True) for token in LINK.findall(whole))
    yield from clues_in_text(whole)


def first_few(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    """Each clue once, not more than anybody needs."""
    return tuple(islice(dict.fromkeys(clues), MOST))
