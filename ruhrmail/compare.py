"""Two texts to what is different between them: paragraph by paragraph, and within a changed paragraph word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "changed", "removed", "added"]
PieceKind = Literal["same", "removed", "added"]
PARAGRAPH = re.compile(r"\n\s*\n")
WORD = re.compile(r"\s+|[^\s]+")
MOST_PARAGRAPHS = 3_000
MOST_WORDS = 2_000
ALIKE = 0.3
"""Below this share of equal words, one paragraph went and another came."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both sides have, or only one."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph on both sides; empty on the side that does not have it."""

    kind: Kind
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`bounded`: the texts are too long to be compared, they are told as one change."""

    changes: tuple[Change, ...]
    bounded: bool = False

    @property
    def same(self) -> bool:
        """True where nothing is different."""
        return all(one.kind == "same" for one in self.changes)


def compare_texts(left: str, right: str) -> Comparison:
    """What is different between two texts; blanks at the ends of lines and empty lines do not count."""
    before, after = paragraphs_of(left), paragraphs_of(right)
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        whole = replaced("\n\n".join(before), "\n\n".join(after)) if before != after else ()
        return Comparison(tuple(whole), bounded=True)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    runs = matcher.get_opcodes()
    return Comparison(tuple(one for _, a, b, c, d in runs for one in compare_run(before[a:b], after[c:d])))


def paragraphs_of(text: str) -> Sequence[str]:
    """The paragraphs of a text."""
    return [one.strip() for one in PARAGRAPH.split(text.replace("\r\n", "\n")) if one.strip()]


def compare_run(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Paragraphs that are equal, or stand in each other's place."""
    for left, right in zip_longest(before, after, fillvalue=""):
        if left == right:
            yield Change("same", (Piece("same", left),), (Piece("same", right),))
        elif left and right:
            yield from compare_paragraphs(left, right)
        else:
            yield from replaced(left, right)


def compare_paragraphs(left: str, right: str) -> Iterator[Change]:
    """One paragraph that was changed, or two that have little in common."""
    before, after = WORD.findall(left), WORD.findall(right)
    if max(len(before), len(after)) > MOST_WORDS or not are_alike(left.split(), right.split()):
        yield from replaced(left, right)
        return
    runs = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    lefts = (Piece("same" if kind == "equal" else "removed", "".join(before[a:b])) for kind, a, b, _, _ in runs)
    rights = (Piece("same" if kind == "equal" else "added", "".join(after[c:d])) for kind, _, _, c, d in runs)
    yield Change("changed", tuple(one for one in lefts if one.text), tuple(one for one in rights if one.text))


def are_alike(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two paragraphs have enough words in common to be the same one, changed."""
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= ALIKE


def replaced(left: str, right: str) -> Iterator[Change]:
    """What went, then what came."""
    if left:
        yield Change("removed", (Piece("removed", left),), ())
    if right:
        yield Change("added", (), (Piece("added", right),))
