"""People of another tool to the list, and those who had left it there to the suppressions: all or nothing."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, update

from ruhrmail.model.consent import LASTING, Consent, Imported, Kind, NewImport, Suppression
from ruhrmail.model.migration import REASONS, Arrival, Moved, Stood
from ruhrmail.model.people import Person
from ruhrmail.store.choices import heeding
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.consents import record_row, wording_hash
from ruhrmail.store.databases import among, is_postgresql, prefer_indexes
from ruhrmail.store.driver import Values
from ruhrmail.store.hashes import read_hashes, suppressed_among
from ruhrmail.store.importing import (
    CHANGING,
    DECLARE,
    FIRST_CHANGING,
    PAIRS,
    Import,
    as_json,
    remember_columns,
    values_of,
)
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import consents, decisions, imports, microseconds, subscribers, suppressions
from ruhrmail.store.subscribers import BATCH
from ruhrmail.store.suppressions import suppress_keys

PLACE_OF = {name: place for place, name in enumerate(CHANGING, FIRST_CHANGING)}
"""Where the columns that may change stand in a row of what is stored."""
PLACES = [(name, place) for name, place in PLACE_OF.items() if name not in ("tags", "fields")]
CONSENT = ("consented_at", "consent_source", "consent_text")
COLUMNS_OF_AN_ARRIVAL = {
    "page": "r.value ->> 2", "stated_at": "r.value ->> 3", "procedure": "r.value ->> 4", "origin": "r.value ->> 5",
}  # fmt: skip
DECLARED = {key: text(DECLARE.format(pairs=pairs, **COLUMNS_OF_AN_ARRIVAL)) for key, pairs in PAIRS.items()}
"""A record for each person of a batch, with what the other tool says of their consent; each record once."""


def move_in(
    store: Store, arrivals: Iterable[Arrival], new: NewImport, now: datetime, rejected: Callable[[], int]
) -> tuple[Imported, Moved]:
    """Writes people to the list and refusals to the suppressions.

    Of whoever is stored already only empty columns are filled, values that differ are replaced, and tags are added. Who
    is suppressed here stays so; who confirmed an opt-in here after they had left there stays on the list. Arrivals that
    are neither subscribed nor a refusal are passed over. Raises StoreError, and whatever `arrivals` raises.
    """
    with store.writing() as connection:
        prefer_indexes(connection)
        begun = imports.insert().values(name=new.name, sha256=new.sha256, basis=new.basis, at=now)
        number = connection.execute(begun.returning(imports.c.id)).scalar_one()
        work = MovingIn(store, connection, new, number, None, now)
        rows = iter(arrivals)
        while batch := list(islice(rows, BATCH)):
            refuse(connection, [one for one in batch if one.standing in REASONS], work, now)
            work.welcome([one for one in batch if one.standing is Stood.SUBSCRIBED])
        done = replace(work.counts, rejected=rejected())
        figures = {name: getattr(done, name) for name in Imported.__slots__}
        connection.execute(update(imports).where(imports.c.id == number).values(figures))
        remember_columns(connection, work.columns)
    return done, work.moved


@dataclass(slots=True)
class MovingIn(Import):
    """An import that takes nothing away from whoever is stored."""

    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    moved: Moved = field(default_factory=Moved)

    def welcome(self, batch: Sequence[Arrival]) -> None:
        """The people of one batch."""
        self.arrivals = {one.person.key: one for one in batch}
        people = list(heeding(self.connection, [one.person for one in batch]))
        for one in people:
            self.columns.update(one.fields)
        self.take(people)

    def merged(self, person: Person, row: Row[Any]) -> Values:
        """What is stored of a person, with what the other tool knows besides."""
        new = values_of(person)
        kept = [pair for pair in PLACES if not new[pair[0]]]
        if row[PLACE_OF["consented_at"]]:
            kept += [(name, PLACE_OF[name]) for name in CONSENT]
        new |= {name: row[place] for name, place in kept}
        for name, join in (("tags", joined_tags), ("fields", joined_fields)):
            stored = str(row[PLACE_OF[name]])
            new[name] = stored if new[name] == stored else as_json(join(json.loads(stored), json.loads(str(new[name]))))
        return new | self.marks(row.on_roster, row.joined)

    def declare(self, people: Sequence[Person]) -> None:
        """Records what the other tool says of their consent, else the declared basis."""
        pairs = json.dumps([self.record_of(one) for one in people])
        values = {"at": microseconds(self.now), "import": self.number, "pairs": pairs, "basis": self.new.basis}
        self.connection.execute(DECLARED[is_postgresql(self.connection)], values)

    def record_of(self, one: Person) -> tuple[str | None, ...]:
        """Key, hash of the wording, page, time, procedure and network address of somebody's record."""
        said = self.arrivals[one.key]
        wording = wording_hash(one.consent_text) or None
        return one.key, wording, one.consent_source, one.consented_at, said.remark, said.origin


def joined_tags(stored: list[str], new: list[str]) -> list[str]:
    """The tags somebody has, and then those they lack."""
    return list(dict.fromkeys((*stored, *new)))


def joined_fields(stored: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """The fields somebody has, with those that are filled anew."""
    return stored | {name: value for name, value in new.items() if value or name not in stored}


def refuse(connection: Connection, batch: Sequence[Arrival], work: MovingIn, now: datetime) -> None:
    """Suppresses those of a batch who had left, bounced, complained or were blocked there."""
    refused = {one.person.key: one for one in batch}
    if not refused:
        return
    known, lifted = stored(connection, list(refused)), lifted_by_hand(connection, list(refused))
    back = {key for key, (_, confirmed) in known.items() if came_back(refused[key], confirmed)}
    back |= {key for key, at in lifted.items() if is_older(refused[key], at)}
    before = suppressed_among(connection, refused, read_hashes(connection))
    fresh = [one for key, one in refused.items() if key not in before and key not in back]
    suppress_fresh(connection, fresh, now)
    # Who is suppressed by a hash was forgotten: the address must not be written down again.
    openly = suppressions.c.key.in_([key for key in before if refused[key].standing in LASTING_THERE])
    named = set(connection.execute(select(suppressions.c.key).where(openly)).scalars())
    suppress_keys(connection, [suppression_of(refused[key], now) for key in named])
    left = [(known[one.person.key][0], one) for one in fresh if one.person.key in known]
    record_left(connection, left, now)
    so_far = work.moved
    work.moved = Moved(so_far.suppressed + len(fresh), so_far.already + len(before - back),
                       so_far.returned + len(back))  # fmt: skip


LASTING_THERE = frozenset(standing for standing, reason in REASONS.items() if reason in LASTING)


def stored(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
    """Who of a batch is stored: their number, and when they last confirmed an opt-in here."""
    last = (
        select(func.max(consents.c.at))
        .where(consents.c.subscriber == subscribers.c.id, consents.c.kind == Kind.CONFIRMED)
        .correlate(subscribers)
        .scalar_subquery()
    )
    found = select(subscribers.c.id, subscribers.c.key, last.label("confirmed"))
    rows = connection.execute(found.where(among(connection, subscribers.c.key, keys)))
    return {row.key: (row.id, row.confirmed) for row in rows}


def came_back(refusal: Arrival, confirmed: datetime | None) -> bool:
    """Whether somebody joined here after they had left there; nobody comes back from a lasting refusal."""
    return refusal.standing not in LASTING_THERE and confirmed is not None and is_older(refusal, confirmed)


def is_older(refusal: Arrival, at: datetime) -> bool:
    """Whether a refusal was said before then; of one without a time nobody knows."""
    return refusal.at is not None and refusal.at < at


def lifted_by_hand(connection: Connection, keys: Sequence[str]) -> dict[str, datetime]:
    """When somebody last decided that an address may be mailed."""
    last = select(decisions.c.key, func.max(decisions.c.at).label("last")).where(decisions.c.lifted == 1)
    rows = connection.execute(last.where(among(connection, decisions.c.key, keys)).group_by(decisions.c.key))
    return {row.key: row.last for row in rows}


def suppress_fresh(connection: Connection, fresh: Sequence[Arrival], now: datetime) -> None:
    """Adds suppressions of addresses that have none."""
    rows = [suppression_of(one, now) for one in fresh]
    values = [{"key": one.key, "reason": one.reason.value, "at": one.at, "evidence": one.evidence} for one in rows]
    if values:
        connection.execute(insert_or(connection, suppressions).on_conflict_do_nothing(), values)


def suppression_of(one: Arrival, now: datetime) -> Suppression:
    """The suppression that a refusal makes."""
    return Suppression(one.person.key, REASONS[one.standing], min(one.at or now, now), one.remark)


def record_left(connection: Connection, left: Sequence[tuple[int, Arrival]], now: datetime) -> None:
    """Adds a record for whoever is stored and withdrew their consent there."""
    rows = [
        record_row(number, Consent(0, Kind.WITHDRAWN, now, procedure=one.remark))
        for number, one in left
        if one.standing in (*LASTING_THERE, Stood.UNSUBSCRIBED)
    ]
    if rows:
        connection.execute(consents.insert(), rows)
