"""The version of the tables, and what leads from each to the next."""

from sqlalchemy import Column, Table, Text

from ruhrmail.store.schema.columns import metadata

VERSION = 7
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
    6: (("workers", "ALTER TABLE workers ADD COLUMN hindrances JSON NOT NULL DEFAULT '[]'"),),
}
"""What turns the tables of a version into those of the next, each with the table it is about, besides new tables."""

TABLES_OF = {
    4: ("decisions", "imports", "wordings", "consents", "outbox"),
    5: ("preferences", "address_changes", "bounces", "sources"),
    6: ("approvals", "workers"),
}
"""The tables that came with a version."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the store: its id, the version of its tables, the roster as last read."""
