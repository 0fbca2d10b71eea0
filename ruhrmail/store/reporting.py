"""What a report tells of a mailing: sums of its ledger, counted by the database, all from one moment."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ruhrmail.model.account import Curve, Group, Result
from ruhrmail.model.bounce import RETURNED, Kind
from ruhrmail.model.ledger import State
from ruhrmail.store.figures import count_states
from ruhrmail.store.leaving import evidence_of_link, evidence_of_mail
from ruhrmail.store.mailings import Mailing, mailing_of
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import (
    MICROSECOND,
    WITHDRAWN,
    bounces,
    consents,
    deliveries,
    instant,
    mailings,
    microseconds,
    subscribers,
)
from ruhrmail.store.shares import domains_of

REFUSED = (State.FAILED, State.DEFERRED)
SPANS = 60
"""A curve has about so many points at most."""
SECONDS = (1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400)
"""How long a span of a curve may be."""
ONE_DAY = timedelta(days=1)


class domain_of(FunctionElement[str]):  # noqa: N801 - it is a function in SQL
    """What stands behind the @ of an address, empty where there is none."""

    inherit_cache = True
    type = Text()
    name = "domain_of"


@compiles(domain_of, "sqlite")
def domain_in_sqlite(element: domain_of, compiler: SQLCompiler, **options: Any) -> str:
    """The same in SQLite's words."""
    address = compiler.process(element.clauses, **options)
    return f"CASE instr({address}, '@') WHEN 0 THEN '' ELSE lower(substr({address}, instr({address}, '@') + 1)) END"


@compiles(domain_of, "postgresql")
def domain_in_postgresql(element: domain_of, compiler: SQLCompiler, **options: Any) -> str:
    """The same in PostgreSQL's."""
    return f"lower(split_part({compiler.process(element.clauses, **options)}, '@', 2))"


@dataclass(frozen=True, slots=True)
class Tally:
    """A mailing in groups, with its curves, what came back, and from which domains; see `Account`."""

    result: Result
    groups: tuple[Group, ...]
    pace: Curve | None
    returns: Curve | None
    complaints: Curve | None
    leaving: Curve | None
    returned: Counter[Kind]
    bounced: Counter[str]
    complained: Counter[str]
    left: Counter[str]
    earlier: tuple[Result, ...]


def tally_mailing(store: Store, mailing: Mailing, now: datetime, most_earlier: int = 12) -> Tally:
    """Everything in the ledger about a mailing, and the outcomes of those before it. Raises StoreError."""
    with store.reading() as connection:
        groups = tuple(groups_of(connection, mailing))
        first = min((one.first_at for one in groups if one.first_at), default=None)
        last = max((one.last_at for one in groups if one.last_at), default=None)
        begin = mailing.started_at if mailing.prepared_at else first
        bounced, complained = domains_of(connection, mailing.id)
        left = count_leavers(connection, mailing.id)
        returns, complaints, leaving = aftermath(connection, mailing.id, begin, now)
        return Tally(
            Result(count_states(connection, mailing), left.total(), first, last),
            groups,
            pace_of(connection, mailing, first, last),
            returns,
            complaints,
            leaving,
            count_kinds(connection, mailing.id),
            bounced,
            complained,
            left,
            tuple(results_before(connection, mailing, most_earlier)),
        )


def groups_of(connection: Connection, mailing: Mailing) -> Iterator[Group]:
    """The recipients in groups: one pass over them."""
    refused = deliveries.c.state.in_(REFUSED)
    domain = domain_of(subscribers.c.email)
    code = case((refused, deliveries.c.code), else_=None)
    enhanced = case((refused, deliveries.c.enhanced_code), else_="")
    text = case((refused, deliveries.c.text), else_="")
    alike = (domain, deliveries.c.variant, deliveries.c.state, code, enhanced)
    figures = (func.count(), func.min(text), func.max(text), func.min(deliveries.c.first_at), func.max(tried_at()))
    joined = select(*alike, *figures).join(subscribers, subscribers.c.id == deliveries.c.subscriber)
    for row in connection.execute(joined.where(deliveries.c.mailing == mailing.id).group_by(*alike)):
        domain_name, variant, state, number, status, count, least, greatest, first, last = row
        said = least if least == greatest and count > 1 else ""
        yield Group(
            domain_name, variant, State(state), number, status or "", said, count,
            first, None if last is None else instant(last),
        )  # fmt: skip


def tried_at() -> ColumnElement[int | None]:
    """When somebody was last tried, in microseconds; null for whom no relay heard of."""
    tried = deliveries.c.state.in_((State.SENT, State.FAILED, State.DEFERRED, State.IN_DOUBT))
    return case((tried, type_coerce(deliveries.c.at, BigInteger)), else_=None)


def pace_of(connection: Connection, mailing: Mailing, first: datetime | None, last: datetime | None) -> Curve | None:
    """How many were sent in each span of time; None before the first attempt."""
    if first is None or last is None:
        return None
    sent = and_(deliveries.c.mailing == mailing.id, deliveries.c.state == State.SENT)
    return curve(connection, select(func.count()).where(sent), deliveries.c.at, first, last)


def curve(
    connection: Connection, counting: Select[Any], at: ColumnElement[Any], start: datetime, end: datetime
) -> Curve:
    """What a query counts, by its time; what lies outside counts at the nearest end."""
    width = width_for(end - start)
    start = start.replace(microsecond=0)
    spans = (end - start) // width + 1
    number = (type_coerce(at, BigInteger) - microseconds(start)) // (width // MICROSECOND)
    counts = [0] * spans
    for count, span in connection.execute(counting.add_columns(number).group_by(number)).all():
        counts[min(max(span or 0, 0), spans - 1)] += count
    return Curve(start, width, tuple(counts))


def width_for(length: timedelta) -> timedelta:
    """How long the spans of a curve are, so that there are not too many: whole seconds, minutes, hours or days."""
    widths = [timedelta(seconds=number) for number in SECONDS]
    days = -(-length // (SPANS * ONE_DAY)) * ONE_DAY
    return next((one for one in widths if length // one < SPANS), days)


def aftermath(
    connection: Connection, mailing: int, begin: datetime | None, now: datetime
) -> tuple[Curve | None, Curve | None, Curve | None]:
    """What came back, who complained and who left since the beginning, all over the same spans; None for nothing."""
    ours = bounces.c.mailing == mailing
    queries = (
        (select(func.count()).where(ours, bounces.c.kind.in_(RETURNED)), bounces.c.at),
        (select(func.count()).where(ours, bounces.c.kind == Kind.COMPLAINT), bounces.c.at),
        (select(func.count()).where(withdrawn(mailing)), consents.c.at),
    )
    latest = [
        connection.execute(query.with_only_columns(func.max(at), maintain_column_froms=True)).scalar_one()
        for query, at in queries
    ]
    if begin is None or not any(latest):
        return None, None, None
    end = max(min(max(one for one in latest if one), now), begin)
    found = [curve(connection, query, at, begin, end) for query, at in queries]
    return found[0], found[1], found[2]


def withdrawn(mailing: int) -> ColumnElement[bool]:
    """Which records say that somebody left by a mailing's mail."""
    # the condition of the partial index, word by word
    return and_(
        consents.c.kind == WITHDRAWN,
        consents.c.procedure.in_((evidence_of_link(mailing), evidence_of_mail(mailing))),
    )


def count_leavers(connection: Connection, mailing: int) -> Counter[str]:
    """How many left by a mailing's mail, by receiving domain; people who were forgotten since are gone from it."""
    domain = domain_of(subscribers.c.email)
    joined = select(domain, func.count(consents.c.subscriber.distinct())).join(
        subscribers, subscribers.c.id == consents.c.subscriber
    )
    rows = connection.execute(joined.where(withdrawn(mailing)).group_by(domain)).all()
    return Counter({row[0]: row[1] for row in rows})


def count_kinds(connection: Connection, mailing: int) -> Counter[Kind]:
    """How many people something of each kind came back from."""
    people = func.count(bounces.c.subscriber.distinct())
    nameless = func.count().filter(bounces.c.subscriber.is_(None))
    rows = connection.execute(
        select(bounces.c.kind, people + nameless).where(bounces.c.mailing == mailing).group_by(bounces.c.kind)
    ).all()
    return Counter({Kind(kind): count for kind, count in rows})


def results_before(connection: Connection, mailing: Mailing, most: int) -> Iterator[Result]:
    """The outcomes of the mailings that began before this one, to the same destination, the latest first."""
    before = and_(
        mailings.c.destination == mailing.destination,
        mailings.c.prepared_at.is_not(None),
        or_(
            mailings.c.started_at < mailing.started_at,
            and_(mailings.c.started_at == mailing.started_at, mailings.c.id < mailing.id),
        ),
    )
    latest = select(mailings).where(before).order_by(mailings.c.started_at.desc(), mailings.c.id.desc()).limit(most)
    yield from results_of(connection, connection.execute(latest).all())


def results_of(connection: Connection, rows: Iterable[Row[Any]]) -> Iterator[Result]:
    """The outcomes of mailings."""
    for row in rows:
        found = mailing_of(row)
        ours = deliveries.c.mailing == found.id
        last = select(func.max(tried_at())).where(ours) if found.finished_at is None else None
        until = connection.execute(last).scalar_one() if last is not None else None
        left = select(func.count(consents.c.subscriber.distinct())).where(withdrawn(found.id))
        yield Result(
            count_states(connection, found),
            connection.execute(left).scalar_one(),
            last_at=None if until is None else instant(until),
        )
