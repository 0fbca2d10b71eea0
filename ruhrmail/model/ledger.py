"""The states of a delivery, and what walks between the ledger and the relays."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ruhrmail.model.mail import Attempt
from ruhrmail.model.people import Recipient
from ruhrmail.model.phrase import Phrase


class State(StrEnum):
    """Where one recipient of a mailing stands.

    pending -> claimed -> in_flight -> sent | deferred | failed | in_doubt; claimed -> pending, suppressed, deferred
    or failed; in_flight -> pending by the claim's holder, who knows that not a byte of the body left;
    deferred -> claimed; in_doubt -> sent on late proof, pending on a person's word;
    failed -> pending on a person's word; suppressed -> pending when the recipient is back on the list.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    IN_FLIGHT = "in_flight"
    IN_DOUBT = "in_doubt"
    DEFERRED = "deferred"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


OPEN_STATES = (State.PENDING, State.CLAIMED, State.IN_FLIGHT, State.DEFERRED)
"""A mailing is complete when no recipient is in one of these."""


class Intent(StrEnum):
    """The ledger's answer to "may this message's final dot leave?"."""

    GRANTED = "granted"
    SUPPRESSED = "suppressed"
    LOST = "lost"
    """The claim is no longer ours: nothing may be sent and nothing settled."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that this sender may work on. `token` fences it: whoever holds an older token changes nothing.

    `attempts` counts the ones before this; `first_at` is when the first began (UTC), None before it.
    """

    delivery: int
    token: str
    recipient: Recipient
    variant: str = ""
    attempts: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What to write into the ledger about one claim: the attempt, when it ended, and when to try again (UTC).

    A returned claim with `next_at` is put off: nothing was tried, and nobody is to claim it before that time.
    """

    claim: Claim
    attempt: Attempt
    at: datetime
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one mailing; `counts` has every state and sums to `recipients`. Times are UTC.

    `started_at` is None while the mailing waits for the time it is `scheduled_for`; `stopped_at` and `reason` tell
    since when and why it is stopped; `unchecked_at` when it was last sent without asking the web service. Of those
    sent `bounced` came back later, about `complained` somebody complained: these are no states, for nobody leaves
    `sent`.
    """

    issue: str
    mailing: str
    state: str
    recipients: int
    counts: Mapping[State, int]
    started_at: datetime | None
    finished_at: datetime | None
    scheduled_for: datetime | None = None
    stopped_at: datetime | None = None
    reason: Phrase | None = None
    subject: str = ""
    audience: str = ""
    unchecked_at: datetime | None = None
    bounced: int = 0
    complained: int = 0

    @property
    def order(self) -> str:
        """How `send` is told to go on with it: the issue, and the audience where there is one."""
        return order_of(self.issue, self.audience)

    @property
    def slug(self) -> str:
        """How `status`, `stop` and `report` are told which mailing is meant: SLUG or SLUG/AUDIENCE."""
        return f"{self.issue}/{self.audience}" if self.audience else self.issue


def order_of(issue: str, audience: str) -> str:
    """What follows `ruhrmail send` for an issue to an audience, quoted for a shell; without one to everybody."""
    return f"{issue} --audience {shlex.quote(audience)}" if audience else issue


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient's line in `status --recipients`; the reply is the last one that was read."""

    email: str
    state: State
    attempts: int
    code: int | None
    enhanced_code: str
    text: str
    relay: str
    message_id: str
    at: datetime | None
