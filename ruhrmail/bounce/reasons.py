"""What the words of a mail server mean: nobody there, not now, or not from us."""

import re
from collections.abc import Iterable

from ruhrmail.bounce import words
from ruhrmail.model.bounce import Kind

MOST_LETTERS = 4000


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """An expression for any of several."""
    return re.compile("|".join(patterns))


NOISE = any_of(words.NOISE)
MICROSOFT_UNKNOWN = re.compile(words.MICROSOFT_UNKNOWN)
NOT_NOW = any_of((*words.FULL, *words.SIZE, *words.LOOP))
NOT_FROM_US = any_of(words.POLICY)
LATE = any_of(words.LATE)
CERTAINLY_NOBODY = any_of(words.CERTAIN)
NOBODY = any_of((*words.CERTAIN, *words.NOBODY))


def quieted(text: str) -> str:
    """The words that count: small letters on one line, without addresses and the names of servers."""
    line = " ".join(text[:MOST_LETTERS].lower().split())
    return " ".join(NOISE.sub(" ", line).split()).replace("’", "'")


def reason_in(text: str) -> Kind | None:
    """What the words say happened, the milder before the harder; None where they say nothing."""
    said = quieted(text)
    if MICROSOFT_UNKNOWN.search(said):
        return Kind.HARD
    if NOT_NOW.search(said):
        return Kind.SOFT
    if NOT_FROM_US.search(said):
        return Kind.POLICY
    if LATE.search(said) and not CERTAINLY_NOBODY.search(said):
        return Kind.SOFT
    return Kind.HARD if NOBODY.search(said) else None


def says_nobody(text: str) -> bool:
    """Whether the words, besides whatever else, say that there is no such mailbox or host."""
    return NOBODY.search(quieted(text)) is not None
