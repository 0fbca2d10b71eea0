"""Spaces at the ends of lines, and German dates where a date is asked for."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic_core import PydanticCustomError

from ruhrmail.mend.edit import Edit
from ruhrmail.mend.prose import PROSE
from ruhrmail.mend.written import Written
from ruhrmail.model.dates import GERMAN, When, read_when
from ruhrmail.source.document import Keys

DATES = frozenset({"date", "start", "end"})


def trim(lines: Sequence[str], texts: Sequence[Written]) -> Iterator[Edit]:
    """Spaces that end a line; those of comments stay, and the two of Markdown that mean a new line."""
    blocks = {row: text for text in texts for row in text.rows}
    for row, line in enumerate(lines):
        end = len(line.rstrip(" \t"))
        if end == len(line):
            continue
        block = blocks.get(row)
        if block is None and "#" not in line and not line[:end].endswith("\\"):
            yield Edit(row, end, len(line), "", "trailing")
        elif block is not None and block.keys[-1:] and block.keys[-1] in PROSE and not breaks(lines, row, block):
            yield Edit(row, end, len(line), "", "trailing", block.keys)


def breaks(lines: Sequence[str], row: int, block: Written) -> bool:
    """True for a line that ends in two spaces and is followed by another one of its paragraph."""
    following = row + 1 in block.rows and bool(lines[row + 1].strip())
    return following and bool(lines[row].strip()) and lines[row].endswith("  ")


def mend_date(written: Written) -> Iterator[Edit]:
    """`21.11.2026, 10 Uhr` to `2026-11-21T10:00`, where it stands on one line as a date's whole value."""
    spans = [span for span in written.spans if span is not None]
    if not is_date(written.keys) or written.rows or len(spans) != len(written.spans):
        return
    when = read(written.text) if GERMAN.fullmatch(written.text) else None
    if when is not None:
        yield Edit(spans[0][0], spans[0][1], spans[-1][2], in_iso(when), "dates", written.keys)


def is_date(keys: Keys) -> bool:
    """True for a value that says when."""
    return bool(keys) and keys[-1] in DATES


def read(text: str) -> When | None:
    """The day or time, None where it is none."""
    try:
        return read_when(text)
    except PydanticCustomError:
        return None


def in_iso(when: When) -> str:
    """The international notation, to the minute."""
    return when.isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()


SPACES = re.compile(r"[ \t]+")
STRAIGHT = str.maketrans({"„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'"})


def plain(text: str) -> str:
    """A text without what mending may change: one with the same result says the same."""
    lines = (SPACES.sub(" ", line).rstrip() for line in text.translate(STRAIGHT).replace("–", "--").split("\n"))
    return "\n".join(lines).strip()
