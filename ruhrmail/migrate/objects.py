"""JSON as listmonk's interface gives it, one subscriber at a time, in bounded memory."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from ruhrmail.migrate.texts import cleaned

CHUNK = 1 << 20
LONGEST = 1 << 22
"""No subscriber takes more characters."""
RESULTS = re.compile(r'"results"\s*:\s*\[')
DECODER = json.JSONDecoder()
TOTAL = re.compile(rb'\]\s*,[^\[\]{}]*"total"\s*:\s*(\d{1,12})\b[^\[\]{}]*\}\s*\}\s*\Z')
TAIL = 4096
SEPARATORS = re.compile(r"[\s,]*")


class BrokenJson(Exception):
    """The file ends too early, or is none of listmonk's; `line` and `column` count from 1."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}")
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Found:
    """One object and the place where it begins, both counted from 1."""

    value: Mapping[str, Any]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """A file of `GET /api/subscribers`, or the profile of one subscriber; `stamp` tells it from one written since."""

    path: Path
    stamp: tuple[int, ...] = ()

    def unchanged(self) -> bool:
        """Whether nobody wrote to the file since its stamp was taken. Raises OSError."""
        return self.stamp == stamp_of(self.path)

    def objects(self) -> Iterator[Found]:
        """The subscribers, each time anew. Raises BrokenJson where one cannot be read, OSError."""
        with self.path.open(encoding="utf-8-sig", errors="strict", newline="") as file:
            window = Window(file)
            window.fill()
            if "profile" in window.beginning():
                yield from profile(window)
                return
            begun = RESULTS.search(window.text)
            if begun is None:
                raise BrokenJson(1, 1)
            window.go_to(begun.end())
            yield from window.items()

    def total(self) -> int:
        """How many subscribers there are by the answer's own word, which stands at its end; 0 where it says nothing.

        Raises OSError.
        """
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - TAIL))
            found = TOTAL.search(file.read())
        return int(found[1]) if found else 0


def stamp_of(path: Path) -> tuple[int, ...]:
    """Which file this is, its size and when it was written. Raises OSError."""
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def profile(window: "Window") -> Iterator[Found]:
    """The one subscriber of a profile, its subscriptions as lists."""
    found = window.item()
    rows, lists = found.value.get("profile"), found.value.get("subscriptions")
    if isinstance(rows, list) and isinstance(lists, list):
        yield from (Found({**row, "lists": lists}, found.line, found.column) for row in rows if isinstance(row, dict))


class Window:
    """The part of a file that is being looked at, and where in the file it begins."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.text = ""
        self.at = 0
        self.line = self.column = 1
        self.ended = False

    def fill(self) -> None:
        """Reads on, and forgets what was passed. Raises BrokenJson for what is no UTF-8."""
        try:
            more = self.file.read(CHUNK)
        except UnicodeDecodeError as error:
            raise BrokenJson(self.line, self.column) from error
        self.ended = not more
        self.text, self.at = self.text[self.at :] + more, 0

    def beginning(self) -> str:
        """What stands before the first value."""
        return self.text[:CHUNK].partition(":")[0]

    def go_to(self, place: int) -> None:
        """Goes on at a place in the text."""
        lines = self.text.count("\n", self.at, place)
        self.line += lines
        self.column = place - self.text.rindex("\n", self.at, place) if lines else self.column + place - self.at
        self.at = place

    def items(self) -> Iterator[Found]:
        """The objects of an array whose bracket was passed. Raises BrokenJson."""
        while True:
            self.pass_separators()
            if self.text.startswith("]", self.at):
                return
            yield self.item()

    def pass_separators(self) -> None:
        """Goes on to what is no blank and no comma."""
        while True:
            match = SEPARATORS.match(self.text, self.at)
            self.go_to(match.end() if match else self.at)
            if self.at < len(self.text) or self.ended:
                return
            self.fill()

    def item(self) -> Found:
        """The next object. Raises BrokenJson for something else, or where the file ends within it."""
        line, column = self.line, self.column
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
            except (ValueError, RecursionError):
                if self.ended or len(self.text) - self.at > LONGEST:
                    raise BrokenJson(line, column) from None
                self.fill()
                continue
            found = cleaned(value)
            if not isinstance(found, dict):
                raise BrokenJson(line, column)
            self.go_to(end)
            return Found(found, line, column)
