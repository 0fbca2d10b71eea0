"""The tables: one schema for SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
)

VERSION = 3
"""Raised with every change of the tables; a store with a higher number is refused."""

CHANGES = {
    1: ("ALTER TABLE mailings ADD COLUMN variants JSON",),
    2: (
        "ALTER TABLE mailings ADD COLUMN prepared_at BIGINT",
        "ALTER TABLE mailings ADD COLUMN scheduled_for BIGINT",
        "ALTER TABLE mailings ADD COLUMN stopped_at BIGINT",
        "ALTER TABLE mailings ADD COLUMN reason JSON",
        "UPDATE mailings SET prepared_at = started_at",
        "ALTER TABLE deliveries ADD COLUMN earlier SMALLINT NOT NULL DEFAULT 0",
    ),
}
"""What turns the tables of a version into those of the next."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """A point in time as the tables hold it."""
    return (at - EPOCH) // MICROSECOND


def instant(number: int) -> datetime:
    """The point in time that the tables hold as a number."""
    return EPOCH + number * MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A point in time: microseconds since 1970 in the table, an aware datetime in UTC outside."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


Number = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is exactly INTEGER."""


def text_column(name: str) -> Column[str]:
    """A text that is empty rather than absent."""
    return Column(name, Text, nullable=False, default="")


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the store: its id, the version of its tables, the roster as last read."""

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Number, primary_key=True),
    Column("token_id", LargeBinary(8), nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    text_column("salutation"),
    text_column("title"),
    text_column("first_name"),
    text_column("last_name"),
    text_column("company"),
    text_column("language"),
    Column("tags", JSON, nullable=False),
    text_column("consented_at"),
    text_column("consent_source"),
    text_column("consent_text"),
    Column("fields", JSON, nullable=False),
    Column("on_roster", Integer),
    Column("joined", Text),
    Column("created_at", Instant, nullable=False),
)
"""Everybody we ever had on the list. `on_roster`: the number of the roster reading that last saw them, null when they
are not on it. `joined`: null, `import` or `web`, for whoever came another way."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    text_column("evidence"),
)
"""Whom we must not mail, and why."""

mailings = Table(
    "mailings",
    metadata,
    Column("id", Number, primary_key=True),
    Column("issue", Text, nullable=False),
    text_column("audience"),
    Column("destination", Text, nullable=False),
    Column("state", Text, nullable=False),
    text_column("subject"),
    text_column("sender"),
    text_column("domain"),
    Column("manifest", JSON, nullable=False),
    Column("variants", JSON(none_as_null=True)),
    text_column("legal_basis"),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("prepared_at", Instant),
    Column("scheduled_for", Instant),
    Column("stopped_at", Instant),
    Column("reason", JSON(none_as_null=True)),
    UniqueConstraint("issue", "audience", "destination"),
)
"""One issue to one audience. `variants`: the rule from tags to variant, null where all get the same.
`destination`: `relay`, or `maildir` for a mailing that never counts as sent. `prepared_at`: when its messages were made
and `started_at` began to count, null while it only waits for its time. `scheduled_for`: when it is to begin or go on,
null where nothing is planned. `stopped_at` and `reason` (a phrase): since when and why it is stopped, else null."""

prepared_messages = Table(
    "prepared_messages",
    metadata,
    Column("mailing", Number, ForeignKey("mailings.id"), primary_key=True),
    Column("variant", Text, primary_key=True),
    text_column("language"),
    Column("parts", JSON, nullable=False),
)
"""What a resumed mailing sends: the messages as they were prepared when it began."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("mailing", Number, ForeignKey("mailings.id"), nullable=False),
    Column("subscriber", Number, ForeignKey("subscribers.id"), nullable=False),
    text_column("variant"),
    Column("state", Text, nullable=False),
    Column("token", Text),
    Column("lease_until", Instant),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("enrolled_at", Instant, nullable=False),
    Column("first_at", Instant),
    Column("next_at", Instant),
    Column("code", SmallInteger),
    text_column("enhanced_code"),
    text_column("text"),
    text_column("relay"),
    Column("at", Instant),
    Column("earlier", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("mailing", "subscriber"),
)
"""One recipient of one mailing; the states are those of `model.ledger.State`. `attempts` counts those since
somebody last said `--retry-failed`, `earlier` the ones before that."""

Index("deliveries_by_state", deliveries.c.mailing, deliveries.c.state, deliveries.c.id)
DEFERRED: ColumnElement[str] = literal_column("'deferred'")
"""Written out, not bound: a partial index serves only queries that repeat its condition word by word."""
Index(
    "deliveries_due",
    deliveries.c.mailing,
    deliveries.c.next_at,
    sqlite_where=deliveries.c.state == DEFERRED,
    postgresql_where=deliveries.c.state == DEFERRED,
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", Number, ForeignKey("deliveries.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", SmallInteger),
    text_column("enhanced_code"),
    text_column("text"),
    text_column("relay"),
    sqlite_with_rowid=False,
)
"""Every attempt at a delivery, in order; those from before the last `--retry-failed` have the numbers up to 0."""
