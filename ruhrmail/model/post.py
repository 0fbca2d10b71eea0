"""Mails about joining and leaving on their way: each is written once and kept until a relay took it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PostKind(StrEnum):
    """What a mail in the outbox is about."""

    CONFIRM = "confirm"
    """The link that confirms an opt-in."""
    KNOWN = "known"
    """Word to somebody who asked for what they have: they are on the list already."""
    CHANGE = "change"
    """The link that confirms a new address."""
    TAKEN = "taken"
    """Word to a new address that is known already: it has to come onto the list by itself."""
    CHANGED = "changed"
    """Word to the former address that the newsletter goes to another one now."""


class PostState(StrEnum):
    """Where a mail of the outbox stands: pending -> sending -> sent, pending again at a later time, or failed.

    `sending` with a lapsed lease is pending again: after a crash the mail goes out, if need be twice.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A mail to be sent: `message` is complete (RFC 5322, CRLF). It goes to `email`, None for the subscriber's own
    address."""

    subscriber: int
    kind: PostKind
    message_id: str
    message: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A mail that somebody took out to send: the attempts before this one, and the address it goes to.

    `token_id` are its subscriber's eight random bytes; `own_address`: it goes to the one that they have on the list.
    """

    number: int
    kind: PostKind
    email: str
    message_id: str
    message: str
    attempts: int
    token_id: bytes
    created_at: datetime
    own_address: bool = True


@dataclass(frozen=True, slots=True)
class Posted:
    """What is stored of a mail about joining: when it was written and sent (UTC), and what the relay said last."""

    kind: PostKind
    state: PostState
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    text: str
