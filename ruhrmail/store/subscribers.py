"""The list: whom the roster names and who came another way, less the suppressed."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person, Recipient
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store.audiences import belongs
from ruhrmail.store.choices import heeding
from ruhrmail.store.conflict import ConflictInsert, insert_or
from ruhrmail.store.databases import is_postgresql, pour
from ruhrmail.store.driver import Values, execute_rows
from ruhrmail.store.hashes import hashed_keys, read_hashes
from ruhrmail.store.opening import Randomness, Store, recall, remember
from ruhrmail.store.schema import microseconds, subscribers, suppressions

BATCH = 1000
TOKEN_BYTES = 8
ATTRIBUTES = tuple(field.name for field in fields(Person))
TAGS = ATTRIBUTES.index("tags")
FIELDS = ATTRIBUTES.index("fields")
RECIPIENT = (subscribers.c.id, subscribers.c.token_id, *(subscribers.c[name] for name in ATTRIBUTES))
"""The columns that make a Recipient, in the order `recipient_of` takes them."""
TEXT_COLUMNS = tuple(name for name in ATTRIBUTES if name not in ("tags", "fields"))
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


def listed() -> ColumnElement[bool]:
    """The condition that a subscriber's row stands on the roster or came another way."""
    return or_(subscribers.c.on_roster.is_not(None), subscribers.c.joined.is_not(None))


def unsuppressed() -> ColumnElement[bool]:
    """The condition that nothing forbids to mail a subscriber."""
    return ~exists().where(suppressions.c.key == subscribers.c.key)


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


def recipient_of(row: Sequence[Any]) -> Recipient:
    """The recipient that a row of RECIPIENT tells about; by position, as claims read a million of them."""
    number, token_id, *values = row
    values[TAGS] = tuple(values[TAGS])
    return Recipient(number, token_id, Person(*values))


def person_of(values: Sequence[Any]) -> Person:
    """The person that ATTRIBUTES tell about, with JSON as its text: mostly one that many share, so it is read once."""
    columns = list(values)
    columns[TAGS] = tags_of(columns[TAGS])
    columns[FIELDS] = fields_of(columns[FIELDS])
    return Person(*columns)


@lru_cache(maxsize=1024)
def tags_of(text: str) -> tuple[str, ...]:
    """Tags from the JSON they are stored as."""
    return tuple(json.loads(text))


@lru_cache(maxsize=1024)
def fields_of(text: str) -> Mapping[str, str]:
    """Further columns from the JSON they are stored as; nobody changes them."""
    found: dict[str, str] = json.loads(text)
    return found


def roster_state(store: Store) -> RosterState | None:
    """The roster as last read; None before the first time."""
    with store.reading() as connection:
        sha256 = recall(connection, "roster_sha256")
        complaints = recall(connection, "roster_complaints")
    return None if sha256 is None else RosterState(sha256, int(complaints or 0))


def count_suppressed(store: Store, audience: Audience = EVERYBODY) -> int:
    """How many of an audience stand on the list and may not be mailed: they left, or their address does not work."""
    with store.reading() as connection:
        count = select(func.count()).select_from(subscribers).where(listed(), ~unsuppressed(), belongs(audience))
        return connection.execute(count).scalar_one()


def list_size(store: Store, audience: Audience = EVERYBODY) -> int:
    """How many people of an audience would be mailed today."""
    with store.reading() as connection:
        count = select(func.count()).select_from(subscribers).where(listed(), unsuppressed(), belongs(audience))
        return connection.execute(count).scalar_one()


def count_without(
    store: Store,
    column: str,
    variants: Variants = ONE_VARIANT,
    wanted: Collection[str] = ("",),
    audience: Audience = EVERYBODY,
) -> int:
    """How many of an audience have nothing in a column, by the name that merge fields use; only those count whose
    tags select one of the wanted variants."""
    tags = cast(subscribers.c.tags, Text)
    empty = (listed(), unsuppressed(), is_empty(column), belongs(audience))
    with store.reading() as connection:
        if len(wanted) == len(variants.names):
            count = select(func.count()).select_from(subscribers).where(*empty)
            return connection.execute(count).scalar_one()
        grouped = connection.execute(select(tags, func.count()).where(*empty).group_by(tags))
        return sum(people for text, people in grouped if variants.choose(json.loads(text)) in wanted)


def is_empty(column: str) -> ColumnElement[bool]:
    """The condition that a subscriber has nothing in a known or any other column."""
    if column == "tags":
        return cast(subscribers.c.tags, Text) == "[]"
    if column in KNOWN_COLUMNS:
        return subscribers.c[column] == ""
    return func.coalesce(subscribers.c.fields[column].as_string(), "") == ""


def people(store: Store) -> Iterator[Recipient]:
    """Everybody on the list, oldest first, read a page at a time."""
    last = 0
    page = select(*RECIPIENT).where(listed(), unsuppressed()).order_by(subscribers.c.id).limit(BATCH)
    while True:
        with store.reading() as connection:
            rows = connection.execute(page.where(subscribers.c.id > last)).all()
        if not rows:
            return
        yield from (recipient_of(row) for row in rows)
        last = rows[-1].id


def subscriber_by_token_id(store: Store, token_id: bytes) -> tuple[int, Person] | None:
    """Whom the eight bytes in a link stand for, by number in the store; None when nobody."""
    which = subscribers.c.token_id == token_id
    with store.reading() as connection:
        row = connection.execute(select(*RECIPIENT).where(which)).one_or_none()
    if row is None:
        return None
    found = recipient_of(row)
    return found.subscriber, found.person
