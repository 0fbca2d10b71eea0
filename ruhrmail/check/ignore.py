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
from ruhrmail.source.scalars import Scalar, find_scalars

COMMENT = re.compile(r"(?:^|(?<=\s))#\s*ruhrmail:\s*ignore\b\s*(\S*)", re.IGNORECASE)


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
    if not any(COMMENT.search(line) for line in document.lines):
        return
    scalars = list(find_scalars(document.lines))
    ends = {one.start[0]: last_line(one) for one in scalars}
    for number, line in enumerate(document.lines):
        match = COMMENT.search(line)
        if match and not any(holds(one, number, match.start()) for one in scalars):
            start = number if line[: match.start()].strip() else next_line(document, number)
            at = document.at((number, match.start()))
            yield Ignore(match[1].rstrip(",:"), at, start + 1, ends.get(start, start) + 1)


def last_line(scalar: Scalar) -> int:
    """The last line (from 0) that belongs to a text: a block ends where the next line begins."""
    line, column = scalar.end
    return line if column or line == scalar.start[0] else line - 1


def holds(scalar: Scalar, line: int, column: int) -> bool:
    """True for a place that is part of a text; in the line with a block's sign a comment may stand."""
    if scalar.style in ("|", ">") and line == scalar.start[0]:
        return False
    return scalar.start <= (line, column) < scalar.end


def next_line(document: Document, number: int) -> int:
    """The first line after a comment that is neither one itself nor empty."""
    for following in range(number + 1, len(document.lines)):
        line = document.lines[following].strip()
        if line and not line.startswith("#"):
            return following
    return number
