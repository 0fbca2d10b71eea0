"""Everything that is stored about one person (Art. 15 GDPR)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ruhrmail.model.bounce import Returned
from ruhrmail.model.consent import Consent, Decision, Suppression
from ruhrmail.model.ledger import Delivery
from ruhrmail.model.people import Person
from ruhrmail.model.post import Posted
from ruhrmail.model.preferences import AddressChange, Choice
from ruhrmail.store.addresses import moved_to, read_changes
from ruhrmail.store.bounces import read_returned
from ruhrmail.store.choices import read_choice
from ruhrmail.store.consents import read_consents
from ruhrmail.store.figures import LINES, delivery_of
from ruhrmail.store.mailings import mailing_of
from ruhrmail.store.opening import Store
from ruhrmail.store.outbox import read_posts
from ruhrmail.store.schema import deliveries, mailings, subscribers
from ruhrmail.store.subscribers import RECIPIENT, recipient_of
from ruhrmail.store.suppressions import find_suppression, read_decisions


@dataclass(frozen=True, slots=True)
class Received:
    """One mailing that somebody was a recipient of, by its name and number, and what became of it."""

    mailing: str
    delivery: Delivery
    number: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What the store knows of an address.

    `person` is None where only a suppression is known. `number` is the subscriber's, 0 for none. `on_roster`: the file
    with the list named them when it was last read. `joined` is `import`, `web` or None for whoever only the roster
    names. `choice` is what they chose themselves, at `chosen_at`. `moved_to`: their mail goes there now, empty
    for an address that nobody changed. Lists are in the order of time.
    """

    key: str
    number: int = 0
    person: Person | None = None
    on_roster: bool = False
    joined: str | None = None
    created_at: datetime | None = None
    suppression: Suppression | None = None
    consents: Sequence[Consent] = ()
    decisions: Sequence[Decision] = ()
    posts: Sequence[Posted] = ()
    received: Sequence[Received] = ()
    choice: Choice | None = None
    chosen_at: datetime | None = None
    changes: Sequence[AddressChange] = ()
    moved_to: str = ""
    bounces: Sequence[Returned] = ()

    @property
    def listed(self) -> bool:
        """Whether they stand on the list, suppressed or not."""
        return self.on_roster or self.joined is not None


def read_record(store: Store, key: str) -> Record:
    """Everything about the address with this key, from one moment."""
    with store.reading() as connection:
        return record_of(connection, store.id, key)


def record_of(connection: Connection, store_id: str, key: str) -> Record:
    """The same within a transaction."""
    found = find_suppression(connection, key)
    decided = read_decisions(connection, key)
    marks = (subscribers.c.on_roster, subscribers.c.joined, subscribers.c.created_at)
    row = connection.execute(select(*RECIPIENT, *marks).where(subscribers.c.key == key)).one_or_none()
    if row is None:
        return Record(key, suppression=found, decisions=decided, moved_to=moved_to(connection, key))
    *columns, on_roster, joined, created_at = row
    recipient = recipient_of(columns)
    number = recipient.subscriber
    choice, chosen_at = read_choice(connection, number) or (None, None)
    return Record(
        key,
        number,
        recipient.person,
        on_roster is not None,
        joined,
        created_at,
        found,
        read_consents(connection, number),
        decided,
        read_posts(connection, number),
        read_received(connection, store_id, number),
        choice,
        chosen_at,
        read_changes(connection, number),
        bounces=read_returned(connection, number),
    )


def read_received(connection: Connection, store_id: str, number: int) -> tuple[Received, ...]:
    """Every mailing that somebody was a recipient of."""
    ours = LINES.add_columns(deliveries.c.mailing).where(deliveries.c.subscriber == number).order_by(deliveries.c.id)
    rows = connection.execute(ours).all()
    named = {
        row.id: mailing_of(row)
        for row in connection.execute(select(mailings).where(mailings.c.id.in_({one.mailing for one in rows})))
    }
    return tuple(
        Received(named[one.mailing].name, delivery_of(one, store_id, named[one.mailing]), one.mailing) for one in rows
    )
