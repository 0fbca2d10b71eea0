"""New addresses: asked for with a mail to the new one, and put in the place of the old one by the link in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, exists, or_, select, update

from ruhrmail.model.consent import Consent, Kind, Reason, Suppression
from ruhrmail.model.ledger import State
from ruhrmail.model.post import NewPost, PostKind
from ruhrmail.model.preferences import AddressRequest, AddressWish, Stage
from ruhrmail.model.remarks import MOVED
from ruhrmail.store.consents import add_record
from ruhrmail.store.joining import ONE_MAIL_IN, Letter, Write
from ruhrmail.store.opening import Store
from ruhrmail.store.outbox import put_post
from ruhrmail.store.preferences import Chooser, chooser_of
from ruhrmail.store.schema import ABOUT_A_PERSON, address_changes, consents, deliveries, outbox, subscribers
from ruhrmail.store.suppressions import find_suppression, lift_suppression, suppress_keys

"""What a suppression says of a former address."""


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as it was written, and its key."""

    email: str
    key: str


def ask_for_change(
    store: Store,
    token_id: bytes,
    new: NewAddress,
    decide: Callable[[AddressWish], PostKind | None],
    write: Write,
    now: datetime,
) -> PostKind | None:
    """Writes down that somebody wants their mail at a new address, with the mail that follows; returns which.

    Both are there together or not at all. None where no mail follows, and for nobody, or somebody who is not on the
    list. A request that is answered by silence counts as the day's one, too. Raises StoreError.
    """
    with store.writing() as connection:
        person = chooser_of(connection, token_id)
        if person is None or not person.active:
            return None
        wish = wish_of(connection, person, new.key, now)
        kind = decide(wish)
        if wish.same or wish.wrote:
            return None
        row = {"subscriber": person.number, "email": new.email, "key": new.key, "asked_at": now}
        added = address_changes.insert().returning(address_changes.c.id)
        number = int(connection.execute(added, row).scalar_one())
        if kind is not None:
            letter = write(kind, token_id, number)
            connection.execute(update(address_changes).where(is_change(number)).values(mail=letter.message))
            post(connection, person.number, letter, new.email, now)
    return kind


def post(connection: Connection, subscriber: int, letter: Letter, to: str, now: datetime) -> None:
    """Puts a mail to another address than the subscriber's own into the outbox."""
    put_post(connection, NewPost(subscriber, letter.kind, letter.message_id, letter.message, to), now)


def wish_of(connection: Connection, person: Chooser, key: str, now: datetime) -> AddressWish:
    """What is known when somebody gives the address with this key."""
    since = now - ONE_MAIL_IN
    changed = or_(address_changes.c.subscriber == person.number, address_changes.c.key == key)
    joins = select(subscribers.c.id).where(subscribers.c.key == key)
    wrote = or_(
        exists().where(changed, address_changes.c.asked_at > since),
        exists().where(outbox.c.subscriber.in_(joins), outbox.c.created_at > since),
    )
    return AddressWish(
        same=person.person.key == key,
        wrote=bool(connection.execute(select(wrote)).scalar_one()),
        known=is_known(connection, key),
        suppression=find_suppression(connection, key),
    )


def is_known(connection: Connection, key: str) -> bool:
    """Whether an address is stored for more than a request to join that nobody confirmed."""
    row = connection.execute(select(subscribers).where(subscribers.c.key == key)).one_or_none()
    if row is None:
        return False
    other = exists().where(consents.c.subscriber == row.id, consents.c.kind != Kind.ASKED)
    mailed = exists().where(deliveries.c.subscriber == row.id)
    listed = row.on_roster is not None or row.joined is not None
    return listed or bool(connection.execute(select(or_(other, mailed))).scalar_one())


def find_change(store: Store, token_id: bytes, number: int) -> tuple[str, str, AddressRequest] | None:
    """The new address of a request, its person's language, and how the request stands; None where there is none.

    Changes nothing. Raises StoreError.
    """
    with store.reading() as connection:
        person = chooser_of(connection, token_id)
        row = None if person is None else row_of(connection, person, number)
        if person is None or row is None:
            return None
        return row.email, person.person.language, request_of(connection, person, row)


def row_of(connection: Connection, person: Chooser, number: int) -> Row[Any] | None:
    """A person's own request with this number."""
    ours = select(address_changes).where(is_change(number), address_changes.c.subscriber == person.number)
    return connection.execute(ours).one_or_none()


def is_change(number: int) -> ColumnElement[bool]:
    """The condition that a request has this number."""
    return address_changes.c.id == number


def request_of(connection: Connection, person: Chooser, row: Row[Any]) -> AddressRequest:
    """How a request stands."""
    later = exists().where(address_changes.c.subscriber == person.number, address_changes.c.id > row.id)
    return AddressRequest(
        asked_at=row.asked_at,
        done=row.done_at is not None,
        replaced=bool(connection.execute(select(later)).scalar_one()),
        active=person.active,
        known=is_known(connection, row.key),
        suppression=find_suppression(connection, row.key),
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How a change is carried out: the rule, which suppressions of the new address it lifts, the page where it was
    asked for, and what writes the mail to the former address."""

    decide: Callable[[AddressRequest], Stage]
    lifted: Sequence[Reason]
    page: str
    write: Callable[[str, bytes, str], Letter]
    """From the former address, eight random bytes and the new address to the mail."""


def change_address(store: Store, token_id: bytes, number: int, terms: Terms, now: datetime) -> Stage | None:
    """Puts a new address in the place of the old one, if the rule says OPEN of the request; then it returns DONE.

    The person stays the same: records, topics, deliveries and links go on with the new address. The former one is
    suppressed, so that no file brings it back, and told. Returns what the rule said otherwise, None for no such
    request. Raises StoreError.
    """
    with store.writing() as connection:
        person = chooser_of(connection, token_id)
        row = None if person is None else row_of(connection, person, number)
        if person is None or row is None:
            return None
        stage = terms.decide(request_of(connection, person, row))
        if stage is not Stage.OPEN:
            return stage
        former = person.person.email
        move(connection, person, row, terms, now)
        post(connection, person.number, terms.write(former, token_id, row.email), former, now)
    return Stage.DONE


def move(connection: Connection, person: Chooser, row: Row[Any], terms: Terms, now: datetime) -> None:
    """The same within a transaction: nothing speaks against it any more."""
    number, former = person.number, person.person
    drop_unconfirmed(connection, row.key)
    lift_suppression(connection, row.key, terms.lifted)
    suppress_keys(connection, [Suppression(former.key, Reason.UNSUBSCRIBED, now, str(MOVED))])
    # The roster names the former address: from now on they are on the list by their own word.
    address = {"key": row.key, "email": row.email, "on_roster": None, "joined": "web"}
    connection.execute(update(subscribers).where(subscribers.c.id == number).values(address))
    give_back(connection, number)
    told = Consent(0, Kind.CHANGED, now, terms.page, procedure=f"{former.email} → {row.email}", mail=row.mail)
    add_record(connection, number, told)
    done = {"done_at": now, "former": former.key, "mail": ""}
    connection.execute(update(address_changes).where(is_change(row.id)).values(done))


def drop_unconfirmed(connection: Connection, key: str) -> None:
    """Deletes a request to join with the new address, which nobody confirmed: the address is on the list now."""
    number = connection.execute(select(subscribers.c.id).where(subscribers.c.key == key)).scalar_one_or_none()
    if number is None:
        return
    for table in ABOUT_A_PERSON:
        connection.execute(delete(table).where(table.c.subscriber == number))
    connection.execute(delete(subscribers).where(subscribers.c.id == number))


def give_back(connection: Connection, subscriber: int) -> None:
    """Takes a person's deliveries from whoever claimed them with the former address and recorded no intent yet."""
    claimed = (deliveries.c.subscriber == subscriber) & (deliveries.c.state == State.CLAIMED)
    waiting = case((deliveries.c.next_at.is_(None), State.PENDING.value), else_=State.DEFERRED.value)
    connection.execute(update(deliveries).where(claimed).values(state=waiting, token=None, lease_until=None))
