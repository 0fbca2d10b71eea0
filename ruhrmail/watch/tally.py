"""A run's events to numbers: what was done, how fast it goes, how long it takes, who asked for less."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ruhrmail.deliver import Event, Progress, RelayTrouble, Slowed, Tried, Waiting, Working
from ruhrmail.flows.events import FlowEvent, Following, Resting, Sending
from ruhrmail.model.mail import Outcome

NOW = 10.0
"""Seconds that "how fast now" looks back."""
LATELY = 60.0
"""Seconds that the remaining time is judged by."""
STEP = 1.0
Attempts = Mapping[tuple[str, Outcome], int]
"""How often by relay and outcome."""
TRIES = 100
"""So often figures of one moment are looked for; a run never is so fast."""
SHOWN = 30.0
"""Seconds that a request for less is shown at least."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How far the run was at a moment (monotonic seconds): attempts made, recipients done with."""

    at: float
    tried: int
    done: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A relay, or one receiving domain on it, that takes less. `connections` is None for one that cannot be used.

    `paused_until` and `until` (nothing is held back after that) are monotonic seconds.
    """

    relay: str
    domain: str
    connections: int | None
    paused_until: float
    until: float
    reply: str = ""


class Tally:
    """Hears events in the loop's thread, is read from any: what changes is replaced as a whole, never altered.

    Where workers send, `fleet` is what they do.

    `clock` gives monotonic seconds. `begin` tells how many are to be mailed, and how many are in doubt from before.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.began = clock()
        self.total = self.doubtful = 0
        self.mailing = ""
        self.progress = Progress()
        self.waiting: Waiting | Resting | None = None
        self.fleet: Following | None = None
        self.connections: Mapping[str, int] = {}
        self.attempts: Counter[tuple[str, Outcome]] = Counter()
        self._limits: Mapping[tuple[str, str], Limit] = {}
        self._next = self.began + STEP
        self._samples = (Sample(self.began, 0, 0),)

    def begin(self, total: int, doubtful: int = 0) -> None:
        """The mail begins now."""
        self.total, self.doubtful = total, doubtful
        self.began = self.clock()
        self._samples = (Sample(self.began, 0, 0),)

    def on_event(self, event: Event | FlowEvent) -> None:
        """One event; the two that come for each message first."""
        kind = type(event)
        if kind is Progress:
            self._advance(event)  # type: ignore[arg-type]
        elif kind is Tried:
            self.attempts[event.attempt.relay, event.attempt.outcome] += 1  # type: ignore[union-attr]
        else:
            self._note(event)

    def _advance(self, progress: Progress) -> None:
        self.progress = progress
        self.waiting = None
        now = self.clock()
        if now >= self._next:
            self._next = now + STEP
            recent = [one for one in self._samples if now - one.at <= LATELY]
            self._samples = (*(recent or self._samples[-1:]), Sample(now, tried_of(progress), done_of(progress)))

    def _note(self, event: Event | FlowEvent) -> None:
        now = self.clock()
        match event:
            case Sending():
                self.mailing = event.mailing
            case Waiting() | Resting():
                self.waiting = event
            case Following():
                self.fleet, self.mailing = event, event.mailing
                self.total = self.done + event.open
            case Working():
                self.connections = dict(event.connections)
            case Slowed():
                until = now + max(event.pause + event.recovery, SHOWN)
                reply = f"{event.reply.code} {event.reply.text}"
                self._limit(Limit(event.relay, event.domain, event.connections, now + event.pause, until, reply))
            case RelayTrouble():
                self._limit(Limit(event.relay, "", None, now + event.pause, now + event.pause))

    def _limit(self, limit: Limit) -> None:
        self._limits = {**self._limits, (limit.relay, limit.domain): limit}

    @property
    def done(self) -> int:
        """Recipients whose message has its final answer, or none that will ever come, in this run."""
        return done_of(self.progress)

    @property
    def open(self) -> int:
        """Recipients still to be mailed."""
        return self.open_after(self.progress)

    def open_after(self, progress: Progress) -> int:
        """The same when this run was so far."""
        return max(self.total - done_of(progress), 0)

    def together(self) -> tuple[Progress, Attempts]:
        """Progress and attempts of one moment, but for a message of which only the first of its two events has come.

        Read one after the other they would be as far apart as the system likes to let the run go on in between.
        """
        for _ in range(TRIES):
            progress, attempts = self.progress, dict(self.attempts)
            if progress is self.progress:
                break
        return progress, attempts

    def limits(self) -> list[Limit]:
        """What takes less at the moment, in the order of relay and domain."""
        now = self.clock()
        return sorted(
            (one for one in self._limits.values() if one.until > now), key=lambda one: (one.relay, one.domain)
        )

    def rate(self) -> float:
        """Attempts a second over the last ten seconds."""
        return self._pace(NOW, lambda sample: sample.tried)

    def mean_rate(self) -> float:
        """Attempts a second since the mail began."""
        return tried_of(self.progress) / max(self.clock() - self.began, 0.001)

    def remaining(self) -> float | None:
        """Seconds until nobody is open, as fast as it went during the last minute; None while nothing moves."""
        pace = self._pace(LATELY, lambda sample: sample.done)
        return self.open / pace if pace else None

    def _pace(self, span: float, count: Callable[[Sample], int]) -> float:
        """So many a second during the last `span` seconds, or since the beginning where that was later."""
        now = self.clock()
        end = Sample(now, tried_of(self.progress), done_of(self.progress))
        samples = self._samples
        start = next((one for one in reversed(samples) if now - one.at >= span), samples[0])
        return max(count(end) - count(start), 0) / max(now - start.at, STEP)


def tried_of(progress: Progress) -> int:
    """Attempts that a relay answered, or should have."""
    return progress.sent + progress.deferred + progress.failed + progress.in_doubt


def done_of(progress: Progress) -> int:
    """Recipients that this run is through with."""
    return progress.sent + progress.failed + progress.in_doubt + progress.suppressed
