"""What the ledger holds, in figures and line by line."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from ruhrmail.model.ledger import Delivery, Figures, State
from ruhrmail.store.mailings import Destination, Mailing, look_up, mailing_of
from ruhrmail.store.opening import Store
from ruhrmail.store.paging import paged
from ruhrmail.store.schema import deliveries, mailings, subscribers
from ruhrmail.store.shares import count_returned

PAGE = 1000
LINES = select(
    deliveries.c.id,
    deliveries.c.subscriber,
    *(deliveries.c[name] for name in ("state", "code", "enhanced_code", "text", "relay", "at")),
    (deliveries.c.attempts + deliveries.c.earlier).label("attempts"),
    subscribers.c.email,
    subscribers.c.token_id,
).join(subscribers, subscribers.c.id == deliveries.c.subscriber)


def figures(store: Store, issue: str, destination: Destination = "relay", audience: str = "") -> Figures | None:
    """The numbers of an issue's mailing, all from one moment; None before it began."""
    with store.reading() as connection:
        mailing = look_up(connection, issue, audience, destination)
        return None if mailing is None else count_states(connection, mailing)


def all_figures(store: Store) -> list[Figures]:
    """The numbers of every mailing, the latest first, all from one moment."""
    with store.reading() as connection:
        rows = connection.execute(select(mailings).order_by(mailings.c.id.desc())).all()
        return [count_states(connection, mailing_of(row)) for row in rows]


def count_states(connection: Connection, mailing: Mailing) -> Figures:
    """The numbers of one mailing within a transaction."""
    grouped = (
        select(deliveries.c.state, func.count().label("total"))
        .where(deliveries.c.mailing == mailing.id)
        .group_by(deliveries.c.state)
    )
    found = {row.state: row.total for row in connection.execute(grouped)}
    counts = {state: found.get(state, 0) for state in State}
    bounced, complained = count_returned(connection, [mailing.id])
    return Figures(
        issue=mailing.issue,
        mailing=mailing.name,
        state=mailing.state,
        recipients=sum(counts.values()),
        counts=counts,
        started_at=mailing.started_at if has_begun(mailing, sum(counts.values())) else None,
        finished_at=mailing.finished_at,
        scheduled_for=mailing.scheduled_for,
        stopped_at=mailing.stopped_at,
        reason=mailing.reason,
        subject=mailing.subject,
        audience=mailing.audience,
        unchecked_at=mailing.unchecked_at,
        bounced=bounced,
        complained=complained,
    )


def has_begun(mailing: Mailing, recipients: int) -> bool:
    """Whether a mailing began; one that waits for its time, or was given up, may be prepared, for nobody yet."""
    for_nobody = mailing.scheduled_for is not None or mailing.state == "stopped"
    return mailing.prepared_at is not None and (recipients > 0 or not for_nobody)


def read_deliveries(store: Store, mailing: Mailing) -> Iterator[Delivery]:
    """Every recipient of a mailing, oldest subscriber first, read a page at a time."""
    # The second bound repeats the first for PostgreSQL, which does not carry it through a join.
    ours = LINES.where(deliveries.c.mailing == mailing.id).order_by(deliveries.c.subscriber).limit(PAGE)
    last = 0
    while rows := page(store, ours.where(deliveries.c.subscriber > last, subscribers.c.id > last)):
        yield from (delivery_of(row, store.id, mailing) for row in rows)
        last = rows[-1].subscriber


def read_in_state(store: Store, mailing: Mailing, state: State) -> Iterator[Delivery]:
    """The recipients of a mailing in one state, by its index: a few among a million cost nothing."""
    alike = LINES.where(deliveries.c.mailing == mailing.id, deliveries.c.state == state)
    rows = paged(store, alike.order_by(deliveries.c.id).limit(PAGE), deliveries.c.id)
    return (delivery_of(row, store.id, mailing) for row in rows)


def page(store: Store, query: Select[Any]) -> list[Row[Any]]:
    """The rows of one page."""
    with store.reading() as connection:
        return list(connection.execute(query))


def delivery_of(row: Row[Any], store_id: str, mailing: Mailing) -> Delivery:
    """The line that a row of LINES tells about."""
    return Delivery(
        email=row.email,
        state=State(row.state),
        attempts=row.attempts,
        code=row.code,
        enhanced_code=row.enhanced_code,
        text=row.text,
        relay=row.relay,
        message_id=message_id(store_id, mailing.id, row.token_id, mailing.domain),
        at=row.at,
    )


def message_id(store_id: str, mailing_id: int, token_id: bytes, domain: str) -> str:
    """The Message-ID (RFC 5322 section 3.6.4) of a mailing's message to one subscriber: always the same.

    `token_id` are the subscriber's eight random bytes, so that nobody can tell the address from the Message-ID.
    """
    facts = f"{store_id}:{mailing_id}:{token_id.hex()}"
    return f"<{hashlib.sha256(facts.encode('ascii')).hexdigest()[:32]}@{domain}>"
