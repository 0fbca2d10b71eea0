"""What people decided for themselves since a backup was made: it holds after the backup has come back, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select, update

from ruhrmail.model.consent import Consent, Kind
from ruhrmail.store.choices import CHOICE, choice_of, heed
from ruhrmail.store.consents import add_record
from ruhrmail.store.preferences import chooser_of, write_choice
from ruhrmail.store.schema import address_changes, preferences, subscribers


@dataclass(frozen=True, slots=True)
class Decided:
    """New addresses that count, oldest first, and choices, each with the eight random bytes of its person."""

    changes: Sequence[Row[*tuple[Any, ...]]]
    choices: Sequence[Row[*tuple[Any, ...]]]


def read_decided(connection: Connection) -> Decided:
    """What people decided, as a store has it."""
    whose = subscribers.c.token_id
    moved = select(whose, address_changes).join(subscribers, subscribers.c.id == address_changes.c.subscriber)
    chosen = select(whose, *CHOICE, preferences.c.at).join(subscribers, subscribers.c.id == preferences.c.subscriber)
    done = moved.where(address_changes.c.done_at.is_not(None), address_changes.c.former != "")
    changes = connection.execute(done.order_by(address_changes.c.id)).all()
    return Decided(changes, connection.execute(chosen).all())


def carry_decided(connection: Connection, decided: Decided) -> None:
    """Adds to a store what it does not know of it."""
    for change in decided.changes:
        carry_change(connection, change)
    for choice in decided.choices:
        carry_choice(connection, choice)


def carry_change(connection: Connection, change: Row[*tuple[Any, ...]]) -> None:
    """Has somebody's mail go to their new address, unless that is stored by itself."""
    theirs = (subscribers.c.token_id == change.token_id) & (subscribers.c.key == change.former)
    row = connection.execute(select(subscribers.c.id, subscribers.c.email).where(theirs)).one_or_none()
    if row is None or connection.execute(select(exists().where(subscribers.c.key == change.key))).scalar_one():
        return
    address = {"key": change.key, "email": change.email, "on_roster": None, "joined": "web"}
    connection.execute(update(subscribers).where(subscribers.c.id == row.id).values(address))
    names = ("email", "key", "asked_at", "done_at", "former")
    kept = {name: getattr(change, name) for name in names} | {"subscriber": row.id, "mail": ""}
    connection.execute(address_changes.insert(), kept)
    add_record(connection, row.id, Consent(0, Kind.CHANGED, change.done_at, procedure=f"{row.email} → {change.email}"))


def carry_choice(connection: Connection, choice: Row[*tuple[Any, ...]]) -> None:
    """Puts somebody's choice in the place of an older one."""
    found = chooser_of(connection, choice.token_id)
    if found is None:
        return
    newer = exists().where(preferences.c.subscriber == found.number, preferences.c.at >= choice.at)
    if connection.execute(select(newer)).scalar_one():
        return
    chosen = choice_of(choice.offered, choice.topics, choice.language)
    person = heed(found.person, chosen)
    values = {"tags": person.tags, "language": person.language}
    connection.execute(update(subscribers).where(subscribers.c.id == found.number).values(values))
    write_choice(connection, found.number, chosen, choice.at)
