"""The processes that send one newsletter's mailings together."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that sends, as it last said.

    `started_at` is UTC by the server's clock, `age` how long ago it was seen. It holds `slots` of `total` for
    `mailing` (empty: none), `total` is 0 while it takes no work. `sent` counts messages since it started, `rate` those
    of the last seconds, per second.
    """

    name: str
    host: str
    pid: int
    started_at: datetime
    age: timedelta
    mailing: str = ""
    slots: tuple[int, ...] = ()
    total: int = 0
    sent: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Activity:
    """What a worker says about itself with each beat; the fields are those of `Worker`."""

    mailing: str = ""
    slots: tuple[int, ...] = ()
    total: int = 0
    sent: int = 0
    rate: float = 0.0


SEEN_WITHIN = timedelta(seconds=8)
"""Who was not seen for so long is silent: it gets no share any more, and may be dead."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """All workers of a store, the oldest first."""

    workers: tuple[Worker, ...] = ()

    @property
    def alive(self) -> tuple[Worker, ...]:
        """Those heard of lately."""
        return tuple(one for one in self.workers if one.age < SEEN_WITHIN)

    @property
    def silent(self) -> tuple[Worker, ...]:
        """The others; a row stays until another worker looks after it."""
        return tuple(one for one in self.workers if one.age >= SEEN_WITHIN)

    @property
    def total(self) -> int:
        """Into how many slots the limits are divided, as the workers say; 0 where none takes any."""
        return max((one.total for one in self.alive), default=0)

    def working_on(self, mailing: str) -> tuple[Worker, ...]:
        """Those alive that hold slots for a mailing."""
        return tuple(one for one in self.alive if one.mailing == mailing and one.slots)

    def held(self, mailing: str = "") -> int:
        """How many slots are held, for a mailing or for any."""
        return sum(len(one.slots) for one in self.alive if not mailing or one.mailing == mailing)

    def rate(self, mailing: str = "") -> float:
        """Messages a second, for a mailing or for any."""
        return sum(one.rate for one in self.alive if not mailing or one.mailing == mailing)
