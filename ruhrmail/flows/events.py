"""What a flow tells while it waits and works, besides the run's own events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ruhrmail.deliver import Event
from ruhrmail.model.fleet import Fleet, Hindered, Worker
from ruhrmail.model.ledger import Claim
from ruhrmail.model.phrase import Phrase
from ruhrmail.store import Holder


@dataclass(frozen=True, slots=True)
class Draining:
    """The first signal came: running transactions end, nothing new begins."""


@dataclass(frozen=True, slots=True)
class Halted:
    """Somebody stopped the mailing: running transactions end, nothing new begins."""


@dataclass(frozen=True, slots=True)
class Quieting:
    """Quiet hours begin: running transactions end, and the rest is sent when they are over (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Countdown:
    """A mailing waits for its time (UTC), and so long from now; comes about once a second."""

    until: datetime
    left: timedelta


@dataclass(frozen=True, slots=True)
class Queued:
    """A mailing's time has come, but another process sends from the store."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class Sending:
    """The mail begins: which mailing it is, and the Message-ID that a claim's message carries."""

    mailing: str
    message_id_of: Callable[[Claim], str]


@dataclass(frozen=True, slots=True)
class Following:
    """What the fleet does about a mailing: the workers, and how many recipients are still open; about once a second."""

    mailing: str
    fleet: Fleet
    open: int


@dataclass(frozen=True, slots=True)
class Resting:
    """Nobody can be mailed before this time (UTC): all who are open were deferred."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Crewless:
    """No worker lives, so nothing is sent; `silent` ones were not heard of for a while."""

    silent: tuple[Worker, ...] = ()


@dataclass(frozen=True, slots=True)
class Crewed:
    """There are workers again."""

    workers: tuple[Worker, ...]


@dataclass(frozen=True, slots=True)
class Hampered:
    """Something keeps workers from sending that did not before; empty: nothing does any more."""

    found: tuple[Hindered, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """The store does not answer, and why; looked at again until it does."""

    reason: Phrase


@dataclass(frozen=True, slots=True)
class Back:
    """The store answers again."""


FleetEvent = Following | Resting | Crewless | Crewed | Hampered | Away | Back
FlowEvent = Draining | Halted | Quieting | Countdown | Queued | Sending | FleetEvent
OnWork = Callable[[Event | FlowEvent], None]
