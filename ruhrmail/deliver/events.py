"""What a run tells while it goes on."""

import asyncio
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
    """A relay cannot be used, or takes no more connections than the `connected`; tried again after `pause` seconds."""

    relay: str
    error: RelayError
    pause: float
    connected: int = 0


@dataclass(frozen=True, slots=True)
class RelayWorks:
    """A relay answered for a message: the first time in a run, or again after trouble."""

    relay: str


@dataclass(frozen=True, slots=True)
class Slowed:
    """A relay asked for less: it now gets this many connections, after `pause` seconds.

    With a `domain` that holds for this receiving domain on this relay alone. `recovery`: so many seconds after the
    pause it has all its connections again, unless it asks once more.
    """

    relay: str
    connections: int
    pause: float
    reply: Reply
    domain: str = ""
    recovery: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing can be sent before this time (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Working:
    """How many connections are in use, by relay; told at most once a second."""

    connections: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, for whoever asked for each (`Policy.tell_attempts`): when it ended (UTC), how long it took."""

    claim: Claim
    attempt: Attempt
    at: datetime
    seconds: float


Event = Progress | RelayTrouble | RelayWorks | Slowed | Waiting | Working | Tried
OnEvent = Callable[[Event], None]


@dataclass(slots=True)
class Teller:
    """Passes events on; where that fails, nothing new begins and the `error` is for whoever ends the run.

    Most events are told from a connection's callbacks, where an exception would end the connection and no run.
    """

    on_event: OnEvent
    over: asyncio.Event
    error: Exception | None = None

    def __call__(self, event: Event) -> None:
        if self.error is not None:
            return
        try:
            self.on_event(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised in the end
            self.error = error
            self.over.set()


@dataclass(frozen=True, slots=True)
class Drained:
    """How a run ended: its attempts, whether it was stopped before the end, and by which refusal."""

    progress: Progress
    stopped: bool = False
    reason: Phrase | None = None
