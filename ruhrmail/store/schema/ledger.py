"""The tables of mailings, and the ledger of who got them."""

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from ruhrmail.store.schema.columns import Instant, Number, metadata, text_column

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
    Column("unchecked_at", Instant),
    Column("overruled", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("issue", "audience", "destination"),
)
"""One issue to one audience. `variants`: the rule from tags to variant, null where all get the same.
`destination`: `relay`, or `maildir` for a mailing that never counts as sent. `prepared_at`: when its messages were made
and `started_at` began to count, null while it only waits for its time. `scheduled_for`: when it is to begin or go on,
null where nothing is planned. `stopped_at` and `reason` (a phrase): since when and why it is stopped, else null.
`unchecked_at`: when somebody last sent without asking the web service, null where nobody did. `overruled`: 1 where
quiet hours do not count."""

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

approvals = Table(
    "approvals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("issue", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("manifest", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("warnings", Integer, nullable=False, default=0),
    Column("notes", Integer, nullable=False, default=0),
    text_column("subject"),
    UniqueConstraint("issue", "sha256", "by", "at"),
)
"""Who approved which content of an issue: the fields of `model.account.Approval`. Rows are only added."""
