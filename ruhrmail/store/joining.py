"""Joining: a request with its mail, and its confirmation, each in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from ruhrmail.model.consent import Consent, Kind, Reason
from ruhrmail.model.people import Person
from ruhrmail.model.post import NewPost, PostKind
from ruhrmail.store.access import Record, record_of
from ruhrmail.store.consents import add_record, read_consents
from ruhrmail.store.driver import Values, insert_row
from ruhrmail.store.importing import ADD, values_of
from ruhrmail.store.opening import Store
from ruhrmail.store.outbox import put_post, wrote_since
from ruhrmail.store.schema import consents, microseconds, subscribers
from ruhrmail.store.subscribers import TOKEN_BYTES, subscriber_by_token_id
from ruhrmail.store.suppressions import find_suppression, lift_suppression

ADD_ONE = ADD.returning(subscribers.c.id)
ONE_MAIL_IN = timedelta(days=1)
OWN_STEPS = (Kind.CONFIRMED, Kind.CHANGED, Kind.WITHDRAWN)
"""What needs a mail that the address got: strangers who enter it cannot bring these about."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail about joining: its kind, its Message-ID, and the whole of it (RFC 5322, ASCII, CRLF)."""

    kind: PostKind
    message_id: str
    message: str


Write = Callable[[PostKind, bytes, int], Letter]
"""Writes a mail for the subscriber with these eight random bytes, about the record with this number (0: none)."""
Decide = Callable[[Record, bool], PostKind | None]
"""Says which mail follows a request, from what is known and whether one was written of late; None for none."""


def record_request(
    store: Store, person: Person, asked: Consent, decide: Decide, write: Write, now: datetime
) -> PostKind | None:
    """Writes down that somebody asked to join, with the mail that follows; returns which, None for none.

    The record and its mail are there together or not at all. Whoever is new is stored, off the list. A mail counts as
    written of late for a day, or until the person took a step of their own. Raises StoreError.
    """
    with store.writing() as connection:
        record = record_of(connection, store.id, person.key)
        wrote = wrote_since(connection, record.number, person.key, quiet_since(record, now))
        kind = decide(record, wrote)
        if kind is None:
            return None
        number = record.number or add_person(connection, store, person, now)
        token_id = token_of(connection, number)
        told = add_record(connection, number, asked) if kind is PostKind.CONFIRM else 0
        letter = write(kind, token_id, told)
        if told:  # the mail names its record, so it is written once the record has a number
            connection.execute(update(consents).where(consents.c.id == told).values(mail=letter.message))
        put_post(connection, NewPost(number, letter.kind, letter.message_id, letter.message), now)
    return kind


def quiet_since(record: Record, now: datetime) -> datetime:
    """From when on a mail about joining forbids another one: who leaves by mistake may come back on the same day."""
    return max([now - ONE_MAIL_IN, *(one.at for one in record.consents if one.kind in OWN_STEPS)])


def add_person(connection: Connection, store: Store, person: Person, now: datetime) -> int:
    """Stores somebody who is not on the list, and gives their number."""
    row: Values = {"key": person.key, "token_id": store.randomness(TOKEN_BYTES), "created_at": microseconds(now)}
    values: Values = values_of(person) | {"on_roster": None, "joined": None} | row
    return insert_row(connection, ADD_ONE, values)


def token_of(connection: Connection, number: int) -> bytes:
    """A subscriber's eight random bytes."""
    found: bytes = connection.execute(
        subscribers.select().with_only_columns(subscribers.c.token_id).where(subscribers.c.id == number)
    ).scalar_one()
    return found


def consents_by_token_id(store: Store, token_id: bytes) -> tuple[Person, tuple[Consent, ...]] | None:
    """Whom eight bytes stand for, with their records; None for nobody. Changes nothing."""
    found = subscriber_by_token_id(store, token_id)
    if found is None:
        return None
    with store.reading() as connection:
        return found[1], read_consents(connection, found[0])


def confirm(
    store: Store,
    token_id: bytes,
    number: int,
    may: Callable[[Sequence[Consent]], bool | None],
    lifted: Sequence[Reason],
    now: datetime,
) -> bool | None:
    """Puts somebody onto the list who used the link of the request with this number, if `may` says True of the records.

    A suppression for one of the `lifted` reasons goes; with another nothing is changed. Returns what `may` said, False
    for nobody and for who may not come back. Raises StoreError.
    """
    with store.writing() as connection:
        which = subscribers.c.token_id == token_id
        row = connection.execute(subscribers.select().where(which)).one_or_none()
        if row is None:
            return False
        records = read_consents(connection, row.id)
        verdict, found = may(records), find_suppression(connection, row.key)
        if not verdict or (found is not None and found.reason not in lifted):
            return verdict if not verdict else False
        asked = next(one for one in records if one.number == number)
        add_record(connection, row.id, replace(asked, kind=Kind.CONFIRMED, at=now, mail="", origin="", procedure=""))
        lift_suppression(connection, row.key, lifted)
        connection.execute(update(subscribers).where(subscribers.c.id == row.id).values(joined="web"))
    return True
