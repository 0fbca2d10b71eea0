"""Leaving by the links of mails: everybody who does so at the same moment, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ruhrmail.model.consent import Consent, Kind, Reason
from ruhrmail.model.ledger import State
from ruhrmail.model.remarks import LETTER, LINK
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.consents import record_row
from ruhrmail.store.opening import Store
from ruhrmail.store.recovery import settle_doubt
from ruhrmail.store.schema import consents, deliveries, subscribers, suppressions

UNKNOWN = (State.IN_FLIGHT, State.IN_DOUBT)


def evidence_of_link(mailing: int) -> str:
    """What the records say of somebody who left by the link in a mailing's mail."""
    return LINK.format(number=mailing)


def evidence_of_mail(mailing: int | None) -> str:
    """The same of somebody who wrote to the address that the mail names for it."""
    return LETTER.format(number=mailing)


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves: the eight bytes that their link names them by, and the mailing whose mail it stood in."""

    token_id: bytes
    mailing: int

    @property
    def evidence(self) -> str:
        """What the records say about it."""
        return evidence_of_link(self.mailing)


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who that is: the number in the store, the address's key, and the language they read."""

    number: int
    key: str
    language: str


def depart(store: Store, departures: Sequence[Departure], now: datetime) -> list[Leaver | None]:
    """Takes people off the list, all of them durably when it returns; None for whom the store does not know.

    Each as `withdraw` does, and using the link proves that the mail it stood in arrived: a delivery in doubt is settled
    as sent. Raises StoreError: then nobody has left.
    """
    with store.writing() as connection:
        known = leavers(connection, {one.token_id for one in departures})
        ours = [(one, known[one.token_id]) for one in departures if one.token_id in known]
        # of several links of the same person the first counts
        first = {leaver: one for one, leaver in reversed(ours)}
        fresh = suppress_leavers(connection, first, now)
        record_leavers(connection, first, fresh, now)
        for mailing, number in doubtful(connection, {(one.mailing, leaver.number) for one, leaver in ours}):
            settle_doubt(connection, mailing, number, now)
    return [known.get(one.token_id) for one in departures]


def leavers(connection: Connection, token_ids: Collection[bytes]) -> dict[bytes, Leaver]:
    """Whom the bytes in links stand for."""
    wanted = select(subscribers.c.token_id, subscribers.c.id, subscribers.c.key, subscribers.c.language)
    rows = connection.execute(wanted.where(subscribers.c.token_id.in_(token_ids)))
    return {row.token_id: Leaver(row.id, row.key, row.language) for row in rows}


def suppress_leavers(connection: Connection, leaving: Mapping[Leaver, Departure], now: datetime) -> set[str]:
    """Suppresses whoever is not, and gives their keys; any earlier reason stays."""
    keys = [leaver.key for leaver in leaving]
    before = set(connection.execute(select(suppressions.c.key).where(suppressions.c.key.in_(keys))).scalars())
    rows = [
        {"key": leaver.key, "reason": Reason.UNSUBSCRIBED.value, "at": now, "evidence": one.evidence}
        for leaver, one in leaving.items()
        if leaver.key not in before
    ]
    if rows:
        connection.execute(insert_or(connection, suppressions).on_conflict_do_nothing(), rows)
    return set(keys) - before


def record_leavers(
    connection: Connection, leaving: Mapping[Leaver, Departure], fresh: Collection[str], now: datetime
) -> None:
    """Adds a record that they left, once: not where it is the last one and they were suppressed already."""
    again = [leaver.number for leaver in leaving if leaver.key not in fresh]
    last = {}
    if again:
        history = select(consents.c.subscriber, consents.c.kind).where(consents.c.subscriber.in_(again))
        last = {row.subscriber: row.kind for row in connection.execute(history.order_by(consents.c.id))}
    rows = [
        record_row(leaver.number, Consent(0, Kind.WITHDRAWN, now, procedure=one.evidence))
        for leaver, one in leaving.items()
        if last.get(leaver.number) != Kind.WITHDRAWN
    ]
    if rows:
        connection.execute(consents.insert(), rows)


def doubtful(connection: Connection, pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Which of the deliveries, by mailing and subscriber, nobody knows the end of."""
    mailings, numbers = ({pair[place] for pair in pairs} for place in (0, 1))
    unknown = select(deliveries.c.mailing, deliveries.c.subscriber).where(
        deliveries.c.mailing.in_(mailings), deliveries.c.subscriber.in_(numbers), deliveries.c.state.in_(UNKNOWN)
    )
    return [(row.mailing, row.subscriber) for row in connection.execute(unknown) if tuple(row) in pairs]
