"""A parsed YAML file: plain values, and where each of them stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.model.location import Location
from ruhrmail.source.offsets import place_of_character

Value = str | list["Value"] | dict[str, "Value"] | None
Keys = tuple[str | int, ...]
"""The way from the root to a value: mapping keys and list indexes."""

MASKS = (
    (re.compile(r"(://[^/\s:@]*:)\S+(?=@)"), r"\1***"),
    (
        re.compile(r"(?i)((?:pas+w\w*|pass|pwd|kennwort|geheimnis|secret|token|api_?key)[\"']?\s*[:=]\s*)[^\s,}\]].*"),
        r"\1***",
    ),
)
LONGEST_LINE = 2_000
"""Characters of a line that an excerpt shows at most."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Line and column from 0 of a key (or list item) and of its value; `style` is YAML's scalar style."""

    key: tuple[int, int]
    value: tuple[int, int]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says (`data`: strings are never resolved to other types), and where."""

    name: str
    path: Path
    lines: Sequence[str]
    data: Value
    marks: Mapping[Keys, Mark]

    def at_key(self, keys: Keys) -> Location:
        """Where the key stands; the nearest known parent for a way that is not in the document."""
        return self.at(self.nearest(keys).key)

    def at_value(self, keys: Keys) -> Location:
        """Where the value begins; the nearest known parent for a way that is not in the document."""
        return self.at(self.nearest(keys).value)

    def at_word(self, keys: Keys, offset: int) -> Location:
        """Where the character at `offset` of a text stands, in a text on one line or one that cannot be followed the
        value."""
        mark, value = self.nearest(keys), self.get(keys)
        if not isinstance(value, str):
            return self.at(mark.value)
        if mark.style != "|":
            place = place_of_character(self.lines, mark.value, mark.style, value, offset) or mark.value
            return self.at(place if place[0] > mark.value[0] else mark.value)
        before = value[:offset]
        line = mark.value[0] + 1 + before.count("\n")
        column = offset - (before.rfind("\n") + 1) + self.indentation(mark.value[0] + 1, value)
        return self.at((line, column))

    def indentation(self, first: int, text: str) -> int:
        """How far the literal block that begins in line `first` (from 0) is indented: spaces of its own left out."""
        written = next((line for line in self.lines[first:] if line.strip()), "")
        said = next((line for line in text.split("\n") if line.strip()), "")
        return max(0, (len(written) - len(written.lstrip(" "))) - (len(said) - len(said.lstrip(" "))))

    def nearest(self, keys: Keys) -> Mark:
        """The mark of the longest known beginning of `keys`."""
        while keys not in self.marks:
            keys = keys[:-1]
        return self.marks[keys]

    def get(self, keys: Keys) -> Value:
        """The value at the end of the way, None where the document has none."""
        value: Value = self.data
        for key in keys:
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
            else:
                return None
        return value

    def at(self, place: tuple[int, int]) -> Location:
        """The location of a line and column counted from 0."""
        return place_in(self.name, self.lines, *place)


def place_in(name: str, lines: Sequence[str], line: int, column: int) -> Location:
    """A location with its excerpt; line and column count from 0 and are moved into the file."""
    line = max(0, min(line, len(lines) - 1))
    if not lines or column >= LONGEST_LINE:
        return Location(name, line + 1, column + 1)
    excerpt, caret = mask_around(lines[line][:LONGEST_LINE].rstrip("\r\n"), column)
    return Location(name, line + 1, column + 1, excerpt, caret - column)


def mask(text: str) -> str:
    """A source line with passwords and the like replaced by `***`."""
    return mask_around(text, 0)[0]


def mask_around(text: str, column: int) -> tuple[str, int]:
    """The line with its secrets masked, and where the column (from 0) lies in it then."""
    for pattern, replacement in MASKS:
        before = column
        for match in pattern.finditer(text):
            longer = len(match.expand(replacement)) - len(match[0])
            if match.end() <= before:
                column += longer
            elif match.start() < before:
                column = min(column, column - before + match.end() + longer)
        text = pattern.sub(replacement, text)
    return text, column


def mask_login(text: str) -> str:
    """A text with the passwords of addresses such as `https://user:password@host` replaced by `***`."""
    pattern, replacement = MASKS[0]
    return pattern.sub(replacement, text)
