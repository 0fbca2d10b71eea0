"""Changes within lines: none of them adds or removes a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ruhrmail.source.document import Keys

Kind = Literal["quotes", "dashes", "spaces", "trailing", "dates"]


@dataclass(frozen=True, slots=True)
class Edit:
    """`new` instead of what stands from `start` to `end` in a line, all counted from 0; `keys` lead to the value."""

    line: int
    start: int
    end: int
    new: str
    kind: Kind
    keys: Keys = ()


def apply(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The lines with all edits made; of two that overlap, the earlier one counts."""
    found = list(lines)
    for edit in reversed(drop_overlaps(edits)):
        line = found[edit.line]
        found[edit.line] = line[: edit.start] + edit.new + line[edit.end :]
    return found


def drop_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without those that begin before the one ahead of them ends."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.line, one.start, one.end)):
        if not kept or kept[-1].line != edit.line or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept
