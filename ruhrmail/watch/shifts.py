"""A worker's runs to numbers and lines: several mailings, each in one run after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from itertools import groupby
from operator import attrgetter

from ruhrmail.deliver import Event, Progress
from ruhrmail.exposition import Family
from ruhrmail.flows.events import FlowEvent, OnWork, Sending
from ruhrmail.watch.figures import work_families
from ruhrmail.watch.log import AttemptLog
from ruhrmail.watch.tally import Tally

SILENT = 5.0
"""Seconds without an event after which a run is over: each tells once a second what it does."""
OnEvent = Callable[[Event | FlowEvent], None]


@dataclass(frozen=True, slots=True)
class Shifts:
    """A tally for each mailing that this worker had to do with. `hear` gets every event, `log` a line for each attempt.

    `clock` gives monotonic seconds.
    """

    clock: Callable[[], float]
    hear: OnEvent
    log: AttemptLog | None = None
    tallies: dict[str, Tally] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)

    def listener(self, begun: Sending) -> OnWork:
        """What hears one run. Its progress begins at 0, while the mailing's figures go on."""
        tally = self.tallies.get(begun.mailing)
        if tally is None:
            tally = self.tallies[begun.mailing] = Tally(self.clock)
        tally.on_event(begun)
        before, write = tally.progress, self.log.listener(begun) if self.log else None

        def hear(event: Event | FlowEvent) -> None:
            self.heard[begun.mailing] = self.clock()
            tally.on_event(plus(before, event) if isinstance(event, Progress) else event)
            if write is not None:
                write(event)
            self.hear(event)

        return hear

    def families(self) -> Iterator[Family]:
        """The figures of all mailings at this moment, each name once."""
        for name, tally in tuple(self.tallies.items()):
            if self.clock() - self.heard.get(name, 0) > SILENT:
                tally.connections = {}
        found = [
            family for tally in tuple(self.tallies.values()) for family in work_families(tally, tally.together()[1])
        ]
        for name, alike in groupby(sorted(found, key=attrgetter("name")), attrgetter("name")):
            several = list(alike)
            samples = [sample for one in several for sample in one.samples]
            yield Family(name, several[0].kind, several[0].help, samples)


def plus(one: Progress, other: Progress) -> Progress:
    """Both together."""
    return Progress(*(getattr(one, each.name) + getattr(other, each.name) for each in fields(Progress)))
