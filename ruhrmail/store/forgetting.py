"""Erasure (Art. 17 GDPR): everything about a person goes, but a keyed hash that keeps them from being mailed."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, delete, exists, func, literal, or_, select, update

from ruhrmail.model.consent import LASTING, Reason, Suppression
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import phrase
from ruhrmail.store import databases, phrases
from ruhrmail.store.consents import drop_idle_wordings
from ruhrmail.store.expressions import PlaceOf
from ruhrmail.store.hashes import ensure_hashes
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import (
    ABOUT_A_PERSON,
    address_changes,
    attempts,
    bounces,
    consents,
    decisions,
    deliveries,
    imports,
    mailings,
    outbox,
    subscribers,
    suppressions,
)
from ruhrmail.store.subscribers import TOKEN_BYTES
from ruhrmail.store.suppressions import find_suppression, suppress_keys

NOBODY = "@invalid"
"""How the key of a row ends that stands for somebody who was forgotten; the rest of it is chance."""
ERASED = phrase("a relay's reply, erased because it named somebody who was forgotten")
ELLIPSIS = "…"
"""What stands for somebody's address or name in words about others."""
UNTRIED = (State.PENDING, State.CLAIMED, State.DEFERRED)
UNKNOWN = (State.IN_FLIGHT, State.IN_DOUBT)
MOVING = (State.IN_FLIGHT,)


def is_moving(store: Store, key: str) -> bool:
    """Whether a mail to this address is on its way to a relay: then what the relay says is still to be written."""
    moving = exists().where(
        subscribers.c.key == key, deliveries.c.subscriber == subscribers.c.id, deliveries.c.state.in_(MOVING)
    )
    with store.reading() as connection:
        return bool(connection.execute(select(moving)).scalar_one())


def forget(store: Store, key: str, now: datetime) -> bool:
    """Takes every trace of an address out of the store, its file and its log; returns whether there was one.

    What remains is the keyed hash of each address they had among the suppressions, and in the ledger a row without a
    name, so that its figures stay true. Whoever complained, or was suppressed by hand, stays so under the hash. The
    file is written anew from what is left, for deleted rows leave their bytes behind. Raises StoreError, also where
    others do not let go of the old log for a minute: then run it again.
    """
    with store.writing() as connection:
        known = erase(connection, store, key, now)
    databases.rewrite(store.engine)
    return known


def erase(connection: Connection, store: Store, key: str, now: datetime) -> bool:
    """The same within a transaction, without the file.

    Whoever changed their address goes under each that they had: by the former one too, unless it is somebody else's by
    now.
    """
    before = find_suppression(connection, key)
    numbers = owners_of(connection, key)
    full_names = full_names_of(connection, numbers)
    for name in names_of(connection, key, numbers):
        replace_by_hash(connection, store, name, now)
        scrub_texts(connection, name)
        for words in (name, *full_names):
            scrub_grounds(connection, words)
    for number in numbers:
        erase_person(connection, store, number)
    return bool(numbers) or (before is not None and before.key == key)


def owners_of(connection: Connection, key: str) -> Sequence[int]:
    """Who is stored under an address, else who was until they changed it."""
    now = connection.execute(select(subscribers.c.id).where(subscribers.c.key == key)).scalars().all()
    once = select(address_changes.c.subscriber).where(address_changes.c.former == key).distinct()
    return now or connection.execute(once).scalars().all()


def names_of(connection: Connection, key: str, numbers: Sequence[int]) -> Sequence[str]:
    """An address, and every other that these subscribers had or have and nobody else has by now, each by its key."""
    theirs = address_changes.c.subscriber.in_(numbers) & (address_changes.c.former != "")
    found = connection.execute(select(address_changes.c.former, address_changes.c.key).where(theirs)).all()
    names = list(dict.fromkeys([key, *(name for pair in found for name in pair)]))
    others = subscribers.c.key.in_(names) & subscribers.c.id.not_in(numbers)
    taken = frozenset(connection.execute(select(subscribers.c.key).where(others)).scalars())
    return [name for name in names if name not in taken]


def keys_of(store: Store, key: str) -> Sequence[str]:
    """The keys of all addresses that `forget` erases with this one, itself the first. Raises StoreError."""
    with store.reading() as connection:
        return names_of(connection, key, owners_of(connection, key))


def replace_by_hash(connection: Connection, store: Store, key: str, now: datetime) -> None:
    """Keeps an address from being mailed by its hash alone."""
    before = find_suppression(connection, key)
    hashed = ensure_hashes(connection, store.randomness).of(key)
    assert hashed is not None
    connection.execute(delete(suppressions).where(suppressions.c.key == key))
    connection.execute(delete(decisions).where(decisions.c.key == key))
    reason = before.reason if before is not None and before.reason in LASTING else Reason.FORGOTTEN
    suppress_keys(connection, [Suppression(hashed, reason, now)])


def full_names_of(connection: Connection, numbers: Sequence[int]) -> Sequence[str]:
    """What these subscribers are called, first name and last name; nothing where one of them is missing."""
    named = select(subscribers.c.first_name, subscribers.c.last_name).where(subscribers.c.id.in_(numbers))
    return [f"{first} {last}" for first, last in connection.execute(named) if first and last]


def erase_person(connection: Connection, store: Store, number: int) -> None:
    """The rows about a subscriber; the ledger's stay, without what relays said."""
    clear_own_imports(connection, number)
    nameless = {"subscriber": None, "text": ""}  # they stay, for figures
    connection.execute(update(bounces).where(bounces.c.subscriber == number).values(nameless))
    for table in ABOUT_A_PERSON:
        connection.execute(delete(table).where(table.c.subscriber == number))
    drop_idle_wordings(connection)
    ours = deliveries.c.subscriber == number
    silent = {"text": "", "token": None, "lease_until": None, "next_at": None}
    connection.execute(update(deliveries).where(ours).values(silent))  # first, as the ledger does it
    history = attempts.c.delivery.in_(select(deliveries.c.id).where(ours))
    connection.execute(update(attempts).where(history).values(text=""))
    connection.execute(update(deliveries).where(ours, deliveries.c.state.in_(UNTRIED)).values(state=State.SUPPRESSED))
    connection.execute(update(deliveries).where(ours, deliveries.c.state.in_(UNKNOWN)).values(state=State.IN_DOUBT))
    if connection.execute(select(exists().where(ours))).scalar_one():
        connection.execute(update(subscribers).where(subscribers.c.id == number).values(nobody(store)))
    else:
        connection.execute(delete(subscribers).where(subscribers.c.id == number))


def nobody(store: Store) -> dict[str, object]:
    """What a row holds that only the ledger's figures need."""
    texts = ("email", "salutation", "title", "first_name", "last_name", "company", "language")
    proof = ("consented_at", "consent_source", "consent_text")
    fixed: dict[str, object] = {
        "tags": [],
        "fields": {},
        "on_roster": None,
        "joined": None,
        "token_id": store.randomness(TOKEN_BYTES),
    }
    return {**dict.fromkeys((*texts, *proof), ""), **fixed, "key": f"{store.randomness(8).hex()}{NOBODY}"}


def scrub_texts(connection: Connection, key: str) -> None:
    """Empties what relays said wherever it names the address: a reply may be about somebody else's mail."""
    for table in (deliveries, attempts, bounces, outbox):
        connection.execute(update(table).where(names(table, "text", key)).values(text=""))
    connection.execute(update(mailings).where(names(mailings, "reason", key)).values(reason=phrases.to_json(ERASED)))
    scrub_changes(connection, key)


def clear_own_imports(connection: Connection, number: int) -> None:
    """Empties what was declared for a person alone, by hand or with a file: it proves nothing about others."""
    theirs = select(consents.c.source).where(consents.c.subscriber == number, consents.c.source.is_not(None))
    others = exists().where(consents.c.source == imports.c.id, consents.c.subscriber != number)
    alone = imports.c.id.in_(theirs) & ~others
    connection.execute(update(imports).where(alone).values(name="", basis="", sha256=""))


def scrub_grounds(connection: Connection, words: str) -> None:
    """Leaves an address or a name out of what was written down about others: grounds of imports and decisions."""
    for table, column in ((imports, "name"), (imports, "basis"), (decisions, "text"), (suppressions, "evidence")):
        own = next(iter(table.primary_key))
        rows = connection.execute(select(own, table.c[column]).where(names(table, column, words))).all()
        for row, text in rows:
            left = re.sub(re.escape(words), ELLIPSIS, text, flags=re.IGNORECASE)
            connection.execute(update(table).where(own == row).values({column: left}))


def scrub_changes(connection: Connection, key: str) -> None:
    """The same where others had the address before, or gave it for theirs."""
    for column in ("mail", "procedure"):
        connection.execute(update(consents).where(names(consents, column, key)).values({column: ""}))
    connection.execute(delete(outbox).where(names(outbox, "email", key)))
    given = address_changes.c.key == key
    connection.execute(delete(address_changes).where(given, address_changes.c.done_at.is_(None)))
    connection.execute(update(address_changes).where(given).values(email="", key=""))
    connection.execute(update(address_changes).where(address_changes.c.former == key).values(former=""))


def names(table: Table, column: str, words: str) -> ColumnElement[bool]:
    """The condition that a text holds an address, or a name as it is written; letter case counts in umlauts alone."""
    text = cast(table.c[column], Text)
    return or_(PlaceOf(func.lower(text), literal(words.lower())) > 0, PlaceOf(text, literal(words)) > 0)
