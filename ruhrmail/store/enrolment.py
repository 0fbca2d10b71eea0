"""Who gets a mailing: everybody on the list, each address once per issue."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal, select, update

from ruhrmail.model.ledger import State
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.mailings import Destination, Mailing, reopen
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import deliveries, mailings, subscribers
from ruhrmail.store.subscribers import listed, unsuppressed

COLUMNS = ("mailing", "subscriber", "variant", "state", "attempts", "enrolled_at", "enhanced_code", "text", "relay")


def count_newcomers(store: Store, issue: str, destination: Destination) -> int:
    """How many `enrol` would enrol now, whether the mailing began or not."""
    same_issue = select(mailings.c.id).where(mailings.c.issue == issue, mailings.c.destination == destination)
    served = exists().where(
        deliveries.c.mailing.in_(same_issue),
        deliveries.c.subscriber == subscribers.c.id,
        deliveries.c.state != State.SUPPRESSED,
    )
    with store.reading() as connection:
        query = select(func.count()).select_from(subscribers).where(listed(), unsuppressed(), ~served)
        return connection.execute(query).scalar_one()


def enrol(store: Store, mailing: Mailing, now: datetime) -> int:
    """Gives everybody on the list who has none yet a pending delivery; returns how many newcomers that were.

    Left out are the suppressed, and who gets the same issue to the same destination with another audience. Who was
    left out of this mailing because they had left the list, and is back, counts as a newcomer. A complete mailing with
    newcomers is open again. Raises StoreError; then nobody was enrolled.
    """
    siblings = select(mailings.c.id).where(
        mailings.c.issue == mailing.issue,
        mailings.c.destination == mailing.destination,
    )
    with store.writing() as connection:
        same_issue = list(connection.execute(siblings).scalars())
        served = exists().where(deliveries.c.mailing.in_(same_issue), deliveries.c.subscriber == subscribers.c.id)
        newcomers = (
            select(
                literal(mailing.id), subscribers.c.id, literal(""), literal(State.PENDING.value), literal(0),
                literal(now, deliveries.c.enrolled_at.type), literal(""), literal(""), literal(""),
            )
            .where(listed(), unsuppressed(), ~served)
            .order_by(subscribers.c.id)
        )  # fmt: skip
        insert = insert_or(connection, deliveries).from_select(COLUMNS, newcomers)
        count = connection.execute(insert.on_conflict_do_nothing()).rowcount
        count += connection.execute(update(deliveries).where(is_back(mailing)).values(state=State.PENDING)).rowcount
        if count:
            reopen(connection, mailing.id)
    return count


def is_back(mailing: Mailing) -> ColumnElement[bool]:
    """The condition that a delivery was left out, and that its recipient is on the list again."""
    welcome = exists().where(subscribers.c.id == deliveries.c.subscriber, listed(), unsuppressed())
    return (deliveries.c.mailing == mailing.id) & (deliveries.c.state == State.SUPPRESSED) & welcome
