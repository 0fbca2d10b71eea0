"""What came back: each message once, with what was decided, and what that changes in list and ledger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, func, select

from ruhrmail.model.bounce import History, Kind, Past, Returned, Verdict
from ruhrmail.model.consent import Kind as Step
from ruhrmail.model.consent import Reason, Suppression
from ruhrmail.model.ledger import State
from ruhrmail.store.mailings import mailing_name
from ruhrmail.store.opening import Store
from ruhrmail.store.recovery import settle_doubt
from ruhrmail.store.schema import (
    address_changes,
    bounces,
    consents,
    decisions,
    deliveries,
    mailings,
    outbox,
    subscribers,
)
from ruhrmail.store.suppressions import suppress_keys

CAME_BACK = "a report on this mail came back"
"""What a delivery says that was in doubt until something about it returned."""
UNSURE = (State.IN_DOUBT, State.IN_FLIGHT)
REASONS = {Kind.COMPLAINT: Reason.COMPLAINED}
"""Why somebody is suppressed; bounced for every other kind."""
SLACK = timedelta(days=1)
"""Clocks of other machines may be wrong by so much."""

SUBSCRIBER: BindParameter[int] = bindparam("subscriber")
TOKEN_ID: BindParameter[bytes] = bindparam("token_id")
MAILING = select(mailings.c.issue, mailings.c.audience, mailings.c.destination, mailings.c.started_at).where(
    mailings.c.id == bindparam("mailing")
)
MAIL = select(subscribers.c.id, subscribers.c.key, deliveries.c.enrolled_at, deliveries.c.state).outerjoin(
    deliveries, (deliveries.c.subscriber == subscribers.c.id) & (deliveries.c.mailing == bindparam("mailing"))
)
HOLDS = select(exists().where(bounces.c.digest == bindparam("digest")))
PAST = select(bounces.c.kind, bounces.c.mailing, bounces.c.at).where(bounces.c.subscriber == SUBSCRIBER)
SENT = select(deliveries.c.mailing, deliveries.c.at).where(
    deliveries.c.subscriber == SUBSCRIBER, deliveries.c.state == State.SENT
)
AGREED = select(func.max(consents.c.at)).where(consents.c.subscriber == SUBSCRIBER, consents.c.kind == Step.CONFIRMED)
MOVED = select(func.max(address_changes.c.done_at)).where(address_changes.c.subscriber == SUBSCRIBER)
LIFTED = select(func.max(decisions.c.at)).where(decisions.c.key == bindparam("key"), decisions.c.lifted == 1)
WELCOMED = select(AGREED.scalar_subquery(), MOVED.scalar_subquery(), LIFTED.scalar_subquery())
"""Put together once: for thousands of messages that costs more than the answers."""
Judge = Callable[[Past, History], Verdict]


@dataclass(frozen=True, slots=True)
class Sending:
    """That somebody was mailed: to whom (None: forgotten since), the address's key, which mailing by number and name
    (None: a mail about joining), when they were chosen, whether the ledger knows that the mail left, and of somebody
    forgotten the token's random id."""

    subscriber: int | None
    key: str
    mailing: int | None
    name: str
    mailed_at: datetime
    sure: bool = True
    token_id: bytes = b""


@dataclass(frozen=True, slots=True)
class NewReturn:
    """Something that came back and is worth keeping.

    `digest` names the message. `at` is when it was written by its own word, `now` when it is read. `evidence` is what a
    suppression keeps.
    """

    digest: str
    sending: Sending
    kind: Kind
    now: datetime
    at: datetime | None = None
    enhanced_code: str = ""
    text: str = ""
    source: str = ""
    evidence: str = ""


def find_sending(store: Store, token_id: bytes, mailing: int | None) -> Sending | None:
    """The mail that a token is about; None where nobody was sent it."""
    with store.reading() as connection:
        if mailing is None:
            return mail_about_joining(connection, token_id)
        which = MAIL.where(subscribers.c.token_id == TOKEN_ID)
        found = mail_of(connection, which, mailing, token_id=token_id)
    return replace(found, token_id=token_id) if found is not None and found.subscriber is None else found


def find_sending_to(store: Store, subscriber: int, mailing: int) -> Sending | None:
    """A mailing's mail to a subscriber; None where they were no recipient."""
    with store.reading() as connection:
        return mail_of(connection, MAIL.where(subscribers.c.id == SUBSCRIBER), mailing, subscriber=subscriber)


def mail_of(connection: Connection, which: Select[Any], mailing: int, **who: object) -> Sending | None:
    """A mailing's mail, within a transaction."""
    known = connection.execute(MAILING, {"mailing": mailing}).one_or_none()
    if known is None:
        return None
    name = mailing_name(known.issue, known.audience, known.destination)
    row = connection.execute(which, {"mailing": mailing, **who}).one_or_none()
    if row is None:
        return Sending(None, "", mailing, name, known.started_at)
    return Sending(row.id, row.key, mailing, name, row.enrolled_at, row.state not in UNSURE) if row.state else None


def mail_about_joining(connection: Connection, token_id: bytes) -> Sending | None:
    """The newest mail about joining, within a transaction."""
    columns = (subscribers.c.id, subscribers.c.key, outbox.c.created_at)
    written = select(*columns).join(outbox, outbox.c.subscriber == subscribers.c.id)
    written = written.where(subscribers.c.token_id == token_id)
    row = connection.execute(written.order_by(outbox.c.id.desc()).limit(1)).one_or_none()
    return Sending(row.id, row.key, None, "", row.created_at) if row else None


def is_read(store: Store, digest: str) -> bool:
    """Whether a message was read before."""
    with store.reading() as connection:
        return holds(connection, digest)


def holds(connection: Connection, digest: str) -> bool:
    """The same within a transaction."""
    return bool(connection.execute(HOLDS, {"digest": digest}).scalar_one())


def record_return(store: Store, new: NewReturn, judge: Judge) -> Verdict:
    """Keeps what came back, acts upon it, and says what became of it, all in one transaction.

    `judge` decides from the person's history. Who is suppressed already stays so for the first reason, unless the new
    one is a complaint. Read again, it changes nothing. Raises StoreError.
    """
    with store.writing() as connection:
        if holds(connection, new.digest):
            return Verdict.AGAIN
        subscriber, at = new.sending.subscriber, believed(new)
        verdict = Verdict.NOTED
        if subscriber is not None:
            verdict = judge(Past(new.kind, new.sending.mailing, at), history_of(connection, subscriber, new.sending))
        if verdict is Verdict.SUPPRESSED and not suppress_for(connection, new):
            verdict = Verdict.NOTED
        if subscriber is not None and new.sending.mailing is not None and not new.sending.sure:
            settle_doubt(connection, new.sending.mailing, subscriber, new.now, CAME_BACK)
        keep(connection, new, at, verdict)
    return verdict


def note_return(store: Store, new: NewReturn, verdict: Verdict) -> None:
    """Keeps what came back and what became of it, once. Raises StoreError."""
    with store.writing() as connection:
        if not holds(connection, new.digest):
            keep(connection, new, believed(new), verdict)


def keep(connection: Connection, new: NewReturn, at: datetime, verdict: Verdict) -> None:
    """Writes the row; without words where nobody is left whom they are about."""
    row = {
        "digest": new.digest, "subscriber": new.sending.subscriber, "mailing": new.sending.mailing, "kind": new.kind,
        "at": at, "enhanced_code": new.enhanced_code, "text": new.text if new.sending.subscriber else "",
        "source": new.source, "decision": verdict,
    }  # fmt: skip
    connection.execute(bounces.insert(), row)


def suppress_for(connection: Connection, new: NewReturn) -> bool:
    """Suppresses the person; whether that changed anything."""
    reason = REASONS.get(new.kind, Reason.BOUNCED)
    return suppress_keys(connection, [Suppression(new.sending.key, reason, new.now, new.evidence)])


def believed(new: NewReturn) -> datetime:
    """When it happened: by the message's own word where that can be, else now."""
    earliest = new.sending.mailed_at - SLACK
    return new.at if new.at is not None and earliest <= new.at <= new.now else new.now


def history_of(connection: Connection, subscriber: int, sending: Sending) -> History:
    """What the store knows of somebody."""
    past = connection.execute(PAST, {"subscriber": subscriber}).all()
    rows = connection.execute(SENT, {"subscriber": subscriber}).all() if past else ()
    return History(
        tuple(Past(Kind(row.kind), row.mailing, row.at) for row in past),
        tuple((row.mailing, row.at) for row in rows if row.at is not None),
        sending.mailed_at,
        welcomed_at(connection, subscriber, sending.key),
    )


def welcomed_at(connection: Connection, subscriber: int, key: str) -> datetime | None:
    """When somebody last confirmed an opt-in or a new address, or a suppression of theirs was lifted by hand."""
    found = connection.execute(WELCOMED, {"subscriber": subscriber, "key": key}).one()
    return max((at for at in found if at is not None), default=None)


def read_returned(connection: Connection, subscriber: int) -> tuple[Returned, ...]:
    """Everything that came back from somebody, oldest first."""
    ours = select(bounces).where(bounces.c.subscriber == subscriber).order_by(bounces.c.at, bounces.c.id)
    rows = connection.execute(ours).all()
    numbers = {row.mailing for row in rows if row.mailing is not None}
    named = select(mailings.c.id, mailings.c.issue, mailings.c.audience, mailings.c.destination)
    known = connection.execute(named.where(mailings.c.id.in_(numbers)))
    names = {row.id: mailing_name(row.issue, row.audience, row.destination) for row in known}
    return tuple(
        Returned(Kind(row.kind), row.at, names.get(row.mailing, ""), row.enhanced_code, row.text, row.source,
                 Verdict(row.decision))
        for row in rows
    )  # fmt: skip
