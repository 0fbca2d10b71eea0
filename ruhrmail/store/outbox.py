"""The outbox: mails about joining are written with what they are about, and kept until a relay took them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from ruhrmail.model.post import NewPost, Post, Posted, PostKind, PostState
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import OPEN_POST, outbox, subscribers

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


def take_post(store: Store, now: datetime) -> Post | None:
    """Takes the mail out that waits longest, so that nobody else sends it meanwhile; None when none is due.

    One whose sender did not come back in time is due again.
    """
    due = and_(outbox.c.state == OPEN_POST, outbox.c.next_at <= now)
    lapsed = and_(outbox.c.state == PostState.SENDING, outbox.c.lease_until < now)
    with store.reading() as connection:  # most looks find nothing, and need no pen
        if not connection.execute(select(exists().where(or_(due, lapsed)))).scalar_one():
            return None
    with store.writing() as connection:
        first = select(outbox.c.id).where(or_(due, lapsed)).order_by(outbox.c.id).limit(1)
        number = connection.execute(first).scalar_one_or_none()
        if number is None:
            return None
        taken = {"state": PostState.SENDING, "lease_until": now + LEASE, "attempts": outbox.c.attempts + 1}
        connection.execute(update(outbox).where(outbox.c.id == number).values(taken))
        row = connection.execute(
            select(outbox, func.coalesce(outbox.c.email, subscribers.c.email).label("to"))
            .join(subscribers, subscribers.c.id == outbox.c.subscriber)
            .where(outbox.c.id == number)
        ).one()
    return Post(row.id, PostKind(row.kind), row.to, row.message_id, row.message, row.attempts - 1)


def post_sent(store: Store, post: Post, reply: str, now: datetime) -> None:
    """A relay took the mail: its text goes, for the consent record has it."""
    done = {"state": PostState.SENT, "sent_at": now, "lease_until": None, "next_at": None, "message": "", "text": reply}
    settle(store, post, done)


def post_deferred(store: Store, post: Post, reply: str, next_at: datetime) -> None:
    """A relay did not take the mail for now."""
    settle(store, post, {"state": PostState.PENDING, "lease_until": None, "next_at": next_at, "text": reply})


def post_failed(store: Store, post: Post, reply: str) -> None:
    """The mail cannot be delivered."""
    settle(store, post, {"state": PostState.FAILED, "lease_until": None, "next_at": None, "message": "", "text": reply})


def settle(store: Store, post: Post, outcome: dict[str, object]) -> None:
    """Writes what became of a mail, unless its person was forgotten or another took it meanwhile."""
    ours: ColumnElement[bool] = and_(
        outbox.c.id == post.number, outbox.c.state == PostState.SENDING, outbox.c.attempts == post.attempts + 1
    )
    with store.writing() as connection:
        connection.execute(update(outbox).where(ours).values(outcome))


def wrote_since(connection: Connection, subscriber: int, since: datetime) -> bool:
    """Whether a mail to somebody was put into the outbox since then: at most one leaves in a day."""
    return bool(
        connection.execute(
            select(exists().where(outbox.c.subscriber == subscriber, outbox.c.created_at > since))
        ).scalar_one()
    )


def read_posts(connection: Connection, subscriber: int) -> tuple[Posted, ...]:
    """Every mail about joining that somebody was written, oldest first."""
    rows = connection.execute(select(outbox).where(outbox.c.subscriber == subscriber).order_by(outbox.c.id))
    return tuple(
        Posted(PostKind(row.kind), PostState(row.state), row.created_at, row.sent_at, row.attempts, row.text)
        for row in rows
    )


def count_posts(store: Store) -> dict[str, int]:
    """How many mails about joining stand in which state."""
    grouped = select(outbox.c.state, func.count().label("total")).group_by(outbox.c.state)
    with store.reading() as connection:
        return {row.state: row.total for row in connection.execute(grouped)}
