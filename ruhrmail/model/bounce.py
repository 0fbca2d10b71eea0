"""What comes back after a mail was sent: bounces, complaints, answers of machines (RFC 3464, RFC 5965, RFC 3834)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ruhrmail.model.phrase import Phrase, phrase


class Kind(StrEnum):
    """What a returned message, or a sending service's event, tells."""

    HARD = "hard"
    """The mailbox or its domain does not exist."""
    SOFT = "soft"
    """It could not be delivered for now, or nobody says why: full, too late, too large, a loop."""
    POLICY = "policy"
    """The receiver refuses us, not the person: blocked, spam, authentication."""
    DELAYED = "delayed"
    """Nothing failed: delivery is late, or was handed on."""
    COMPLAINT = "complaint"
    """The reader pressed "spam"."""
    FEEDBACK = "feedback"
    """A report of another feedback type than `abuse`."""
    UNSUBSCRIBE = "unsubscribe"
    """A mail to the address that `List-Unsubscribe` names."""
    AUTOMATIC = "automatic"
    """An answer of a machine, such as an out-of-office note."""
    CHALLENGE = "challenge"
    """A demand to prove that a person writes."""
    OTHER = "other"
    """None of these."""


RETURNED = (Kind.HARD, Kind.SOFT, Kind.POLICY)
"""The kinds that are bounces: this mail did not reach its reader."""


class Verdict(StrEnum):
    """What became of it."""

    SUPPRESSED = "suppressed"
    """The person gets nothing any more."""
    COUNTED = "counted"
    """Recorded; it takes more of them."""
    ALERTED = "alerted"
    """Recorded, and the operator is told."""
    NOTED = "noted"
    """Recorded only."""
    LEFT = "left"
    """Left alone, nothing recorded."""
    AGAIN = "again"
    """It was read before."""
    UNKNOWN = "unknown"
    """Nobody could tell for sure whom it is about: only reported."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a returned message says happened.

    `address` is whom it names, which nobody vouches for; `enhanced_code` is that of RFC 3463, `text` the diagnostic
    text on one line, at most 500 characters; `action` that of RFC 3464, or the feedback type of RFC 5965, small
    letters.
    """

    kind: Kind
    address: str = ""
    action: str = ""
    enhanced_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that came back from a person: about which mailing (None: none that is known), and when (UTC)."""

    kind: Kind
    mailing: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a person when something comes back.

    `past` holds what came back earlier. `delivered` says when each mailing was handed over to a relay. `mailed_at` is
    when they were chosen for this mailing, `welcomed_at` when they last agreed anew or somebody lifted a suppression;
    None where nobody knows.
    """

    past: Sequence[Past] = ()
    delivered: Sequence[tuple[int, datetime]] = ()
    mailed_at: datetime | None = None
    welcomed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from somebody, as `subscribers show` tells it; `mailing` by its name, empty for none."""

    kind: Kind
    at: datetime
    mailing: str
    enhanced_code: str
    text: str
    source: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many mails that were handed over how many came back, and about how many somebody complained; of one
    mailing, or of one receiving domain within it."""

    sent: int
    bounced: int
    complained: int
    domain: str = ""


@dataclass(frozen=True, slots=True)
class ReturnEvent:
    """What a sending service reports by a signed web hook.

    `id` is the service's own name for the event, the same when it is sent again. The person is found by
    `return_address` (our envelope sender), then by `link_token` (that of a `List-Unsubscribe` link), then by
    `message_id` (ours, with or without brackets) together with `address`, then by `address` alone: leave empty what the
    service does not say. `at` is aware, None for now.
    """

    service: str
    id: str
    kind: Kind
    address: str = ""
    return_address: str = ""
    link_token: str = ""
    message_id: str = ""
    enhanced_code: str = ""
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a returned message or event meant.

    `known`: it is for sure about one person of this list. `line` is what a log says of it, without an address.
    `alarm`: what the operator must know now, such as a mailing that was stopped; None mostly.
    """

    kind: Kind
    known: bool
    verdict: Verdict
    line: Phrase
    alarm: Phrase | None = None


KIND_WORDS = {
    Kind.HARD: phrase("hard bounce"),
    Kind.SOFT: phrase("soft bounce"),
    Kind.POLICY: phrase("refused for policy"),
    Kind.DELAYED: phrase("delivery is delayed"),
    Kind.COMPLAINT: phrase("complaint"),
    Kind.FEEDBACK: phrase("feedback that is no complaint"),
    Kind.UNSUBSCRIBE: phrase("unsubscribe by mail"),
    Kind.AUTOMATIC: phrase("automatic reply"),
    Kind.CHALLENGE: phrase("challenge"),
    Kind.OTHER: phrase("other mail"),
}
VERDICT_WORDS = {
    Verdict.SUPPRESSED: phrase("the address gets nothing any more"),
    Verdict.COUNTED: phrase("counted; it takes more of them"),
    Verdict.ALERTED: phrase("about us, not about the address"),
    Verdict.NOTED: phrase("written down, changes nothing"),
    Verdict.LEFT: phrase("left alone"),
    Verdict.AGAIN: phrase("known already"),
    Verdict.UNKNOWN: phrase("nobody can tell whom it is about"),
}
