"""The list as a directory: searched, read a page at a time, and counted over time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.consent import Kind, Reason, Standing
from ruhrmail.model.people import Person
from ruhrmail.store.audiences import belongs
from ruhrmail.store.expressions import MonthOf
from ruhrmail.store.opening import Store
from ruhrmail.store.outbox import posts_by_state
from ruhrmail.store.paging import paged
from ruhrmail.store.schema import consents, subscribers, suppressions
from ruhrmail.store.subscribers import RECIPIENT, listed, recipient_of, unsuppressed

PAGE = 1000
SEARCHED = ("email", "first_name", "last_name", "company")


@dataclass(frozen=True, slots=True)
class Search:
    """Whom to look for: some part of address, name or company, where they stand, and an audience."""

    text: str = ""
    standing: Standing | None = None
    audience: Audience = EVERYBODY


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory; `reason` is that of a suppression, `created_at` since when the store knows them."""

    person: Person
    standing: Standing
    reason: Reason | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """A month (`2026-11`) with how many came and left in it, and how many were on the list at its end."""

    month: str
    joined: int
    left: int
    total: int


@dataclass(frozen=True, slots=True)
class Census:
    """How many stand where, how many are suppressed for which reason, how the list grew month by month, and how many
    mails about joining stand where."""

    standings: dict[Standing, int]
    reasons: dict[Reason, int]
    months: tuple[Month, ...]
    posts: Mapping[str, int] = field(default_factory=dict)


def named() -> ColumnElement[bool]:
    """The condition that a row is somebody's: that of a forgotten person is nobody's."""
    return subscribers.c.email != ""


def asks() -> ColumnElement[bool]:
    """The condition that a subscriber's last record is a request that nobody confirmed."""
    latest = (
        select(consents.c.kind)
        .where(consents.c.subscriber == subscribers.c.id)
        .order_by(consents.c.id.desc())
        .limit(1)
        .correlate(subscribers)
    )
    return func.coalesce(latest.scalar_subquery(), "") == Kind.ASKED


def stands(standing: Standing) -> ColumnElement[bool]:
    """The condition that a subscriber stands there."""
    match standing:
        case Standing.SUPPRESSED:
            return not_(unsuppressed())
        case Standing.SUBSCRIBED:
            return and_(unsuppressed(), listed())
        case Standing.UNCONFIRMED:
            return and_(unsuppressed(), not_(listed()), asks())
        case Standing.ABSENT:
            return and_(unsuppressed(), not_(listed()), not_(asks()))


def wanted(search: Search) -> ColumnElement[bool]:
    """The condition that a subscriber is looked for."""
    found = [named(), belongs(search.audience)]
    if search.standing is not None:
        found.append(stands(search.standing))
    if search.text:
        found.append(or_(*(subscribers.c[name].icontains(search.text, autoescape=True) for name in SEARCHED)))
    return and_(true(), *found)


def read_directory(store: Store, search: Search) -> Iterator[Entry]:
    """Everybody who is looked for, in the order in which the store came to know them, read a page at a time."""
    why = select(suppressions.c.reason).where(suppressions.c.key == subscribers.c.key).correlate(subscribers)
    page = (
        select(*RECIPIENT, subscribers.c.created_at, listed().label("on_list"), asks().label("asks"), why.label("why"))
        .where(wanted(search))
        .order_by(subscribers.c.id)
        .limit(PAGE)
    )
    return map(entry_of, paged(store, page, subscribers.c.id))


def entry_of(row: Sequence[Any]) -> Entry:
    """The line that a row tells about."""
    *columns, created_at, on_list, asked, reason = row
    if reason is not None:
        standing = Standing.SUPPRESSED
    elif on_list:
        standing = Standing.SUBSCRIBED
    else:
        standing = Standing.UNCONFIRMED if asked else Standing.ABSENT
    return Entry(recipient_of(columns).person, standing, Reason(reason) if reason else None, created_at)


def further_columns(store: Store, search: Search) -> list[str]:
    """The names of all columns beyond the known ones that those looked for have, in the order of the alphabet."""
    keys = func.json_each(subscribers.c.fields).table_valued("key")
    with store.reading() as connection:
        found = select(keys.c.key).select_from(subscribers).join(keys, true()).where(wanted(search)).distinct()
        return sorted(connection.execute(found).scalars())


def take_census(store: Store) -> Census:
    """Counts the list, all from one moment."""
    everybody = select(func.count()).select_from(subscribers)
    with store.reading() as connection:
        standings = {one: connection.execute(everybody.where(named(), stands(one))).scalar_one() for one in Standing}
        grouped = select(suppressions.c.reason, func.count()).group_by(suppressions.c.reason)
        reasons = {Reason(reason): count for reason, count in connection.execute(grouped)}
        came = by_month(connection, subscribers.c.created_at, select(subscribers.c.id))
        suppressed = select(subscribers.c.id).join(suppressions, subscribers.c.key == suppressions.c.key)
        went = by_month(connection, suppressions.c.at, suppressed)
        posts = posts_by_state(connection)
    return Census(standings, reasons, tuple(months_of(came, went)), posts)


def by_month(connection: Connection, at: ColumnElement[datetime], people: Select[Any]) -> Counter[str]:
    """How many of those who came onto the list did something in which month (UTC)."""
    month = MonthOf(type_coerce(at, BigInteger)).label("month")
    grouped = people.with_only_columns(month, func.count().label("total")).where(listed(), named()).group_by(month)
    return Counter({row.month: row.total for row in connection.execute(grouped)})


def months_of(came: Counter[str], went: Counter[str]) -> Iterator[Month]:
    """Every month from the first to the last in which anything happened."""
    if not came and not went:
        return
    first, last = min([*came, *went]), max([*came, *went])
    total, month = 0, first
    while month <= last:
        total += came[month] - went[month]
        yield Month(month, came[month], went[month], total)
        year, number = map(int, month.split("-"))
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"
