"""Comments in YAML that silence a rule: `# ruhrmail: ignore RULE reason`.

PyYAML drops comments, so the lines are scanned. Beside a key the comment holds for its line, alone in a line for the
next one; a text that begins there is covered to its end, for inside a literal block `#` is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruhrmail.model.finding import Finding, names_of
from ruhrmail.model.location import Location
from ruhrmail.source import Document

COMMENT = re.compile(r"(?:^|(?<=\s))#\s*ruhrmail:\s*ignore\s+(\S+)(.*)$")


@dataclass(frozen=True, slots=True)
class Ignore:
    """A rule that is silenced in the lines from `first` to `last`; `at` is the comment."""

    rule: str
    at: Location
    first: int
    last: int

    def covers(self, finding: Finding) -> bool:
        """True for a finding of this rule in these lines."""
        at = finding.at
        meant = self.rule in names_of(finding.rule)
        return meant and at.file == self.at.file and self.first <= at.line <= self.last


def find_ignores(document: Document) -> Iterator[Ignore]:
    """Every comment of a file that silences a rule, in order."""
    if not any("ruhrmail:" in line for line in document.lines):
        return
    ends = text_ends(document)
    inside = {number for first, last in ends.items() for number in range(first + 1, last + 1)}
    for number, line in enumerate(document.lines):
        match = COMMENT.search(line.rstrip("\r\n"))
        if match and number not in inside and not is_quoted(document, match[0]):
            start = number if line[: match.start()].strip() else next_line(document, number)
            at = document.at((number, match.start()))
            yield Ignore(match[1].rstrip(",:"), at, start + 1, ends.get(start, start) + 1)


def text_ends(document: Document) -> dict[int, int]:
    """The last line of every literal or folded text by the line (both from 0) in which its sign stands."""
    ends = {}
    for mark in document.marks.values():
        if mark.style in ("|", ">"):
            first = mark.value[0]
            ends[first] = first + sum(1 for _ in below(document, first))
    return ends


def below(document: Document, first: int) -> Iterator[str]:
    """The lines of the text that begins in line `first`: empty or further in than its key."""
    line = document.lines[first]
    key = len(line) - len(line.lstrip(" -"))
    for line in document.lines[first + 1 :]:
        if line.strip() and len(line) - len(line.lstrip(" ")) <= key:
            return
        yield line


def next_line(document: Document, number: int) -> int:
    """The first line after a comment that is none itself."""
    for following in range(number + 1, len(document.lines)):
        if not document.lines[following].lstrip().startswith("#"):
            return following
    return number


def is_quoted(document: Document, comment: str) -> bool:
    """True where the words are part of a text in quotation marks and no comment."""
    values = (document.get(keys) for keys, mark in document.marks.items() if mark.style in ("'", '"'))
    return any(isinstance(value, str) and comment.rstrip(" \"'}],") in value for value in values)
