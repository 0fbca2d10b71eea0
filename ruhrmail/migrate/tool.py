"""What every tool's layout has: how to tell its files, and a row of them to an arrival."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from ruhrmail.migrate.moments import Moment
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.migration import Arrival, Complaint, Stood
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.model.remarks import ADDED, LEFT, OPTED_IN, SIGNED_UP

OWN = "@"
"""Columns that begin so are for the layout alone: no header can be called that."""
DROPPED = "@dropped"
"""Columns that a newsletter does not need: they are not stored."""
ORIGIN = "@origin"
"""The network address that somebody confirmed from."""
BETWEEN = re.compile(r"[|;,\s]+")
KNOWN = frozenset(KNOWN_COLUMNS)
FILLED_BY_HAND = KNOWN - {"email", "tags", "consented_at", "consent_source", "consent_text"}


class Layout(Protocol):
    """How one tool writes its exports."""

    @property
    def title(self) -> str:
        """The tool's name as people know it."""

    @property
    def address_first(self) -> bool:
        """Whether the first column holds the addresses, whatever it is called."""

    def fits(self, headers: Sequence[str]) -> bool:
        """Whether a file with these headers (in small letters) is this tool's."""

    def column(self, header: str, name: str) -> str:
        """What a column means; `name` is how our own lists would understand it."""

    def named(self, file: str, headers: Sequence[str]) -> Stood | None:
        """Where everybody in a file stands, by its name or headers; None where the rows say so, or nothing does."""

    def tells(self, headers: Sequence[str]) -> bool:
        """Whether each row says where its person stands."""

    def arrive(self, person: Person, named: Stood | None) -> Arrival | Complaint:
        """A row, its own columns among the fields."""


def own(person: Person, column: str) -> str:
    """What a row says in one of the layout's own columns."""
    return person.fields.get(column, "")


def cleared(person: Person) -> dict[str, str]:
    """The fields that stay."""
    return {name: value for name, value in person.fields.items() if not name.startswith(OWN)}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an export proves of a consent: when (empty for nothing), and where it was given."""

    at: str
    source: str


def settled(person: Person, agreed: Agreed, fields: Mapping[str, str], tags: Iterable[str]) -> Person:
    """The person with what they agreed to, their fields and tags; a field that is a column of ours fills it where it
    is empty."""
    ours = FILLED_BY_HAND & fields.keys()
    known = {name: fields[name] for name in ours if not person.value(name)}
    others = (
        {name: text for name, text in fields.items() if name not in KNOWN} if ours or KNOWN & fields.keys() else fields
    )
    tags = tuple(one for one in dict.fromkeys((*person.tags, *map(tag_of, tags))) if one)
    source = agreed.source if agreed.at else ""
    return replace(person, tags=tags, consented_at=agreed.at, consent_source=source, consent_text="", fields=others,
                   **known)  # fmt: skip


def refused(person: Person, standing: Stood, tool: str, at: Moment | None) -> Arrival:
    """Somebody who is not to be mailed."""
    remark = LEFT.format(tool=tool, standing=standing, at=at.text if at else "?")
    return Arrival(person, standing, at.at if at else None, remark)


def story(tool: str, asked: Moment | None, confirmed: Moment | None) -> str:
    """How somebody came onto the other tool's list, in English once and for all."""
    if asked is None:
        return ADDED.format(tool=tool, at=confirmed.text if confirmed else "?")
    if confirmed is None or confirmed.at <= asked.at:
        return SIGNED_UP.format(tool=tool, asked=asked.text)
    return OPTED_IN.format(tool=tool, asked=asked.text, confirmed=confirmed.text)


@lru_cache(maxsize=1000)
def tag_of(text: str) -> str:
    """A tag without what separates tags in lists: `VIP Kunde` becomes `VIP-Kunde`."""
    return BETWEEN.sub("-", text.strip()).strip("-")


@lru_cache(maxsize=1000)
def split_quoted(cell: str) -> tuple[str, ...]:
    """The parts of a cell such as `"Wirtschaft","VIP Kunde"`."""
    return tuple(next(csv.reader([" ".join(cell.split())], skipinitialspace=True), ())) if cell else ()


def unreadable_time(column: str, text: str) -> Complaint:
    """The complaint about a time that nobody understands."""
    return Complaint(
        column, phrase("{value} is no time", value=text), phrase("write it as 2026-11-06 09:00:00 or 06.11.2026 09:00")
    )
