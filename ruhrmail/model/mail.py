"""Mail on its way: prepared message, message, reply, attempt (RFC 5321, RFC 5322)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ruhrmail.model.merge import MergeText

SlotPlace = Literal["text", "html", "url", "subject", "to", "message-id", "unsubscribe-token", "unsubscribe-return"]
"""Where a value goes; each place has an encoding of its own: bodies are quoted-printable, headers RFC 2047."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a prepared message. `text` is what to fill in: one merge field in a body, the whole of a subject."""

    place: SlotPlace
    text: MergeText = ()


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A complete message encoded once and cut where recipients differ.

    The literal parts are ASCII with CRLF line ends, ready for the wire. `language` is the one of its greeting.
    """

    parts: tuple[bytes | Slot, ...]
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The two addresses of an SMTP transaction (RFC 5321 section 2.3.1); one recipient per transaction."""

    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message: envelope and content with CRLF line ends.

    `wire_ready`: whoever made it guarantees that no line begins with a dot, none is longer than 998 bytes, no CR or LF
    stands alone, and nothing but addresses in headers goes beyond ASCII; otherwise that is seen to before it leaves.
    """

    envelope: Envelope
    content: bytes
    message_id: str
    wire_ready: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: code (RFC 5321), enhanced code (RFC 3463, `""` when it gave none) and text."""

    code: int
    text: str
    enhanced: str = ""


class Outcome(StrEnum):
    """The result of one attempt.

    `suppressed`: the recipient left the list before the intent was recorded. `returned`: nothing was tried for
    this recipient, who may be claimed again.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SUPPRESSED = "suppressed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one message at one relay. `reply` is None when the connection ended without one;
    then `text` says how."""

    outcome: Outcome
    relay: str
    reply: Reply | None = None
    text: str = ""
