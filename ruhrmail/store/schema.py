"""The tables: one schema for SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Float,
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

VERSION = 6
"""Raised with every change of the tables; a store with a higher number is refused."""

CHANGES: dict[int, tuple[tuple[str, str], ...]] = {
    1: (("mailings", "ALTER TABLE mailings ADD COLUMN variants JSON"),),
    2: (
        ("mailings", "ALTER TABLE mailings ADD COLUMN prepared_at BIGINT"),
        ("mailings", "ALTER TABLE mailings ADD COLUMN scheduled_for BIGINT"),
        ("mailings", "ALTER TABLE mailings ADD COLUMN stopped_at BIGINT"),
        ("mailings", "ALTER TABLE mailings ADD COLUMN reason JSON"),
        ("mailings", "UPDATE mailings SET prepared_at = started_at"),
        ("deliveries", "ALTER TABLE deliveries ADD COLUMN earlier SMALLINT NOT NULL DEFAULT 0"),
    ),
    3: (),
    4: (
        ("outbox", "ALTER TABLE outbox ADD COLUMN email TEXT"),
        ("mailings", "ALTER TABLE mailings ADD COLUMN unchecked_at BIGINT"),
        ("consents", "CREATE INDEX consents_withdrawn ON consents (procedure) WHERE kind = 'withdrawn'"),
    ),
    5: (("mailings", "ALTER TABLE mailings ADD COLUMN overruled SMALLINT NOT NULL DEFAULT 0"),),
}
"""What turns the tables of a version into those of the next, each with the table it is about, besides new tables."""

TABLES_OF = {
    4: ("decisions", "imports", "wordings", "consents", "outbox"),
    5: ("preferences", "address_changes", "bounces", "sources"),
    6: ("approvals", "workers"),
}
"""The tables that came with a version."""

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

imports = Table(
    "imports",
    metadata,
    Column("id", Number, primary_key=True),
    text_column("name"),
    text_column("sha256"),
    text_column("basis"),
    Column("at", Instant, nullable=False),
    Column("added", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("suppressed", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
)
"""Files that were imported, and people added by hand (then without a name): the legal basis declared for them, and what
became of the rows."""

wordings = Table(
    "wordings",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
"""Texts that people agreed to, each once, under the hash of its UTF-8 bytes."""

consents = Table(
    "consents",
    metadata,
    Column("id", Number, primary_key=True),
    Column("subscriber", Number, ForeignKey("subscribers.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    text_column("page"),
    Column("wording", Text, ForeignKey("wordings.sha256")),
    text_column("procedure"),
    text_column("mail"),
    text_column("origin"),
    text_column("language"),
    text_column("stated_at"),
    Column("import", Number, ForeignKey("imports.id"), key="source"),
)
"""What people agreed to and withdrew: the fields of `model.consent.Consent`. Rows are only added; they go with the
person."""
Index("consents_by_subscriber", consents.c.subscriber, consents.c.kind)
WITHDRAWN: ColumnElement[str] = literal_column("'withdrawn'")
Index(
    "consents_withdrawn",
    consents.c.procedure,
    sqlite_where=consents.c.kind == WITHDRAWN,
    postgresql_where=consents.c.kind == WITHDRAWN,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("lifted", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    text_column("text"),
)
"""What was decided by hand about suppressions: laid or lifted, which reason it is about, and why."""
Index("decisions_by_key", decisions.c.key)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("subscriber", Number, ForeignKey("subscribers.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("next_at", Instant),
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    text_column("text"),
    Column("email", Text),
)
"""Mails about joining on their way: the states of `model.post.PostState`. `message` is the whole mail until it is sent,
`text` what the relay said last. `email`: where it goes, null for the subscriber's own address."""
OPEN_POST: ColumnElement[str] = literal_column("'pending'")
Index("outbox_due", outbox.c.next_at, sqlite_where=outbox.c.state == OPEN_POST,
      postgresql_where=outbox.c.state == OPEN_POST)  # fmt: skip
Index("outbox_by_subscriber", outbox.c.subscriber)

preferences = Table(
    "preferences",
    metadata,
    Column("subscriber", Number, ForeignKey("subscribers.id"), primary_key=True),
    Column("offered", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    text_column("language"),
    Column("at", Instant, nullable=False),
)
"""What people chose themselves. It wins over every file: of the tags in `offered` they have those in `topics`; their
other tags are the list's. `language` is empty for the list's own."""

address_changes = Table(
    "address_changes",
    metadata,
    Column("id", Number, primary_key=True),
    Column("subscriber", Number, ForeignKey("subscribers.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("done_at", Instant),
    text_column("former"),
    text_column("mail"),
)
"""New addresses that somebody gave; one counts once the link in the mail to it was used (`done_at`). `former` is then
the key of the address before it. `mail`: the mail with the link, until its record among the consents holds it."""
Index("address_changes_by_key", address_changes.c.key)
Index("address_changes_by_subscriber", address_changes.c.subscriber)

bounces = Table(
    "bounces",
    metadata,
    Column("id", Number, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("subscriber", Number, ForeignKey("subscribers.id")),
    Column("mailing", Number),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    text_column("enhanced_code"),
    text_column("text"),
    text_column("source"),
    text_column("decision"),
)
"""What came back, once for each message (`digest`): `kind` is that of `model.bounce.Kind`, `decision` a `Verdict`.
`subscriber` is null for somebody who was forgotten since: then there is no text, and the mailing's figures stay true.
`mailing` is null for mails about joining."""
Index("bounces_by_subscriber", bounces.c.subscriber, bounces.c.at)
Index("bounces_by_mailing", bounces.c.mailing, bounces.c.kind)

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("holder", Text),
    Column("lease_until", Instant),
)
"""How far a mailbox was read, by its name without user and password. `holder`: the process that reads it now, until
`lease_until`; null for none."""

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

ABOUT_A_PERSON = (consents, outbox, preferences, address_changes, bounces)
"""The tables whose rows are about one person and go with them."""

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    text_column("mailing"),
    Column("slots", JSON, nullable=False),
    Column("total", Integer, nullable=False, default=0),
    Column("sent", BigInteger, nullable=False, default=0),
    Column("rate", Float, nullable=False, default=0.0),
)
"""The processes that send from this store beside others: the fields of `model.fleet.Worker`. Times are the server's.
A row goes when its worker ends, or was not seen for so long that others take over its work."""
