"""The tables of what came back, and where it was read."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text

from ruhrmail.store.schema.columns import Instant, Number, metadata, text_column

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
