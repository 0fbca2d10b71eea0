"""The outbox: mails about joining are written with what they are about, and kept until a relay took them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select, update

from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.mail import Outcome
from ruhrmail.model.post import NewPost, Post, Posted, PostKind, PostState
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import OPEN_POST, address_changes, outbox, subscribers

LEASE = timedelta(minutes=15)
"""Longer than the time limits of one SMTP transaction: whoever took a mail out has either sent it by then, or died."""


def put_post(connection: Connection, new: NewPost, now: datetime) -> int:
    """Puts a mail into the outbox within a transaction, so that no crash parts it from what it is about."""
    row = {
        "subscriber": new.subscriber, "kind": new.kind, "state": PostState.PENDING, "message_id": new.message_id,
        "message": new.message, "created_at": now, "next_at": now, "attempts": 0,
        "email": new.email,
    }  # fmt: skip
    return int(connection.execute(outbox.insert().returning(outbox.c.id), row).scalar_one())


def take_posts(store: Store, most: int, now: datetime) -> list[Post]:
    """Takes the mails out that wait longest, so that nobody else sends them meanwhile; none when none is due.

    Those whose sender did not come back in time are due again. Raises StoreError.
    """
    with store.writing() as connection:
        first = select(outbox.c.id).where(waits(now)).order_by(outbox.c.id).limit(most)
        chosen = outbox.c.id.in_(list(connection.execute(first).scalars()))
        taken = {"state": PostState.SENDING, "lease_until": now + LEASE, "attempts": outbox.c.attempts + 1}
        connection.execute(update(outbox).where(chosen).values(taken))
        rows = connection.execute(POSTS.where(chosen).order_by(outbox.c.id)).all()
    return [post_of(row) for row in rows]


def waits(now: datetime) -> ColumnElement[bool]:
    """The condition that a mail is to be sent by whoever takes it out now."""
    due = and_(outbox.c.state == OPEN_POST, outbox.c.next_at <= now)
    return or_(due, and_(outbox.c.state == PostState.SENDING, outbox.c.lease_until < now))


def has_due_posts(store: Store, now: datetime) -> bool:
    """Whether `take_posts` would find one; a look that takes no pen. Raises StoreError."""
    with store.reading() as connection:
        return bool(connection.execute(select(exists().where(waits(now)))).scalar_one())


POSTS = select(
    outbox,
    func.coalesce(outbox.c.email, subscribers.c.email).label("to"),
    subscribers.c.token_id,
).join(subscribers, subscribers.c.id == outbox.c.subscriber)


def post_of(row: Row[Any]) -> Post:
    """The mail that a row of POSTS tells about."""
    return Post(
        row.id, PostKind(row.kind), row.to, row.message_id, row.message, row.attempts - 1, row.token_id,
        row.created_at, own_address=row.email is None,
    )  # fmt: skip


def record_posts(store: Store, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
    """In one transaction: writes what became of mails that are still ours, then says which of these may leave.

    A claim's token is the number of its attempt. One that somebody else took meanwhile, or whose person was forgotten,
    is lost. Raises StoreError.
    """
    with store.writing() as connection:
        for one in results:
            connection.execute(update(outbox).where(is_ours(one.claim)).values(outcome_of(one)))
        for claim in claims:
            connection.execute(update(outbox).where(is_ours(claim)).values(lease_until=now + LEASE))
        ours = [claim for claim in claims if connection.execute(select(exists().where(is_ours(claim)))).scalar_one()]
    return dict.fromkeys((claim.delivery for claim in ours), Intent.GRANTED)


def is_ours(claim: Claim) -> ColumnElement[bool]:
    """The condition that a mail is still in the hands of whoever took it out for this attempt."""
    return and_(
        outbox.c.id == claim.delivery, outbox.c.state == PostState.SENDING, outbox.c.attempts == int(claim.token)
    )


def outcome_of(result: Result) -> dict[str, object]:
    """The columns that say what became of a mail. A text that is needed no more goes: the consent record has it."""
    outcome, said = result.attempt.outcome, said_by(result)
    if outcome is Outcome.SENT:
        return DONE | {"state": PostState.SENT, "sent_at": result.at, "text": said}
    if outcome is Outcome.FAILED:
        return DONE | {"state": PostState.FAILED, "text": said}
    waits = {"state": PostState.PENDING, "lease_until": None, "next_at": result.next_at or result.at}
    if outcome is Outcome.RETURNED:  # nothing was tried
        return waits | {"attempts": outbox.c.attempts - 1}
    return waits | {"text": said}


DONE: dict[str, object] = {"lease_until": None, "next_at": None, "message": ""}


def said_by(result: Result) -> str:
    """What the relay said, else what ended the connection."""
    reply = result.attempt.reply
    return f"{reply.code} {reply.enhanced} {reply.text}" if reply else str(result.attempt.text)


def give_back_posts(store: Store, claims: Sequence[Claim], at: datetime) -> None:
    """Lets mails that are still ours wait until `at`: for a run that was cut off and cannot know. Raises StoreError."""
    with store.writing() as connection:
        for claim in claims:
            waits = {"state": PostState.PENDING, "lease_until": None, "next_at": at}
            connection.execute(update(outbox).where(is_ours(claim)).values(waits))


def wrote_since(connection: Connection, subscriber: int, key: str, since: datetime) -> bool:
    """Whether a mail to somebody was put into the outbox since then, or one to their address, which somebody gave for a
    new one of theirs: at most one leaves in a day. `subscriber` is 0 for who is not stored."""
    joining = exists().where(outbox.c.subscriber == subscriber, outbox.c.created_at > since)
    moving = exists().where(address_changes.c.key == key, address_changes.c.asked_at > since)
    return bool(connection.execute(select(or_(joining, moving))).scalar_one())


def read_posts(connection: Connection, subscriber: int) -> tuple[Posted, ...]:
    """Every mail about joining that somebody was written, oldest first."""
    rows = connection.execute(select(outbox).where(outbox.c.subscriber == subscriber).order_by(outbox.c.id))
    return tuple(
        Posted(PostKind(row.kind), PostState(row.state), row.created_at, row.sent_at, row.attempts, row.text)
        for row in rows
    )


def oldest_post(store: Store) -> datetime | None:
    """When the mail was written that waits longest (UTC); None when none waits."""
    waiting = outbox.c.state.in_([PostState.PENDING, PostState.SENDING])
    with store.reading() as connection:
        return connection.execute(select(func.min(outbox.c.created_at)).where(waiting)).scalar_one_or_none()


def count_posts(store: Store) -> dict[str, int]:
    """How many mails about joining stand in which state."""
    with store.reading() as connection:
        return posts_by_state(connection)


def posts_by_state(connection: Connection) -> dict[str, int]:
    """The same within a transaction."""
    grouped = select(outbox.c.state, func.count().label("total")).group_by(outbox.c.state)
    return {row.state: row.total for row in connection.execute(grouped)}
