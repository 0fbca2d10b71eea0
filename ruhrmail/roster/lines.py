"""Lines to CSV records in bounded memory; a broken record costs no other."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

MAX_FIELD = 1_000_000
MAX_ROW = 4_000_000
"""In characters. A line is never read beyond it."""
KEPT = 200


class TooLong(Exception):
    """A line or row beyond MAX_ROW."""


class Overlong(str):
    """The beginning of a line that was too long to read."""

    __slots__ = ()


class LineFeed:
    """Hands lines to the csv module and remembers those of the current row.

    `first` is the number of the row's first line, from 1; `row` its lines so far.
    """

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.first = 1
        self.row: list[str] = []
        self.again: deque[str] = deque()
        self.size = 0

    def begin(self) -> None:
        """The next line begins a row."""
        self.first += len(self.row)
        self.row.clear()
        self.size = 0

    def rewind(self) -> None:
        """The row was none: all its lines but the first are read again, each as the beginning of a row."""
        self.again.extendleft(reversed(self.row[1:]))
        del self.row[1:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.read()
        if not line:
            raise StopIteration
        self.row.append(line)
        self.size += len(line)
        if self.size > MAX_ROW or type(line) is Overlong:
            raise TooLong
        return line

    def read(self) -> str:
        """The next line of the file with its line end; of an endless one only the beginning."""
        line = self.file.readline(MAX_ROW)
        if len(line) < MAX_ROW:
            return line
        kept = Overlong(line[:KEPT])
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(MAX_ROW)
        return kept


def read_records(feed: LineFeed, delimiter: str) -> Iterator[list[str] | None]:
    """The cells of each record; None for one that is too long or whose quotation marks do not pair up.

    While a record is looked at, `feed.first` and `feed.row` say where it stands.
    """
    # The limit belongs to the whole process; every reader here wants the same. A cell between both bounds is read to
    # its end, or the lines in it would be taken for rows.
    csv.field_size_limit(MAX_ROW)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, TooLong):
            feed.rewind()
            yield None
        else:
            yield None if feed.size > MAX_FIELD and max(map(len, cells)) > MAX_FIELD else cells


def is_too_long(feed: LineFeed) -> bool:
    """Why the current record is None: True for its length, False for its quotation marks."""
    return type(feed.row[0]) is Overlong or sum(map(len, feed.row)) > MAX_FIELD
