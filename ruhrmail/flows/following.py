"""Looking on while workers send a mailing: from the ledger and from what the workers say, about once a second."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ruhrmail.deliver import Drained, Progress, Stop
from ruhrmail.errors import StoreAway
from ruhrmail.flows.errand import Errand, Report, report
from ruhrmail.flows.events import (
    Away,
    Back,
    Countdown,
    Crewed,
    Crewless,
    Following,
    Halted,
    Hampered,
    Quieting,
    Resting,
)
from ruhrmail.flows.fleet import read_fleet
from ruhrmail.flows.later import overtaken
from ruhrmail.flows.moment import quiet_until, shown
from ruhrmail.flows.signals import pause, stopping
from ruhrmail.model.fleet import Fleet, Hindered
from ruhrmail.model.ledger import OPEN_STATES, Figures, State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Mailing, Store, figures, finish_if_done, first_due, mailing_by_id, open_store

LOOK_EVERY = 1.0
"""Seconds between two looks, at least."""
SHARE = 20
"""A look at a large mailing takes a moment; the pause is at least so many times as long."""
PATIENCE = 600.0
"""Seconds that the store may be away before nobody looks any more. Workers wait for it without end."""
MOVING = (State.CLAIMED, State.IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was to be seen at one moment.

    `quiet` is when quiet hours end (UTC), `due` when the first deferred recipient is tried again, where all others are
    done with.
    """

    mailing: Mailing
    figures: Figures
    fleet: Fleet
    quiet: datetime | None
    due: datetime | None

    @property
    def open(self) -> int:
        """How many are still to be mailed."""
        return sum(self.figures.counts[state] for state in OPEN_STATES)

    @property
    def is_moving(self) -> bool:
        """Whether somebody who lives still has messages under way."""
        return bool(self.fleet.alive) and any(self.figures.counts[state] for state in MOVING)


def follow(errand: Errand, begun: Report) -> Report:
    """Stays until nobody of a queued mailing is open, it was stopped, or quiet hours hold it up; returns how it ended.

    A signal ends the following only: workers go on. Raises StoreAway where the store stays away, other StoreErrors.
    """
    mailing = begun.queued
    assert mailing is not None
    machine = errand.machine
    with open_store(errand.config.store, now=machine.now(), randomness=machine.randomness) as store:
        follower = Follower(errand, store, mailing, begun.figures)
        ended = asyncio.run(follower.run())
        if ended is None:
            finish_if_done(store, mailing, machine.now())
        drained = Drained(follower.progress)
        return replace(report(store, mailing, begun.plan), drained=drained, ended=ended, fleet=read_fleet(store))


@dataclass(slots=True)
class Follower:
    """Tells what changed from one look to the next."""

    errand: Errand
    store: Store
    mailing: Mailing
    before: Figures | None
    progress: Progress = field(default_factory=Progress)
    crewed: bool | None = None
    hampered: frozenset[tuple[str, str]] = frozenset()
    due: datetime | None = None
    halt: Halted | Quieting | None = None
    away_since: float | None = None

    async def run(self) -> Phrase | None:
        """Returns why it ended before the mailing did, None where nobody is open or the mailing was stopped.

        Raises StoreAway after a while, other StoreErrors at once.
        """
        stop, looked = Stop(), 0.0
        with stopping(stop, lambda: None):
            while not stop.draining.is_set():
                began = time.monotonic()
                try:
                    sight = await asyncio.to_thread(self.read)
                except StoreAway as error:
                    self.note_away(error)
                else:
                    looked = time.monotonic() - began
                    over, why = self.judge(sight)
                    if over:
                        return why
                await pause(max(LOOK_EVERY, SHARE * looked), stop)
        return phrase("no longer looking on; the workers go on")

    def note_away(self, error: StoreAway) -> None:
        """Tells once that the store does not answer. Raises StoreAway after a while."""
        now = time.monotonic()
        if self.away_since is None:
            self.away_since = now
            self.errand.on_event(Away(error.message))
        elif now - self.away_since > PATIENCE:
            raise error

    def read(self) -> Sight | None:
        """What is to be seen now, None where the mailing is gone. In a thread, for it blocks. Raises StoreError."""
        store, now = self.store, self.errand.machine.now()
        mailing = mailing_by_id(store, self.mailing.id)
        seen = figures(store, mailing.issue, mailing.destination, mailing.audience) if mailing else None
        if mailing is None or seen is None:
            return None
        hours = None if mailing.overruled else self.errand.config.settings.delivery.quiet_hours
        busy = any(seen.counts[state] for state in (State.PENDING, *MOVING))
        due = None if busy else first_due(store, mailing)
        return Sight(mailing, seen, read_fleet(store), quiet_until(hours, now), due)

    def judge(self, sight: Sight | None) -> tuple[bool, Phrase | None]:
        """Tells what is new; returns whether that was all, and why where it is not the mailing's own end."""
        if self.away_since is not None:
            self.away_since = None
            self.errand.on_event(Back())
        if sight is None:
            return True, overtaken(None)
        self.tell(sight)
        found = sight.mailing
        if found.scheduled_for is not None:
            as_planned = found.scheduled_for == self.mailing.scheduled_for
            return not as_planned, None if as_planned else overtaken(found)
        if found.state == "stopped":
            return not sight.is_moving, None
        if sight.open and sight.quiet is not None:
            return not sight.is_moving, phrase("quiet hours until {time}; workers go on then", time=shown(sight.quiet))
        return found.state == "complete" or not sight.open, None

    def tell(self, sight: Sight) -> None:
        """Everything that is new, and how far it is."""
        tell = self.errand.on_event
        progress = self.progress_of(sight.figures)
        if progress != self.progress:
            self.progress, self.due = progress, None
            tell(progress)
        tell(Following(sight.figures.mailing, sight.fleet, sight.open))
        alive = bool(sight.fleet.alive)
        if alive != self.crewed:
            self.crewed = alive
            tell(Crewed(sight.fleet.alive) if alive else Crewless(sight.fleet.silent))
        self.tell_hindrances(sight.fleet.hindered)
        self.tell_wait(sight)

    def tell_hindrances(self, found: tuple[Hindered, ...]) -> None:
        """What keeps workers from sending; each once while it lasts, though a relay's words may differ each time."""
        kinds = {(one.hindrance.relay, one.hindrance.reason.template): one for one in found}
        new = tuple(one for kind, one in kinds.items() if kind not in self.hampered)
        if new or (self.hampered and not found):
            self.errand.on_event(Hampered(new))
        self.hampered = frozenset(kinds)

    def tell_wait(self, sight: Sight) -> None:
        """What holds the mailing up."""
        tell, at, halt = self.errand.on_event, sight.mailing.scheduled_for, self.halt_of(sight)
        if at is not None:
            left = at - self.errand.machine.now()
            if left > timedelta():
                tell(Countdown(at, left))
        elif halt is not None and halt != self.halt:
            tell(halt)
        elif halt is None and sight.due is not None and sight.due != self.due:
            self.due = sight.due
            tell(Resting(sight.due))
        self.halt = halt

    def halt_of(self, sight: Sight) -> Halted | Quieting | None:
        """Why nothing new leaves, None where it does."""
        if sight.mailing.state == "stopped":
            return Halted()
        return Quieting(sight.quiet) if sight.quiet is not None and sight.open else None

    def progress_of(self, now: Figures) -> Progress:
        """What came of it since it was queued; `deferred` counts who waits for another try."""
        before = self.before.counts if self.before else dict.fromkeys(State, 0)
        since = {state: max(now.counts[state] - before[state], 0) for state in State}
        return Progress(
            sent=since[State.SENT],
            deferred=now.counts[State.DEFERRED],
            failed=since[State.FAILED],
            in_doubt=since[State.IN_DOUBT],
            suppressed=since[State.SUPPRESSED],
        )
