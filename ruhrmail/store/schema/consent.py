"""The tables of consent: what people agreed to and withdrew, and the mails about it."""

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, SmallInteger, Table, Text, literal_column

from ruhrmail.store.schema.columns import Instant, Number, metadata, text_column

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
