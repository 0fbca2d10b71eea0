"""Who looks on while `send` runs: the terminal always, a log and metrics where they were asked for."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ruhrmail.cli.desk import Desk
from ruhrmail.errors import UsageError
from ruhrmail.exposition import TOKEN_VARIABLE
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.cli.progress import Watch
    from ruhrmail.cli.voice import Voice
    from ruhrmail.flows.machine import Machine
    from ruhrmail.store import Store
    from ruhrmail.watch.log import AttemptLog
    from ruhrmail.watch.shifts import Shifts


@dataclass(frozen=True, slots=True)
class Lookout:
    """`--log`, `--log-addresses` and `--metrics` as they were said."""

    log: str | None
    log_addresses: bool
    metrics: str | None

    @property
    def wants_attempts(self) -> bool:
        """True when somebody counts or writes down each attempt."""
        return self.log is not None or self.metrics is not None

    def check(self, *, real: bool, queues: bool = False) -> None:
        """Raises UsageError for what does not fit together; `queues`: others send what this process only queues."""
        if self.log_addresses and self.log is None:
            raise UsageError(phrase("--log-addresses says nothing without --log"), hint=phrase("say --log FILE too"))
        if self.wants_attempts and not real:
            raise UsageError(
                phrase("--log and --metrics watch a mailing to the list"),
                hint=phrase("leave them out with --test and --dry-run"),
            )
        if self.wants_attempts and queues:
            raise UsageError(
                phrase("workers send from this store, and they write logs and serve metrics"),
                hint=phrase("ruhrmail worker --log FILE --metrics PORT"),
            )

    @contextmanager
    def opened(self, desk: Desk) -> Iterator["Watch"]:
        """All of them, until the block ends. Raises UsageError, OutputError, RuhrmailError before anything is sent."""
        from ruhrmail.cli.progress import watching
        from ruhrmail.exposition import expose
        from ruhrmail.watch.figures import families
        from ruhrmail.watch.tally import Tally

        tally = Tally(time.monotonic)
        with ExitStack() as open_:
            watch = open_.enter_context(watching(desk.terminal, tally, lines=self.log == "-"))
            if self.log is not None:
                watch.also = (open_.enter_context(self.logging(self.log, watch)).on_event,)
            if self.metrics is not None:
                began = time.time()
                url = open_.enter_context(self.exporting(self.metrics, desk, lambda: expose(families(tally, began))))
                watch.say("metrics: {url}", url=url)
            yield watch

    @contextmanager
    def opened_by_worker(self, desk: Desk, store: "Store", machine: "Machine") -> Iterator[tuple["Voice", "Shifts"]]:
        """The same for a worker, which may send several mailings at once. Raises as `opened` does."""
        from ruhrmail.cli.voice import Voice
        from ruhrmail.exposition import expose
        from ruhrmail.flows.metrics import FleetMetrics
        from ruhrmail.watch.shifts import Shifts

        voice = Voice(desk.terminal)
        with ExitStack() as open_:
            log = open_.enter_context(self.logging(self.log, voice)) if self.log is not None else None
            shifts = Shifts(time.monotonic, voice.on_event, log)
            if self.metrics is not None:
                text = partial(both, FleetMetrics(store, machine), lambda: expose(shifts.families()))
                url = open_.enter_context(self.exporting(self.metrics, desk, text))
                desk.terminal.tell("metrics: {url}", url=url)
            voice.ticker.start()
            open_.callback(voice.end)
            yield voice, shifts

    @contextmanager
    def logging(self, name: str, watch: "Watch") -> Iterator["AttemptLog"]:
        """The log; that it ended early is told once."""
        from ruhrmail.watch.log import logging_to

        def ended(reason: Phrase | str) -> None:
            watch.later("warning: the log ends here, and the mailing goes on: {reason}", reason=reason)

        with logging_to(name, self.log_addresses, ended) as log:
            yield log

    @contextmanager
    def exporting(self, address: str, desk: Desk, text: Callable[[], str]) -> Iterator[str]:
        """The metrics; gives their URL."""
        from ruhrmail.watch.exporter import exporting, read_address

        token = desk.environ.get(TOKEN_VARIABLE, "").strip()
        with exporting(read_address(address), token, text) as url:
            yield url


def both(first: Callable[[], str], second: Callable[[], str]) -> str:
    """Two texts, one after the other."""
    return first() + second()
