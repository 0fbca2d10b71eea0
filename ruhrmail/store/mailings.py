"""Mailings: one issue to one audience, and the messages it sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, exists, select, update

from ruhrmail.model.ledger import OPEN_STATES
from ruhrmail.model.mail import PreparedMessage
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store import messages, rules
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import deliveries, mailings
from ruhrmail.store.schema import prepared_messages as prepared

Destination = Literal["relay", "maildir"]
MailingState = Literal["open", "complete", "stopped"]


@dataclass(frozen=True, slots=True)
class NewMailing:
    """What to begin.

    `sender` is the From line, `domain` ends its Message-IDs. `manifest` guards the issue: relative path to SHA-256 of
    every file, and the entry `sender`. `legal_basis` is why people may be mailed who gave no consent. `variants` says
    who gets which of the messages, also those who join later.
    """

    issue: str
    subject: str
    sender: str
    domain: str
    manifest: Mapping[str, str]
    audience: str = ""
    destination: Destination = "relay"
    legal_basis: str = ""
    variants: Variants = ONE_VARIANT


@dataclass(frozen=True, slots=True)
class Mailing:
    """A mailing that began; times are UTC."""

    id: int
    issue: str
    audience: str
    destination: Destination
    state: MailingState
    subject: str
    sender: str
    domain: str
    manifest: Mapping[str, str]
    variants: Variants
    legal_basis: str
    started_at: datetime
    finished_at: datetime | None

    @property
    def name(self) -> str:
        """How people call it: the issue, then the audience and the Maildir where they matter."""
        audience = f"/{self.audience}" if self.audience else ""
        return f"{self.issue}{audience}{'@maildir' if self.destination == 'maildir' else ''}"


def mailing_of(row: Row[Any]) -> Mailing:
    """The mailing that a row of the table tells about."""
    return Mailing(**{**row._mapping, "variants": rules.from_json(row.variants)})


def begin_mailing(store: Store, new: NewMailing, parts: Mapping[str, PreparedMessage], now: datetime) -> Mailing:
    """Writes a mailing and its prepared messages by variant; returns the existing one untouched when it began before.

    Raises StoreError; then neither is written.
    """
    row = {name: getattr(new, name) for name in NewMailing.__slots__ if name not in ("manifest", "variants")}
    row |= {"manifest": dict(new.manifest), "variants": rules.to_json(new.variants), "state": "open", "started_at": now}
    with store.writing() as connection:
        insert = insert_or(connection, mailings).on_conflict_do_nothing(
            index_elements=["issue", "audience", "destination"]
        )
        is_new = connection.execute(insert, row).rowcount > 0
        mailing = look_up(connection, new.issue, new.audience, new.destination)
        assert mailing is not None
        if is_new and parts:
            connection.execute(prepared.insert(), messages.rows_of(mailing.id, parts))
    return mailing


def find_mailing(store: Store, issue: str, audience: str = "", destination: Destination = "relay") -> Mailing | None:
    """The mailing of an issue to an audience; None before it began."""
    with store.reading() as connection:
        return look_up(connection, issue, audience, destination)


def look_up(connection: Connection, issue: str, audience: str, destination: Destination) -> Mailing | None:
    """The same within a transaction."""
    row = connection.execute(
        select(mailings).where(
            mailings.c.issue == issue, mailings.c.audience == audience, mailings.c.destination == destination
        )
    ).one_or_none()
    return None if row is None else mailing_of(row)


def mailing_by_id(store: Store, number: int) -> Mailing | None:
    """The mailing with this number, as links carry it; None when there is none."""
    with store.reading() as connection:
        row = connection.execute(select(mailings).where(mailings.c.id == number)).one_or_none()
    return None if row is None else mailing_of(row)


def read_prepared_messages(store: Store, mailing: Mailing) -> dict[str, PreparedMessage]:
    """What a mailing sends, by variant."""
    with store.reading() as connection:
        rows = connection.execute(select(prepared).where(prepared.c.mailing == mailing.id)).all()
    return {row.variant: messages.from_json(row.parts, row.language) for row in rows}


def finish_if_done(store: Store, mailing: Mailing, now: datetime) -> bool:
    """Closes an open mailing when no recipient is open (in doubt is not open). Returns whether it is complete now."""
    still_open = exists().where(deliveries.c.mailing == mailing.id, deliveries.c.state.in_(OPEN_STATES))
    with store.writing() as connection:
        connection.execute(
            update(mailings)
            .where(mailings.c.id == mailing.id, mailings.c.state == "open", ~still_open)
            .values(state="complete", finished_at=now)
        )
        state = connection.execute(select(mailings.c.state).where(mailings.c.id == mailing.id)).scalar_one()
    return bool(state == "complete")


def reopen(connection: Connection, mailing: int) -> None:
    """Opens a complete mailing again, because it has recipients to mail."""
    complete = (mailings.c.id == mailing) & (mailings.c.state == "complete")
    connection.execute(update(mailings).where(complete).values(state="open", finished_at=None))


def public_slugs(store: Store) -> frozenset[str]:
    """The issues whose mailing through a relay began: their pages are public."""
    with store.reading() as connection:
        found = select(mailings.c.issue).where(mailings.c.destination == "relay").distinct()
        return frozenset(connection.execute(found).scalars())
