"""Values as the file has them: each character with the place where it is written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruhrmail.source import Document
from ruhrmail.source.document import Keys
from ruhrmail.source.scalars import Scalar, find_scalars

Span = tuple[int, int, int]
"""Line, first and last column (exclusive), from 0."""
BLOCK_HEADER = re.compile(r"[|>][+-]?[ \t]*(?:#.*)?")
ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)|''")
HIDDEN = "x"
"""Stands for an escape that nobody means to change."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the document: what it says, and for each character where it stands; None: not to be touched.

    `rows` are the lines of the file that a block holds, none for a text in quotation marks or a plain one.
    """

    keys: Keys
    text: str
    spans: Sequence[Span | None]
    rows: range = range(0)


def find_written(document: Document) -> Iterator[Written]:
    """Every text of the document that stands in one place and means one thing; anchored ones mean several."""
    meant: dict[tuple[int, int], list[Keys]] = {}
    for keys, mark in document.marks.items():
        if isinstance(document.get(keys), str):
            meant.setdefault(mark.value, []).append(keys)
    for scalar in find_scalars(document.lines):
        ways = [] if scalar.anchored else meant.get(scalar.start, [])
        written = read(scalar, document.lines, ways[0]) if len(ways) == 1 else None
        if written:
            yield written


def read(scalar: Scalar, lines: Sequence[str], keys: Keys) -> Written | None:
    """The characters of one scalar; None for a block whose indentation is told by a number."""
    if scalar.style in ("|", ">"):
        return read_block(scalar, lines, keys)
    pieces: list[tuple[str, Span | None]] = []
    (first, left), (last, right) = scalar.start, scalar.end
    quote = 1 if scalar.style in ("'", '"') else 0
    for row in range(first, last + 1):
        line = lines[row]
        start = left + quote if row == first else len(line) - len(line.lstrip(" \t"))
        end = right - quote if row == last else len(line.rstrip(" \t"))
        if row > first:
            pieces.append(("\n", None))
        pieces += characters(line, row, start, end, scalar.style)
    return Written(keys, "".join(one for one, _ in pieces), [span for _, span in pieces])


def read_block(scalar: Scalar, lines: Sequence[str], keys: Keys) -> Written | None:
    """The characters of a literal or folded block."""
    (first, left), (last, right) = scalar.start, scalar.end
    if not BLOCK_HEADER.fullmatch(lines[first], left):
        return None
    rows = range(first + 1, last + (1 if right else 0))
    indents = [len(lines[row]) - len(lines[row].lstrip(" ")) for row in rows if lines[row].strip()]
    pieces: list[tuple[str, Span | None]] = []
    for row in rows:
        pieces += characters(lines[row], row, indents[0] if indents else 0, len(lines[row]), "|")
        pieces.append(("\n", None))
    return Written(keys, "".join(one for one, _ in pieces), [span for _, span in pieces], rows)


def characters(line: str, row: int, start: int, end: int, style: str) -> Iterator[tuple[str, Span | None]]:
    """The characters of a piece of a line as YAML reads them in this style."""
    place = start
    while place < end:
        escape = ESCAPE.match(line, place, end) if line[place] == {'"': "\\", "'": "'"}.get(style) else None
        stop = escape.end() if escape else place + 1
        if escape and escape[0] not in ("''", '\\"'):
            yield HIDDEN, None
        else:
            yield line[stop - 1], (row, place, stop)
        place = stop
