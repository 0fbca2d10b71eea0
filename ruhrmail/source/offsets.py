"""From a character of a value to its place in the file, for texts that YAML folds or writes in quotation marks."""

import re
from collections.abc import Sequence

ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
QUOTES = ("'", '"')
BLANKS = (" ", "\t", "\n", "")
CONTINUED = re.compile(r"\\\n[ \t]*")
"""An escaped line end: in double quotation marks it joins two lines without a space."""


def place_of_character(
    lines: Sequence[str], start: tuple[int, int], style: str, text: str, offset: int
) -> tuple[int, int] | None:
    """Line and column (from 0) of the character at `offset` of `text`, whose value begins at `start`.

    `style` is YAML's: empty, `>`, `'` or `"`. None where file and text cannot be laid side by side.
    """
    first, column = (start[0] + 1, 0) if style == ">" else start
    raw = "\n".join(line.rstrip("\r\n") for line in lines[first : first + text.count("\n") + MOST_LINES])
    at = column + (1 if style in QUOTES else 0)
    for sign in text[:offset]:
        found = after(raw, at, sign, style)
        if found is None:
            return None
        at = found
    at = beginning(raw, at, style, text[offset : offset + 1])
    above = raw.count("\n", 0, at)
    return first + above, at - (raw.rfind("\n", 0, at) + 1)


MOST_LINES = 2_000
"""How far a folded value is followed."""


def after(raw: str, at: int, sign: str, style: str) -> int | None:
    """Where the file goes on after a character of the value that is written at `at`; None where it is another one.

    Blanks of the value may be any blanks of the file, and even none where more of them were seen before.
    """
    at = beginning(raw, at, style, sign)
    if raw.startswith("\\", at) and style == '"':
        escape = ESCAPE.match(raw, at)
        return escape.end() if escape else None
    if sign in BLANKS:
        return blanks(raw, at)
    if not raw.startswith(sign, at):
        return None
    return at + (2 if style == "'" and sign == "'" else 1)


def beginning(raw: str, at: int, style: str, sign: str) -> int:
    """Where the next character is written: behind line ends and indentation that are none of the value's."""
    while True:
        joined = CONTINUED.match(raw, at) if style == '"' else None
        behind = joined.end() if joined else at if sign in BLANKS else blanks(raw, at)
        if behind == at:
            return at
        at = behind


def blanks(raw: str, at: int) -> int:
    """Behind the blanks at `at`."""
    while at < len(raw) and raw[at] in BLANKS:
        at += 1
    return at
