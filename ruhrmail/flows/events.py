"""What a flow tells while it waits and works, besides the run's own events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ruhrmail.deliver import Event
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


FlowEvent = Draining | Halted | Quieting | Countdown | Queued
OnWork = Callable[[Event | FlowEvent], None]
