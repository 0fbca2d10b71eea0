"""Erasure (Art. 17 GDPR): everything about a person goes, but a keyed hash that keeps them from being mailed."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, delete, exists, func, literal, select, update

from ruhrmail.model.consent import LASTING, Reason, Suppression
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import phrase
from ruhrmail.store import databases, phrases
from ruhrmail.store.consents import drop_idle_wordings
from ruhrmail.store.expressions import PlaceOf
from ruhrmail.store.hashes import ensure_hashes
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import (
    address_changes,
    attempts,
    bounces,
    consents,
    decisions,
    deliveries,
    mailings,
    outbox,
    preferences,
    subscribers,
    suppressions,
)
from ruhrmail.store.subscribers import TOKEN_BYTES
from ruhrmail.store.suppressions import find_suppression, suppress_keys

NOBODY = "@invalid"
"""How the key of a row ends that stands for somebody who was forgotten; the rest of it is chance."""
ERASED = phrase("a relay's reply, erased because it named somebody who was forgotten")
ABOUT_A_PERSON = (consents, outbox, preferences, address_changes, bounces)
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

    What remains is the address's keyed hash among the suppressions, and in the ledger a row without a name, so that its
    figures stay true. Whoever complained, or was suppressed by hand, stays so under the hash. The file is written anew
    from what is left, for deleted rows leave their bytes behind. Raises StoreError, also where others do not let go of
    the old log for a minute: then run it again.
    """
    with store.writing() as connection:
        known = erase(connection, store, key, now)
    databases.rewrite(store.engine)
    return known


def erase(connection: Connection, store: Store, key: str, now: datetime) -> bool:
    """The same within a transaction, without the file."""
    before = find_suppression(connection, key)
    hashed = ensure_hashes(connection, store.randomness).of(key)
    assert hashed is not None
    number = connection.execute(select(subscribers.c.id).where(subscribers.c.key == key)).scalar_one_or_none()
    connection.execute(delete(suppressions).where(suppressions.c.key == key))
    connection.execute(delete(decisions).where(decisions.c.key == key))
    reason = before.reason if before is not None and before.reason in LASTING else Reason.FORGOTTEN
    suppress_keys(connection, [Suppression(hashed, reason, now)])
    scrub_texts(connection, key)
    if number is not None:
        erase_person(connection, store, number)
    return number is not None or (before is not None and before.key == key)


def erase_person(connection: Connection, store: Store, number: int) -> None:
    """The rows about a subscriber; the ledger's stay, without what relays said."""
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
    for table in (deliveries, attempts):
        connection.execute(update(table).where(names(table, "text", key)).values(text=""))
    connection.execute(update(suppressions).where(names(suppressions, "evidence", key)).values(evidence=""))
    connection.execute(update(mailings).where(names(mailings, "reason", key)).values(reason=phrases.to_json(ERASED)))


def names(table: Table, column: str, key: str) -> ColumnElement[bool]:
    """The condition that a text holds the address, in whatever letter case."""
    return PlaceOf(func.lower(cast(table.c[column], Text)), literal(key.lower())) > 0
