"""How many of a mailing's mails came back, and about how many somebody complained."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from ruhrmail.model.bounce import RETURNED, Kind, Share
from ruhrmail.model.ledger import State
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import bounces, deliveries, mailings, subscribers

NAMED = 10


def read_share(store: Store, mailing: int) -> Share:
    """The figures of a mailing, all from one moment."""
    with store.reading() as connection:
        return share_of(connection, mailing)


def share_of(connection: Connection, mailing: int) -> Share:
    """The same within a transaction."""
    sent = select(func.count()).where(deliveries.c.mailing == mailing, deliveries.c.state == State.SENT)
    bounced, complained = count_returned(connection, [mailing])
    return Share(connection.execute(sent).scalar_one(), bounced, complained)


def count_returned(connection: Connection, numbers: Sequence[int]) -> tuple[int, int]:
    """How many bounces and complaints there are about mailings: each person's once, those of the forgotten too."""
    found = []
    for kinds in (RETURNED, (Kind.COMPLAINT,)):
        ours = bounces.c.mailing.in_(numbers) & bounces.c.kind.in_(kinds)
        pairs = select(bounces.c.mailing, bounces.c.subscriber).where(ours, bounces.c.subscriber.is_not(None))
        known = select(func.count()).select_from(pairs.distinct().subquery())
        nameless = select(func.count()).where(ours, bounces.c.subscriber.is_(None))
        found.append(connection.execute(known).scalar_one() + connection.execute(nameless).scalar_one())
    return found[0], found[1]


def count_kind(store: Store, mailing: int, kind: Kind) -> int:
    """How often something of this kind came back about a mailing."""
    ours = (bounces.c.mailing == mailing) & (bounces.c.kind == kind)
    with store.reading() as connection:
        return connection.execute(select(func.count()).where(ours)).scalar_one()


def read_share_since(store: Store, since: datetime, enough: int) -> Share | None:
    """The figures of all mailings that began since then; None while fewer complained, for then nothing is counted."""
    recent = select(mailings.c.id).where(mailings.c.prepared_at >= since, mailings.c.destination == "relay")
    with store.reading() as connection:
        numbers = list(connection.execute(recent).scalars())
        bounced, complained = count_returned(connection, numbers)
        if complained < enough:
            return None
        sent = select(func.count()).where(deliveries.c.mailing.in_(numbers), deliveries.c.state == State.SENT)
        return Share(connection.execute(sent).scalar_one(), bounced, complained)


def read_domain_shares(store: Store, mailing: int) -> tuple[Share, ...]:
    """The figures of the receiving domains that most came back from, the worst first.

    One pass over the mailing's recipients, and none where nothing came back.
    """
    with store.reading() as connection:
        bounced, complained = domains_of(connection, mailing)
        every = bounced + complained
        worst = sorted(every, key=lambda name: (-every[name], name))[:NAMED]
        sent = count_sent(connection, mailing, worst)
    return tuple(Share(sent[name], bounced[name], complained[name], name) for name in worst)


def domains_of(connection: Connection, mailing: int) -> tuple[Counter[str], Counter[str]]:
    """How many bounces and complaints came from each domain."""
    joined = select(bounces.c.subscriber, bounces.c.kind, subscribers.c.key).join(
        subscribers, subscribers.c.id == bounces.c.subscriber
    )
    rows = connection.execute(joined.where(bounces.c.mailing == mailing, subscribers.c.email != "").distinct()).all()
    bounced = {(row.subscriber, row.key) for row in rows if row.kind in RETURNED}
    complained = {(row.subscriber, row.key) for row in rows if row.kind == Kind.COMPLAINT}
    return count_domains(bounced), count_domains(complained)


def count_domains(people: set[tuple[int, str]]) -> Counter[str]:
    """How many people each domain has."""
    return Counter(key.rpartition("@")[2] for _, key in people)


def count_sent(connection: Connection, mailing: int, domains: Sequence[str]) -> dict[str, int]:
    """How many of a mailing's mails went to each domain."""
    if not domains:
        return {}
    columns = [func.count().filter(subscribers.c.key.endswith(f"@{name}", autoescape=True)) for name in domains]
    sent = (deliveries.c.mailing == mailing) & (deliveries.c.state == State.SENT)
    joined = select(*columns).select_from(deliveries.join(subscribers, subscribers.c.id == deliveries.c.subscriber))
    return dict(zip(domains, connection.execute(joined.where(sent)).one(), strict=True))
