"""The roster as it was last read: every reading makes the stored list what the file says."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, exists, func, or_, select, update

from ruhrmail.model.people import Person
from ruhrmail.store.choices import heeding
from ruhrmail.store.conflict import ConflictInsert, insert_or
from ruhrmail.store.databases import is_postgresql, pour
from ruhrmail.store.driver import Values, execute_rows
from ruhrmail.store.hashes import hashed_keys, read_hashes
from ruhrmail.store.opening import Randomness, Store, recall, remember
from ruhrmail.store.schema import microseconds, subscribers, suppressions
from ruhrmail.store.subscribers import ATTRIBUTES, BATCH, TEXT_COLUMNS, TOKEN_BYTES

ROSTER_COLUMNS = (*ATTRIBUTES, "token_id", "on_roster", "created_at")
PLACES: dict[str, Any] = {name: bindparam(name) for name in ROSTER_COLUMNS}
incoming = Table(
    "incoming_roster",
    MetaData(),
    *(Column(name, subscribers.c[name].type) for name in ROSTER_COLUMNS),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""Rows of the roster on their way into the list."""


@dataclass(frozen=True, slots=True)
class RosterState:
    """The roster as it was last read: the hash of its bytes, and how many findings it had."""

    sha256: str
    complaints: int


def sync_roster(
    store: Store, people: Iterable[Person], sha256: str, now: datetime, complaints: Callable[[], int] = lambda: 0
) -> int:
    """Makes the stored roster what `people` says, all or nothing, and remembers the hash of the bytes it came from.

    The roster's values win, but for what people chose themselves; of rows with the same key the first does. Who is no
    longer named is no longer on the roster. Suppressed people who are not stored yet stay unknown. Returns how many
    people the roster now holds. `complaints` is asked once `people` is read how many findings there were. Raises
    StoreError, and whatever `people` raises: then nothing has changed.
    """
    with store.writing() as connection:
        reading = int(recall(connection, "roster_reading") or 0) + 1
        save = saver_of(connection, reading)
        unwelcome, hashes, forgotten = unwelcome_keys(connection), read_hashes(connection), hashed_keys(connection)
        read = heeding(connection, people)
        welcome = (one for one in read if one.key not in unwelcome and hashes.of(one.key) not in forgotten)
        while batch := list(islice(welcome, BATCH)):
            save(rows_of(batch, reading, store.randomness, now))
        finish_reading(connection, reading, sha256, complaints())
        count = select(func.count()).select_from(subscribers).where(subscribers.c.on_roster == reading)
        return connection.execute(count).scalar_one()


def finish_reading(connection: Connection, reading: int, sha256: str, complaints: int) -> None:
    """Whoever this reading of the roster did not name is no longer on it; remembers what was read."""
    connection.execute(update(subscribers).where(subscribers.c.on_roster < reading).values(on_roster=None))
    state = {"roster_sha256": sha256, "roster_complaints": str(complaints), "roster_reading": str(reading)}
    remember(connection, **state)


def unwelcome_keys(connection: Connection) -> frozenset[str]:
    """The keys that are suppressed and not stored: what we forgot stays forgotten."""
    unknown = ~exists().where(subscribers.c.key == suppressions.c.key)
    return frozenset(connection.execute(select(suppressions.c.key).where(unknown)).scalars())


def saver_of(connection: Connection, reading: int) -> Callable[[list[Values]], None]:
    """What saves rows of the roster's reading number `reading`: on PostgreSQL by COPY, by way of a table beside."""
    if not is_postgresql(connection):
        one_by_one = saving(insert_or(connection, subscribers).values(PLACES), reading)
        return lambda rows: execute_rows(connection, one_by_one, rows)
    incoming.create(connection)
    inserted = insert_or(connection, subscribers).from_select(ROSTER_COLUMNS, select(incoming))
    all_at_once = saving(inserted, reading)

    def save(rows: list[Values]) -> None:
        first = {row["key"]: row for row in reversed(rows)}  # a statement may change no row twice
        connection.exec_driver_sql(f"TRUNCATE {incoming.name}")
        ordered = (first.pop(row["key"], None) for row in rows)
        in_order = itemgetter(*ROSTER_COLUMNS)
        pour(connection, incoming.name, ROSTER_COLUMNS, [in_order(row) for row in ordered if row])
        connection.execute(all_at_once)

    return save


def saving(upsert: ConflictInsert, reading: int) -> ConflictInsert:
    """An INSERT that lets the roster's reading number `reading` win over what is stored, once for each address."""
    values = {name: upsert.excluded[name] for name in ROSTER_COLUMNS if name not in ("token_id", "key", "created_at")}
    first = or_(subscribers.c.on_roster.is_(None), subscribers.c.on_roster != reading)
    return upsert.on_conflict_do_update(index_elements=["key"], set_=values, where=first)


def rows_of(people: Sequence[Person], reading: int, randomness: Randomness, now: datetime) -> list[Values]:
    """Rows for the driver, each with eight random bytes of its own."""
    tokens = randomness(TOKEN_BYTES * len(people))
    created_at = microseconds(now)
    return [
        {
            **{name: getattr(person, name) for name in TEXT_COLUMNS},
            "tags": json.dumps(person.tags, ensure_ascii=False),
            "fields": json.dumps(dict(person.fields), ensure_ascii=False),
            "token_id": tokens[at : at + TOKEN_BYTES],
            "on_roster": reading,
            "created_at": created_at,
        }
        for person, at in zip(people, range(0, len(tokens), TOKEN_BYTES), strict=True)
    ]


def roster_state(store: Store) -> RosterState | None:
    """The roster as last read; None before the first time."""
    with store.reading() as connection:
        sha256 = recall(connection, "roster_sha256")
        complaints = recall(connection, "roster_complaints")
    return None if sha256 is None else RosterState(sha256, int(complaints or 0))
