"""What a run tells while it goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.phrase import Phrase

TALLIED: Mapping[Outcome, str] = {outcome: outcome.value for outcome in Outcome if outcome is not Outcome.RETURNED}


@dataclass(frozen=True, slots=True)
class Progress:
    """Attempts of this run so far, by outcome; a recipient deferred three times counts three times there."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    in_doubt: int = 0
    suppressed: int = 0

    def plus(self, outcome: Outcome) -> "Progress":
        """One attempt more; one that was returned counts nowhere."""
        if outcome is Outcome.SENT:  # by far the most frequent
            return Progress(self.sent + 1, self.deferred, self.failed, self.in_doubt, self.suppressed)
        name = TALLIED.get(outcome)
        return replace(self, **{name: getattr(self, name) + 1}) if name else self


@dataclass(frozen=True, slots=True)
class RelayTrouble:
    """A relay cannot be used; it is tried again after `pause` seconds."""

    relay: str
    error: RelayError
    pause: float


@dataclass(frozen=True, slots=True)
class Slowed:
    """A relay asked for less: it now gets this many connections, after `pause` seconds.

    With `domain` only for mail to that receiving domain.
    """

    relay: str
    connections: int
    pause: float
    reply: Reply
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing can be sent before this time (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Working:
    """How many connections are open now, by relay; told about once a second."""

    connections: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, for whoever asked for each (`Policy.tell_attempts`): when it ended (UTC), how long it took."""

    claim: Claim
    attempt: Attempt
    at: datetime
    seconds: float


Event = Progress | RelayTrouble | Slowed | Waiting | Working | Tried
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Drained:
    """How a run ended: its attempts, whether it was stopped before the end, and by which refusal."""

    progress: Progress
    stopped: bool = False
    reason: Phrase | None = None
