"""The list: whom the roster names and who came another way, less the suppressed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    cast,
    exists,
    func,
    or_,
    select,
)

from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person, Recipient
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store.audiences import belongs
from ruhrmail.store.opening import Store
from ruhrmail.store.paging import paged
from ruhrmail.store.schema import subscribers, suppressions

BATCH = 1000
TOKEN_BYTES = 8
ATTRIBUTES = tuple(field.name for field in fields(Person))
TAGS = ATTRIBUTES.index("tags")
FIELDS = ATTRIBUTES.index("fields")
RECIPIENT = (subscribers.c.id, subscribers.c.token_id, *(subscribers.c[name] for name in ATTRIBUTES))
"""The columns that make a Recipient, in the order `recipient_of` takes them."""
TEXT_COLUMNS = tuple(name for name in ATTRIBUTES if name not in ("tags", "fields"))


def listed() -> ColumnElement[bool]:
    """The condition that a subscriber's row stands on the roster or came another way."""
    return or_(subscribers.c.on_roster.is_not(None), subscribers.c.joined.is_not(None))


def unsuppressed() -> ColumnElement[bool]:
    """The condition that nothing forbids to mail a subscriber."""
    return ~exists().where(suppressions.c.key == subscribers.c.key)


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
    page = select(*RECIPIENT).where(listed(), unsuppressed()).order_by(subscribers.c.id).limit(BATCH)
    return map(recipient_of, paged(store, page, subscribers.c.id))


def subscriber_by_token_id(store: Store, token_id: bytes) -> tuple[int, Person] | None:
    """Whom the eight bytes in a link stand for, by number in the store; None when nobody."""
    which = subscribers.c.token_id == token_id
    with store.reading() as connection:
        row = connection.execute(select(*RECIPIENT).where(which)).one_or_none()
    if row is None:
        return None
    found = recipient_of(row)
    return found.subscriber, found.person
