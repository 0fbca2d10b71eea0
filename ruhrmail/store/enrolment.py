"""Who gets a mailing: everybody on the list, each address once per issue, each the variant of their tags."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    cast,
    exists,
    func,
    literal,
    select,
    update,
)

from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store.audiences import belongs
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.mailings import Destination, Mailing, reopen
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import deliveries, mailings, subscribers
from ruhrmail.store.subscribers import listed, unsuppressed

COLUMNS = ("mailing", "subscriber", "variant", "state", "attempts", "enrolled_at", "enhanced_code", "text", "relay")
TAGS = cast(subscribers.c.tags, Text)
"""Tags as the JSON they are stored as: people with the same tags mostly share it, so each is read only once."""

assignment = Table(
    "variant_of_tags",
    MetaData(),
    Column("tags", Text, primary_key=True),
    Column("variant", Text, nullable=False),
    prefixes=["TEMPORARY"],
)
"""Which tags get which variant, while people are enrolled."""


def count_newcomers(
    store: Store,
    issue: str,
    destination: Destination,
    variants: Variants = ONE_VARIANT,
    audience: Audience = EVERYBODY,
) -> Counter[str]:
    """How many of an audience `enrol` would enrol now by variant, whether the mailing began or not."""
    with store.reading() as connection:
        newcomer = newcomers(connection, issue, destination, deliveries.c.state != State.SUPPRESSED)
        newcomer &= belongs(audience)
        if not variants.conditions:
            count = select(func.count()).select_from(subscribers).where(newcomer)
            return Counter({"": connection.execute(count).scalar_one()})
        grouped = connection.execute(select(TAGS, func.count()).where(newcomer).group_by(TAGS))
        counts: Counter[str] = Counter()
        for tags, people in grouped:
            counts[variants.choose(json.loads(tags))] += people
        return counts


def count_open(store: Store, mailing: Mailing | None, *besides: State) -> Counter[str]:
    """How many of those enrolled still wait, or stand in one of some states besides, by variant."""
    if mailing is None:
        return Counter()
    waiting = (deliveries.c.mailing == mailing.id) & deliveries.c.state.in_((*OPEN_STATES, *besides))
    with store.reading() as connection:
        count = func.count().label("total")
        grouped = connection.execute(select(deliveries.c.variant, count).where(waiting).group_by(deliveries.c.variant))
        return Counter({row.variant: row.total for row in grouped})


def newcomers(
    connection: Connection, issue: str, destination: Destination, *served_if: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The condition that a subscriber is on the list and has no delivery of this issue, or none that counts."""
    siblings = select(mailings.c.id).where(mailings.c.issue == issue, mailings.c.destination == destination)
    same_issue = list(connection.execute(siblings).scalars())
    ours = (deliveries.c.mailing.in_(same_issue), deliveries.c.subscriber == subscribers.c.id)
    served = exists().where(*ours, *served_if)
    return listed() & unsuppressed() & ~served


def enrol(store: Store, mailing: Mailing, now: datetime, audience: Audience = EVERYBODY) -> int:
    """Gives everybody of the audience who has none yet a pending delivery; returns how many newcomers that were.

    Left out are the suppressed, and who gets the same issue to the same destination with another audience. Everyone
    gets the variant that their tags select today, by the rule the mailing began with. Who was left out of this mailing
    because they had left the list, and is back, counts as a newcomer, of the same variant as then. A complete mailing
    with newcomers is open again. Raises StoreError; then nobody was enrolled.
    """
    with store.writing() as connection:
        left_out = (deliveries.c.mailing != mailing.id) & (deliveries.c.state == State.SUPPRESSED)
        newcomer = newcomers(connection, mailing.issue, mailing.destination, ~left_out) & belongs(audience)
        assign_variants(connection, newcomer, mailing.variants)
        chosen = select(assignment.c.variant).where(assignment.c.tags == TAGS).scalar_subquery()
        rows = (
            select(
                literal(mailing.id), subscribers.c.id,
                func.coalesce(chosen, "") if mailing.variants.conditions else literal(""),
                literal(State.PENDING.value), literal(0),
                literal(now, deliveries.c.enrolled_at.type), literal(""), literal(""), literal(""),
            )
            .where(newcomer)
            .order_by(subscribers.c.id)
        )  # fmt: skip
        insert = insert_or(connection, deliveries).from_select(COLUMNS, rows)
        count = connection.execute(insert.on_conflict_do_nothing()).rowcount
        back = is_back(mailing) & ~served_elsewhere(connection, mailing)
        count += connection.execute(update(deliveries).where(back).values(state=State.PENDING)).rowcount
        if count:
            reopen(connection, mailing.id)
        if mailing.variants.conditions:
            assignment.drop(connection)
    return count


def assign_variants(connection: Connection, newcomer: ColumnElement[bool], variants: Variants) -> None:
    """Writes down the variant for all tags that newcomers have; nothing where all get the same."""
    if not variants.conditions:
        return
    assignment.create(connection)
    found = connection.execute(select(TAGS).where(newcomer).distinct()).scalars()
    chosen: Mapping[str, str] = {tags: variants.choose(json.loads(tags)) for tags in found}
    rows = [{"tags": tags, "variant": variant} for tags, variant in chosen.items() if variant]
    if rows:
        connection.execute(assignment.insert(), rows)


def is_back(mailing: Mailing) -> ColumnElement[bool]:
    """The condition that a delivery was left out, and that its recipient is on the list again."""
    welcome = exists().where(subscribers.c.id == deliveries.c.subscriber, listed(), unsuppressed())
    return (deliveries.c.mailing == mailing.id) & (deliveries.c.state == State.SUPPRESSED) & welcome


def served_elsewhere(connection: Connection, mailing: Mailing) -> ColumnElement[bool]:
    """The condition that a delivery's recipient has a delivery of the same issue, for another audience, that counts."""
    siblings = select(mailings.c.id).where(
        mailings.c.issue == mailing.issue, mailings.c.destination == mailing.destination, mailings.c.id != mailing.id
    )
    others = list(connection.execute(siblings).scalars())
    other = deliveries.alias()
    same = (other.c.subscriber == deliveries.c.subscriber, other.c.mailing.in_(others))
    return exists().where(*same, other.c.state != State.SUPPRESSED)
