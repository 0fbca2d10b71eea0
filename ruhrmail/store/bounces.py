"""What came back: each message once, with what was decided, and what that changes in list and ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, select

from ruhrmail.model.bounce import History, Kind, Past, Returned, Verdict
from ruhrmail.model.consent import Kind as Step
from ruhrmail.model.consent import Reason, Suppression
from ruhrmail.model.ledger import State
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.mailings import mailing_of
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

Judge = Callable[[Past, History], Verdict]


@dataclass(frozen=True, slots=True)
class NewReturn:
    """Something that came back and is worth keeping.

    `digest` names the message. `subscriber` is None for somebody who was forgotten. `mailing` is None for mails about
    joining. `at` is when it was written by its own word, `now` when it is read. `evidence` is what a suppression keeps.
    """

    digest: str
    subscriber: int | None
    mailing: int | None
    kind: Kind
    now: datetime
    at: datetime | None = None
    enhanced_code: str = ""
    text: str = ""
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """That somebody was mailed: when they were chosen, and whether the ledger knows that the mail left."""

    mailed_at: datetime
    sure: bool


def find_sending(store: Store, subscriber: int, mailing: int | None) -> Sending | None:
    """Whether somebody was a recipient of a mailing, or for None of a mail about joining; None where not."""
    with store.reading() as connection:
        return sending_of(connection, subscriber, mailing)


def sending_of(connection: Connection, subscriber: int, mailing: int | None) -> Sending | None:
    """The same within a transaction."""
    if mailing is None:
        newest = select(func.max(outbox.c.created_at)).where(outbox.c.subscriber == subscriber)
        written = connection.execute(newest).scalar_one()
        return Sending(written, sure=True) if written else None
    ours = (deliveries.c.mailing == mailing) & (deliveries.c.subscriber == subscriber)
    row = connection.execute(select(deliveries.c.enrolled_at, deliveries.c.state).where(ours)).one_or_none()
    return Sending(row.enrolled_at, row.state not in UNSURE) if row else None


def is_read(store: Store, digest: str) -> bool:
    """Whether a message was read before."""
    with store.reading() as connection:
        return bool(connection.execute(select(exists().where(bounces.c.digest == digest))).scalar_one())


def record_return(store: Store, new: NewReturn, judge: Judge) -> Verdict:
    """Keeps what came back, acts upon it, and says what became of it, all in one transaction.

    `judge` decides from the person's history; it may be called again. Who is suppressed already stays so for the first
    reason, unless the new one is a complaint. Read again, it changes nothing. Raises StoreError.
    """
    with store.writing() as connection:
        if not keep(connection, new):
            return Verdict.AGAIN
        if new.subscriber is None:
            return Verdict.NOTED
        if new.mailing is not None:
            settle_doubt(connection, new.mailing, new.subscriber, new.now, CAME_BACK)
        history = history_of(connection, new.subscriber, new.mailing, new.digest)
        at = believed(new, history)
        verdict = judge(Past(new.kind, new.mailing, at), history)
        if verdict is Verdict.SUPPRESSED and not suppress_for(connection, new):
            verdict = Verdict.NOTED
        ours = bounces.c.digest == new.digest
        connection.execute(bounces.update().where(ours).values(decision=verdict, at=at))
    return verdict


def keep(connection: Connection, new: NewReturn) -> bool:
    """Writes the row; False when there was one."""
    row = {
        "digest": new.digest, "subscriber": new.subscriber, "mailing": new.mailing, "kind": new.kind, "at": new.now,
        "enhanced_code": new.enhanced_code, "text": new.text if new.subscriber else "", "source": new.source,
        "decision": Verdict.NOTED,
    }  # fmt: skip
    insert = insert_or(connection, bounces).on_conflict_do_nothing(index_elements=["digest"])
    return connection.execute(insert, row).rowcount > 0


def suppress_for(connection: Connection, new: NewReturn) -> bool:
    """Suppresses the person; whether that changed anything."""
    which = subscribers.c.id == new.subscriber
    key = connection.execute(select(subscribers.c.key).where(which)).scalar_one_or_none()
    reason = REASONS.get(new.kind, Reason.BOUNCED)
    return key is not None and suppress_keys(connection, [Suppression(key, reason, new.now, new.evidence)])


def believed(new: NewReturn, history: History) -> datetime:
    """When it happened: by the message's own word where that can be, else now."""
    earliest = history.mailed_at - SLACK if history.mailed_at else new.now
    return new.at if new.at is not None and earliest <= new.at <= new.now else new.now


def history_of(connection: Connection, subscriber: int, mailing: int | None, digest: str) -> History:
    """What the store knows of somebody besides the message with this digest."""
    earlier = (bounces.c.subscriber == subscriber) & (bounces.c.digest != digest)
    past = connection.execute(select(bounces.c.kind, bounces.c.mailing, bounces.c.at).where(earlier)).all()
    sent = (deliveries.c.subscriber == subscriber) & (deliveries.c.state == State.SENT)
    rows = connection.execute(select(deliveries.c.mailing, deliveries.c.at).where(sent)).all()
    sending = sending_of(connection, subscriber, mailing)
    return History(
        tuple(Past(Kind(row.kind), row.mailing, row.at) for row in past),
        tuple((row.mailing, row.at) for row in rows if row.at is not None),
        sending.mailed_at if sending else None,
        welcomed_at(connection, subscriber),
    )


def welcomed_at(connection: Connection, subscriber: int) -> datetime | None:
    """When somebody last confirmed an opt-in or a new address, or a suppression of theirs was lifted by hand."""
    key = select(subscribers.c.key).where(subscribers.c.id == subscriber).scalar_subquery()
    steps = (
        select(func.max(consents.c.at)).where(consents.c.subscriber == subscriber, consents.c.kind == Step.CONFIRMED),
        select(func.max(address_changes.c.done_at)).where(address_changes.c.subscriber == subscriber),
        select(func.max(decisions.c.at)).where(decisions.c.key == key, decisions.c.lifted == 1),
    )
    found = [connection.execute(one).scalar_one() for one in steps]
    return max((one for one in found if one is not None), default=None)


def read_returned(connection: Connection, subscriber: int) -> tuple[Returned, ...]:
    """Everything that came back from somebody, oldest first."""
    ours = select(bounces).where(bounces.c.subscriber == subscriber).order_by(bounces.c.at, bounces.c.id)
    rows = connection.execute(ours).all()
    which = select(mailings).where(mailings.c.id.in_({row.mailing for row in rows if row.mailing is not None}))
    names = {row.id: mailing_of(row).name for row in connection.execute(which)}
    return tuple(
        Returned(Kind(row.kind), row.at, names.get(row.mailing, ""), row.enhanced_code, row.text, row.source,
                 Verdict(row.decision))
        for row in rows
    )  # fmt: skip
