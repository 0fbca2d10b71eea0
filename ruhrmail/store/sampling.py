"""A mailing cut down to some of its recipients: only ever in a copy of a store."""

from random import Random

from sqlalchemy import Column, MetaData, Table, delete, select

from ruhrmail.model.ledger import State
from ruhrmail.store.mailings import Mailing
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import Number, attempts, deliveries

drawn = Table("drawn", MetaData(), Column("id", Number, primary_key=True), prefixes=["TEMPORARY"])
"""The deliveries that stay, while the others are taken out."""


def draw_sample(store: Store, mailing: Mailing, limit: int, seed: int) -> int:
    """Takes all but `limit` of those who wait out of a mailing, the same ones for the same seed and list.

    Returns how many waited before. For a copy that is thrown away: whoever is taken out has no delivery any more.
    """
    waiting = (deliveries.c.mailing == mailing.id) & deliveries.c.state.in_((State.PENDING, State.DEFERRED))
    with store.writing() as connection:
        numbers = list(connection.execute(select(deliveries.c.id).where(waiting).order_by(deliveries.c.id)).scalars())
        if len(numbers) > limit:
            drawn.create(connection)
            chosen = Random(seed).sample(numbers, limit)  # noqa: S311 - a sample, not a secret
            connection.execute(drawn.insert(), [{"id": number} for number in chosen])
            others = select(deliveries.c.id).where(waiting, deliveries.c.id.not_in(select(drawn.c.id)))
            connection.execute(delete(attempts).where(attempts.c.delivery.in_(others)))
            connection.execute(delete(deliveries).where(deliveries.c.id.in_(others)))
            drawn.drop(connection)
    return len(numbers)
