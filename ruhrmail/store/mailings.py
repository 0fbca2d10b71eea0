"""Mailings: one issue to one audience, and the messages it sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, exists, func, or_, select, update

from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.mail import PreparedMessage
from ruhrmail.model.phrase import Phrase
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store import messages, phrases, rules
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import attempts, deliveries, mailings
from ruhrmail.store.schema import prepared_messages as prepared

Destination = Literal["relay", "maildir"]
MailingState = Literal["open", "complete", "stopped"]


UNTRIED = (State.PENDING, State.SUPPRESSED)
"""Where recipients stand of whom no relay ever heard."""


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
    """A mailing that began, or waits for its time to begin; times are UTC.

    `prepared_at` is None while it only waits. `scheduled_for` is when somebody wants it to begin or go on, None where
    nothing is planned. `stopped_at` and `reason` are None unless it is stopped. `unchecked_at` is when somebody last
    sent it without asking the web service, None where nobody did. `overruled`: quiet hours do not count for it.
    """

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
    prepared_at: datetime | None = None
    scheduled_for: datetime | None = None
    stopped_at: datetime | None = None
    reason: Phrase | None = None
    unchecked_at: datetime | None = None
    overruled: bool = False

    @property
    def name(self) -> str:
        """How people call it: the issue, then the audience and the Maildir where they matter."""
        return mailing_name(self.issue, self.audience, self.destination)


def mailing_name(issue: str, audience: str, destination: str) -> str:
    """The same from its parts."""
    whom = f"/{audience}" if audience else ""
    return f"{issue}{whom}{'@maildir' if destination == 'maildir' else ''}"


def mailing_of(row: Row[Any]) -> Mailing:
    """The mailing that a row of the table tells about."""
    read: dict[str, Any] = {"variants": rules.from_json(row.variants), "reason": phrases.from_json(row.reason)}
    read["overruled"] = bool(row.overruled)
    return Mailing(**{**row._mapping, **read})


def begin_mailing(store: Store, new: NewMailing, parts: Mapping[str, PreparedMessage], now: datetime) -> Mailing:
    """Writes a mailing and its prepared messages by variant; returns the existing one untouched when it began before.

    Raises StoreError; then neither is written.
    """
    row = {**row_of(new), "state": "open", "started_at": now, "prepared_at": now}
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


def row_of(new: NewMailing) -> dict[str, Any]:
    """The columns that hold what is sent, and to whom."""
    row = {name: getattr(new, name) for name in NewMailing.__slots__ if name not in ("manifest", "variants")}
    return row | {"manifest": dict(new.manifest), "variants": rules.to_json(new.variants)}


def withdraw_mailing(store: Store, mailing: Mailing) -> bool:
    """Forgets a mailing that reached nobody: a trial, or one of which nothing was ever tried. False: it stays."""
    ours = deliveries.c.mailing == mailing.id
    tried = exists().where(ours, or_(deliveries.c.attempts > 0, deliveries.c.state.not_in(UNTRIED)))
    with store.writing() as connection:
        # Workers take no pen: an intent that is being written is waited for, and nobody begins another.
        held = select(deliveries.c.id).where(ours).with_for_update().subquery()
        connection.execute(select(func.count()).select_from(held))
        if mailing.destination == "relay" and connection.execute(select(tried)).scalar_one():
            return False
        numbers = select(deliveries.c.id).where(ours)
        connection.execute(delete(attempts).where(attempts.c.delivery.in_(numbers)))
        connection.execute(delete(deliveries).where(ours))
        connection.execute(delete(prepared).where(prepared.c.mailing == mailing.id))
        connection.execute(delete(mailings).where(mailings.c.id == mailing.id))
    return True


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


def mailings_of(store: Store, issue: str, destination: Destination) -> list[Mailing]:
    """Every mailing of an issue, the oldest first."""
    which = (mailings.c.issue == issue) & (mailings.c.destination == destination)
    with store.reading() as connection:
        return [mailing_of(row) for row in connection.execute(select(mailings).where(which).order_by(mailings.c.id))]


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
    """Closes a mailing when no recipient is open (in doubt is not open). Returns whether it is complete now.

    One that was stopped when nobody was left to mail is complete as well; one that still waits for its time is not.
    """
    still_open = exists().where(deliveries.c.mailing == mailing.id, deliveries.c.state.in_(OPEN_STATES))
    with store.writing() as connection:
        connection.execute(
            update(mailings)
            .where(
                mailings.c.id == mailing.id,
                mailings.c.state != "complete",
                mailings.c.scheduled_for.is_(None),
                mailings.c.prepared_at.is_not(None),
                ~still_open,
            )
            .values(state="complete", finished_at=now, stopped_at=None, reason=None)
        )
        state = connection.execute(select(mailings.c.state).where(mailings.c.id == mailing.id)).scalar_one()
    return bool(state == "complete")


def note_unchecked(store: Store, mailing: Mailing, now: datetime) -> None:
    """Writes down that it is sent without asking the web service whether its links work. Raises StoreError."""
    with store.writing() as connection:
        connection.execute(update(mailings).where(mailings.c.id == mailing.id).values(unchecked_at=now))


def reopen(connection: Connection, mailing: int) -> None:
    """Opens a complete mailing again, because it has recipients to mail."""
    complete = (mailings.c.id == mailing) & (mailings.c.state == "complete")
    connection.execute(update(mailings).where(complete).values(state="open", finished_at=None))


def public_slugs(store: Store) -> frozenset[str]:
    """The issues whose mailing through a relay began: their pages are public. One that is prepared for later waits, and
    so does one that was given up before anybody was enrolled."""
    with store.reading() as connection:
        has_recipients = exists().where(deliveries.c.mailing == mailings.c.id)
        began = (mailings.c.destination == "relay") & mailings.c.prepared_at.is_not(None)
        began &= has_recipients | (mailings.c.scheduled_for.is_(None) & (mailings.c.state != "stopped"))
        found = select(mailings.c.issue).where(began).distinct()
        return frozenset(connection.execute(found).scalars())
