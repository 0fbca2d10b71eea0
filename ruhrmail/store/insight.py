"""What a mailing's ledger tells besides its counts: how fast it went, who refused what, and figures for machines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, func, select, type_coerce

from ruhrmail.model.ledger import Figures, State
from ruhrmail.store.figures import count_states
from ruhrmail.store.leases import LEASE
from ruhrmail.store.mailings import Mailing, mailing_of
from ruhrmail.store.opening import Store
from ruhrmail.store.paging import paged
from ruhrmail.store.schema import deliveries, mailings, microseconds, subscribers, suppressions

PAGE = 2000
TRIED = (State.SENT, State.FAILED, State.DEFERRED, State.IN_DOUBT)
REFUSED = (State.FAILED, State.DEFERRED)
MINUTE = 60_000_000
AT = type_coerce(deliveries.c.at, BigInteger)


@dataclass(frozen=True, slots=True)
class Pace:
    """When the attempts were made (UTC), by each recipient's last one. `recently` counts the last minute's."""

    tried: int
    first_at: datetime
    last_at: datetime
    fastest_minute: int
    recently: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often relays refused with this code, for now or for good; `text` is what one of them said."""

    state: State
    code: int | None
    enhanced_code: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class DomainTrouble:
    """How many of a receiving domain's recipients were refused."""

    domain: str
    failed: int
    deferred: int


@dataclass(frozen=True, slots=True)
class Troubles:
    """Refusals, the most frequent first, and the domains that most of them are about."""

    refusals: tuple[Refusal, ...] = ()
    domains: tuple[DomainTrouble, ...] = ()


def read_pace(store: Store, mailing: Mailing, now: datetime) -> Pace | None:
    """How fast a mailing went; None before its first attempt. One pass over its deliveries."""
    tried = (deliveries.c.mailing == mailing.id, deliveries.c.state.in_(TRIED), deliveries.c.at.is_not(None))
    by_minute = select(
        func.count(),
        func.min(deliveries.c.first_at),
        func.max(deliveries.c.at),
        func.count().filter(microseconds(now - timedelta(minutes=1)) < AT),
    ).group_by(AT // MINUTE)
    with store.reading() as connection:
        minutes = connection.execute(by_minute.where(*tried)).all()
    if not minutes:
        return None
    counts, firsts, lasts, recent = zip(*minutes, strict=True)
    return Pace(sum(counts), min(first for first in firsts if first), max(lasts), max(counts), sum(recent))


def read_troubles(store: Store, mailing: Mailing, *, most: int = 10) -> Troubles:
    """What relays refused, by code and by receiving domain; reads the refused only, a page at a time."""
    codes: Counter[tuple[State, int | None, str]] = Counter()
    texts: dict[tuple[State, int | None, str], str] = {}
    domains: Counter[tuple[str, State]] = Counter()
    for row in refused_rows(store, mailing):
        key = (State(row.state), row.code, row.enhanced_code)
        codes[key] += 1
        texts.setdefault(key, row.text)
        domains[row.email.rpartition("@")[2].lower(), State(row.state)] += 1
    refusals = tuple(Refusal(*key, count, texts[key]) for key, count in codes.most_common())
    return Troubles(refusals, worst(domains, most))


def worst(domains: Counter[tuple[str, State]], most: int) -> tuple[DomainTrouble, ...]:
    """The domains with the most refusals."""
    found = [
        DomainTrouble(name, domains[name, State.FAILED], domains[name, State.DEFERRED])
        for name in {name for name, _ in domains}
    ]
    return tuple(sorted(found, key=lambda one: (-one.failed - one.deferred, one.domain))[:most])


def refused_rows(store: Store, mailing: Mailing) -> Iterator[Row[Any]]:
    """Everybody refused, by the index of states."""
    columns = [deliveries.c[name] for name in ("id", "state", "code", "enhanced_code", "text")]
    joined = select(*columns, subscribers.c.email).join(subscribers, subscribers.c.id == deliveries.c.subscriber)
    for state in REFUSED:
        alike = joined.where(deliveries.c.mailing == mailing.id, deliveries.c.state == state).order_by(deliveries.c.id)
        yield from paged(store, alike.limit(PAGE), deliveries.c.id)


def recent_figures(store: Store, limit: int) -> list[tuple[Figures, datetime | None]]:
    """The latest mailings' figures, each with the oldest intent (UTC) that nobody has settled yet."""
    oldest = select(func.min(deliveries.c.lease_until)).where(deliveries.c.state == State.IN_FLIGHT)
    with store.reading() as connection:
        found = []
        for row in connection.execute(select(mailings).order_by(mailings.c.id.desc()).limit(limit)).all():
            until = connection.execute(oldest.where(deliveries.c.mailing == row.id)).scalar_one_or_none()
            found.append((count_states(connection, mailing_of(row)), until - LEASE if until else None))
        return found


def count_suppressions(store: Store) -> dict[str, int]:
    """How many addresses are suppressed, by reason."""
    grouped = select(suppressions.c.reason, func.count().label("total")).group_by(suppressions.c.reason)
    with store.reading() as connection:
        return {row.reason: row.total for row in connection.execute(grouped)}
