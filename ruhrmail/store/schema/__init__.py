"""The tables: one schema for SQLite and PostgreSQL."""

from ruhrmail.store.schema.columns import EPOCH, MICROSECOND, Instant, Number, instant, metadata, microseconds
from ruhrmail.store.schema.consent import OPEN_POST, WITHDRAWN, consents, outbox, wordings
from ruhrmail.store.schema.fleet import workers
from ruhrmail.store.schema.ledger import DEFERRED, approvals, attempts, deliveries, mailings, prepared_messages
from ruhrmail.store.schema.people import address_changes, decisions, imports, preferences, subscribers, suppressions
from ruhrmail.store.schema.returns import bounces, sources
from ruhrmail.store.schema.versions import CHANGES, TABLES_OF, VERSION, meta

__all__ = [
    "ABOUT_A_PERSON",
    "CHANGES",
    "DEFERRED",
    "EPOCH",
    "MICROSECOND",
    "OPEN_POST",
    "TABLES_OF",
    "VERSION",
    "WITHDRAWN",
    "Instant",
    "Number",
    "address_changes",
    "approvals",
    "attempts",
    "bounces",
    "consents",
    "decisions",
    "deliveries",
    "imports",
    "instant",
    "mailings",
    "meta",
    "metadata",
    "microseconds",
    "outbox",
    "preferences",
    "prepared_messages",
    "sources",
    "subscribers",
    "suppressions",
    "wordings",
    "workers",
]

ABOUT_A_PERSON = (consents, outbox, preferences, address_changes, bounces)
"""The tables whose rows are about one person and go with them."""
