"""Consent records: written once, read in order, gone only with the person."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, select

from ruhrmail.model.consent import Consent, Kind, Reason, Suppression
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.paging import paged
from ruhrmail.store.schema import (
    ABOUT_A_PERSON,
    address_changes,
    consents,
    deliveries,
    imports,
    outbox,
    subscribers,
    wordings,
)
from ruhrmail.store.suppressions import suppress_keys

RECORDS = (
    select(
        consents,
        wordings.c.text.label("words"),
        imports.c.basis.label("declared_basis"),
        imports.c.name.label("file"),
    )
    .outerjoin(wordings, wordings.c.sha256 == consents.c.wording)
    .outerjoin(imports, imports.c.id == consents.c.source)
)
PAGE = 10_000
GRANTS = (Kind.CONFIRMED, Kind.DECLARED)
NEUTRAL = (Kind.ASKED, Kind.CHANGED)
"""Records that neither give nor take a consent."""


def wording_hash(text: str) -> str:
    """SHA-256 (hexadecimal) of a wording's UTF-8 bytes, empty for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def add_record(connection: Connection, subscriber: int, one: Consent, source: int | None = None) -> int:
    """Writes a record within a transaction and gives its number; `number` and `sha256` of `one` do not matter."""
    keep_wordings(connection, [one.wording])
    row = record_row(subscriber, one, source)
    number = connection.execute(consents.insert().returning(consents.c.id), row).scalar_one()
    return int(number)


def record_row(subscriber: int, one: Consent, source: int | None = None) -> dict[str, object]:
    """The row that a record makes; its wording lies elsewhere."""
    return {
        "subscriber": subscriber, "kind": one.kind, "at": one.at, "page": one.page,
        "wording": wording_hash(one.wording) or None, "procedure": one.procedure, "mail": one.mail,
        "origin": one.origin, "language": one.language, "stated_at": one.stated_at, "source": source,
    }  # fmt: skip


def keep_wordings(connection: Connection, texts: Sequence[str]) -> None:
    """Keeps the texts that are new."""
    rows = [{"sha256": wording_hash(text), "text": text} for text in dict.fromkeys(texts) if text]
    if rows:
        connection.execute(insert_or(connection, wordings).on_conflict_do_nothing(), rows)


def drop_idle_wordings(connection: Connection) -> None:
    """Deletes the texts that no record names any more; one may hold the name of somebody who is forgotten."""
    used = select(consents.c.wording).where(consents.c.wording.is_not(None))
    idle = select(wordings.c.sha256).except_(used)  # sorts both once; to ask for each text would read all records
    connection.execute(delete(wordings).where(wordings.c.sha256.in_(idle)))


def read_consents(connection: Connection, subscriber: int) -> tuple[Consent, ...]:
    """Every record of a person, oldest first."""
    ours = RECORDS.where(consents.c.subscriber == subscriber).order_by(consents.c.id)
    return tuple(consent_of(row) for row in connection.execute(ours))


def consent_of(row: Row[Any]) -> Consent:
    """The record that a row tells about."""
    return Consent(
        number=row.id,
        kind=Kind(row.kind),
        at=row.at,
        page=row.page,
        wording=row.words or "",
        sha256=row.wording or "",
        procedure=row.procedure,
        mail=row.mail,
        origin=row.origin,
        language=row.language,
        stated_at=row.stated_at,
        basis=row.declared_basis or "",
        source=row.file or "",
    )


def holds_consents(store: Store) -> bool:
    """Whether the store has a record of anybody's consent: from then on a row without proof is an error.

    A request that nobody confirmed is none, and neither is a withdrawal.
    """
    with store.reading() as connection:
        return bool(connection.execute(select(exists().where(consents.c.kind.in_(GRANTS)))).scalar_one())


def granted() -> ColumnElement[bool]:
    """The condition that a subscriber's last record that gives or takes a consent is a grant, not a withdrawal."""
    last = (
        select(consents.c.kind)
        .where(consents.c.subscriber == subscribers.c.id, consents.c.kind.not_in(NEUTRAL))
        .order_by(consents.c.id.desc())
        .limit(1)
        .correlate(subscribers)
    )
    return func.coalesce(last.scalar_subquery(), "").in_(GRANTS)


def granted_keys(store: Store) -> Iterator[str]:
    """The addresses' keys of everybody with a record that allows to mail them, a page at a time."""
    ours = select(subscribers.c.id, subscribers.c.key).where(granted()).order_by(subscribers.c.id).limit(PAGE)
    return (row.key for row in paged(store, ours, subscribers.c.id))


def purge_unconfirmed(store: Store, before: datetime) -> int:
    """Deletes whoever asked to join before then and never confirmed, and is known for nothing else; returns how many.

    New addresses that somebody gave before then, and that were never confirmed, go as well, and what is known of mails
    to them and to former addresses. Raises StoreError.
    """
    young = exists().where(consents.c.subscriber == subscribers.c.id, consents.c.at >= before)
    other = exists().where(consents.c.subscriber == subscribers.c.id, consents.c.kind != Kind.ASKED)
    asked = exists().where(consents.c.subscriber == subscribers.c.id)
    mailed = exists().where(deliveries.c.subscriber == subscribers.c.id)
    unlisted = subscribers.c.on_roster.is_(None) & subscribers.c.joined.is_(None)
    stale = select(subscribers.c.id).where(unlisted, asked, ~young, ~other, ~mailed)
    unused = address_changes.c.done_at.is_(None) & (address_changes.c.asked_at < before)
    elsewhere = outbox.c.email.is_not(None) & (outbox.c.created_at < before)
    some_left = select(exists().where(unused) | exists().where(elsewhere))
    with store.reading() as connection:  # mostly there is nobody, and no pen is needed
        numbers = list(connection.execute(stale).scalars())
        if not numbers and not connection.execute(some_left).scalar_one():
            return 0
    with store.writing() as connection:
        connection.execute(delete(outbox).where(elsewhere))
        connection.execute(delete(address_changes).where(unused))
        numbers = list(connection.execute(stale).scalars())
        for first in range(0, len(numbers), PAGE):
            some = numbers[first : first + PAGE]
            for table in ABOUT_A_PERSON:
                connection.execute(delete(table).where(table.c.subscriber.in_(some)))
            connection.execute(delete(subscribers).where(subscribers.c.id.in_(some)))
        drop_idle_wordings(connection)
    return len(numbers)


def withdraw(store: Store, subscriber: int, key: str, now: datetime, evidence: str) -> bool:
    """Takes somebody off the list because they say so: a suppression and a record of it, in one transaction.

    Who is suppressed for another reason stays so, and the record tells that they left besides. Returns whether that
    changed anything; to leave twice is recorded once. Raises StoreError.
    """
    with store.writing() as connection:
        changed = suppress_keys(connection, [Suppression(key, Reason.UNSUBSCRIBED, now, evidence)])
        last = select(consents.c.kind).where(consents.c.subscriber == subscriber).order_by(consents.c.id.desc())
        if changed or connection.execute(last.limit(1)).scalar_one_or_none() != Kind.WITHDRAWN:
            add_record(connection, subscriber, Consent(0, Kind.WITHDRAWN, now, procedure=evidence))
    return changed
