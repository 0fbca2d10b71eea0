"""What a run tells while it goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Outcome, Reply
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
    """A relay asked for less: it now gets this many connections, after `pause` seconds."""

    relay: str
    connections: int
    pause: float
    reply: Reply


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing can be sent before this time (UTC)."""

    until: datetime


Event = Progress | RelayTrouble | Slowed | Waiting
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Drained:
    """How a run ended: its attempts, whether it was stopped before the end, and by which refusal."""

    progress: Progress
    stopped: bool = False
    reason: Phrase | None = None
