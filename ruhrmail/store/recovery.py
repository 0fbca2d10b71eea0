"""After a crash: claims are undone, what was in flight is in doubt, and late proof settles doubt."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, exists, update

from ruhrmail.model.ledger import State
from ruhrmail.model.remarks import CUT_OFF, PROVEN_BY_LINK
from ruhrmail.store.mailings import reopen
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import attempts, deliveries, subscribers

"""What a delivery in doubt says that a crash left in flight."""
PROVEN = str(PROVEN_BY_LINK)
"""What one says that turned out to have arrived."""
UNCLAIMED = {"token": None, "lease_until": None}


def take_over(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    """Undoes the claims among deliveries, puts those in flight in doubt, and returns how many that were.

    Who is newly in doubt keeps the token: should the sender we took for dead live, its word that it sent still counts.
    """
    claimed = which & (deliveries.c.state == State.CLAIMED)
    back = case((deliveries.c.next_at.is_(None), State.PENDING.value), else_=State.DEFERRED.value)
    connection.execute(update(deliveries).where(claimed).values(state=back, **UNCLAIMED))
    in_flight = which & (deliveries.c.state == State.IN_FLIGHT)
    doubt = {"state": State.IN_DOUBT, "lease_until": None, "next_at": None, "at": now, "code": None}
    counted = {"attempts": deliveries.c.attempts + 1, "enhanced_code": "", "text": str(CUT_OFF), "relay": ""}
    doubtful = update(deliveries).where(in_flight).values(doubt | counted)
    # As many as fit into the connections: what the statement changed tells whose attempts are to be listed.
    lost = connection.execute(doubtful.returning(deliveries.c.id, deliveries.c.attempts)).all()
    if lost:
        blank = {"at": now, "outcome": State.IN_DOUBT, "enhanced_code": "", "text": str(CUT_OFF), "relay": ""}
        rows = [{"delivery": row.id, "number": row.attempts, **blank} for row in lost]
        connection.execute(attempts.insert(), rows)
    return len(lost)


def requeue_doubtful(connection: Connection, mailing: int) -> int:
    """Makes everyone in doubt pending; returns how many. The old token counts no more. Who was forgotten has no address
    any more, and stays in doubt."""
    addressed = exists().where(subscribers.c.id == deliveries.c.subscriber, subscribers.c.email != "")
    doubtful = (deliveries.c.mailing == mailing) & (deliveries.c.state == State.IN_DOUBT) & addressed
    count = connection.execute(update(deliveries).where(doubtful).values(state=State.PENDING, **UNCLAIMED)).rowcount
    if count:
        reopen(connection, mailing)
    return count


LEFT_ALONE = "left alone on a person's word"
"""What a delivery in doubt says once somebody decided so."""


def note_skipped(connection: Connection, mailing: int, now: datetime) -> int:
    """Records the decision to leave everyone in doubt alone; they stay in doubt. Returns how many that is."""
    doubtful = (deliveries.c.mailing == mailing) & (deliveries.c.state == State.IN_DOUBT)
    last = exists().where(doubtful, attempts.c.delivery == deliveries.c.id, attempts.c.number == deliveries.c.attempts)
    count = connection.execute(update(deliveries).where(doubtful).values(text=LEFT_ALONE)).rowcount
    connection.execute(update(attempts).where(last).values(text=LEFT_ALONE, at=now))
    return count


def prove_sent(store: Store, mailing: int, subscriber: int, now: datetime, proof: str = PROVEN) -> bool:
    """Late proof, such as a link of this mail that was used: who was in doubt got it. Returns whether they were.

    In flight counts as well: after a crash it stays so until the next `send`.
    """
    with store.writing() as connection:
        return settle_doubt(connection, mailing, subscriber, now, proof)


def settle_doubt(connection: Connection, mailing: int, subscriber: int, now: datetime, proof: str = PROVEN) -> bool:
    """The same within a transaction."""
    which = (deliveries.c.mailing == mailing) & (deliveries.c.subscriber == subscriber)
    take_over(connection, which & (deliveries.c.state == State.IN_FLIGHT), now)
    delivery = connection.execute(
        update(deliveries)
        .where(which, deliveries.c.state == State.IN_DOUBT)
        .values(state=State.SENT, token=None, at=now, text=proof)
        .returning(deliveries.c.id, deliveries.c.attempts)
    ).one_or_none()
    if delivery is None:
        return False
    last = (attempts.c.delivery == delivery.id) & (attempts.c.number == delivery.attempts)
    connection.execute(update(attempts).where(last).values(outcome=State.SENT, at=now, text=proof))
    return True
