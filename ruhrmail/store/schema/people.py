"""The tables of people: the list, who must not be mailed, what was chosen, imported and decided."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table, Text

from ruhrmail.store.schema.columns import Instant, Number, metadata, text_column

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
