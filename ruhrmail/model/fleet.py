"""The processes that send one newsletter's mailings together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ruhrmail.model.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What keeps a worker from sending: the relay (empty: it is not about one), since when (UTC, by the worker's
    clock), why, and what to do. Names no reader and holds no secret."""

    relay: str
    since: datetime
    reason: Phrase
    advice: Phrase | None = None

    def is_like(self, other: "Hindrance") -> bool:
        """Whether the same is told of both, since whenever."""
        return (self.relay, self.reason, self.advice) == (other.relay, other.reason, other.advice)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that sends, as it last said.

    `started_at` is UTC by the server's clock, `age` how long ago it was seen. It holds `slots` of `total` for
    `mailing` (empty: none), `total` is 0 while it takes no work. `sent` counts messages since it started, `rate` those
    of the last seconds, per second. `hindrances` is empty where all that it needs works, or it needs nothing.
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
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """What a worker says about itself with each beat; the fields are those of `Worker`."""

    mailing: str = ""
    slots: tuple[int, ...] = ()
    total: int = 0
    sent: int = 0
    rate: float = 0.0
    hindrances: tuple[Hindrance, ...] = ()


SEEN_WITHIN = timedelta(seconds=8)
"""Who was not seen for so long is silent: it gets no share any more, and may be dead."""


@dataclass(frozen=True, slots=True)
class Hindered:
    """What keeps several workers from sending in the same words; `hindrance` is that of whoever met it first."""

    hindrance: Hindrance
    workers: tuple[Worker, ...]


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

    @property
    def hindered(self) -> tuple[Hindered, ...]:
        """What keeps those alive from sending, the longest first."""
        found = sorted(((each, one) for one in self.alive for each in one.hindrances), key=lambda pair: pair[0].since)
        firsts: list[Hindrance] = []
        for each, _ in found:
            if not any(each.is_like(first) for first in firsts):
                firsts.append(each)
        return tuple(Hindered(first, tuple(one for each, one in found if each.is_like(first))) for first in firsts)

    def working_on(self, mailing: str) -> tuple[Worker, ...]:
        """Those alive that hold slots for a mailing."""
        return tuple(one for one in self.alive if one.mailing == mailing and one.slots)

    def held(self, mailing: str = "") -> int:
        """How many slots are held, for a mailing or for any."""
        return sum(len(one.slots) for one in self.alive if not mailing or one.mailing == mailing)

    def rate(self, mailing: str = "") -> float:
        """Messages a second, for a mailing or for any."""
        return sum(one.rate for one in self.alive if not mailing or one.mailing == mailing)
