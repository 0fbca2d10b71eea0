"""Somebody's preferences, by the link to them: looked up, and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ruhrmail.model.people import Person
from ruhrmail.model.preferences import Choice, Chosen
from ruhrmail.store.choices import heed, read_choice
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import preferences, subscribers
from ruhrmail.store.subscribers import RECIPIENT, listed, recipient_of, unsuppressed

NOTHING = Choice()


@dataclass(frozen=True, slots=True)
class Chooser:
    """Somebody with a link of their own: the store's number and what is stored of them, whether they are on the list
    and may be mailed, and what they chose so far."""

    number: int
    person: Person
    active: bool
    choice: Choice


def find_chooser(store: Store, token_id: bytes) -> Chooser | None:
    """Whom the eight bytes in a link stand for; None when nobody. Raises StoreError."""
    with store.reading() as connection:
        return chooser_of(connection, token_id)


def chooser_of(connection: Connection, token_id: bytes) -> Chooser | None:
    """The same within a transaction."""
    active = (listed() & unsuppressed()).label("active")
    row = connection.execute(select(*RECIPIENT, active).where(subscribers.c.token_id == token_id)).one_or_none()
    if row is None:
        return None
    *columns, is_active = row
    found = recipient_of(columns)
    chosen = read_choice(connection, found.subscriber)
    return Chooser(found.subscriber, found.person, bool(is_active), chosen[0] if chosen else NOTHING)


def choose(store: Store, token_id: bytes, offered: Sequence[str], chosen: Chosen, now: datetime) -> bool:
    """Writes down what somebody chose of the topics offered, and their language.

    It counts from the next enrolment on, and after every reading of a file. False, and nothing changed, for somebody
    who is not on the list. Raises StoreError.
    """
    with store.writing() as connection:
        found = chooser_of(connection, token_id)
        if found is None or not found.active:
            return False
        choice = found.choice.anew(offered, chosen)
        person = heed(found.person, choice)
        values: dict[str, Any] = {"tags": person.tags, "language": person.language}
        connection.execute(update(subscribers).where(subscribers.c.id == found.number).values(values))
        write_choice(connection, found.number, choice, now)
    return True


def write_choice(connection: Connection, subscriber: int, choice: Choice, now: datetime) -> None:
    """Keeps a choice in the place of an earlier one."""
    insert = insert_or(connection, preferences)
    row = {"offered": choice.offered, "topics": choice.topics, "language": choice.language, "at": now}
    after = {name: insert.excluded[name] for name in row}
    insert = insert.on_conflict_do_update(index_elements=["subscriber"], set_=after)
    connection.execute(insert, row | {"subscriber": subscriber})
