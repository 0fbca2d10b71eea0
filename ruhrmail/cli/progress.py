"""The progress of a mailing on standard error: a bar on a terminal, now and then a line elsewhere."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ruhrmail.cli.status import local
from ruhrmail.cli.terminal import Terminal
from ruhrmail.deliver import Event, Progress, RelayTrouble, Slowed, Waiting
from ruhrmail.flows.events import Countdown, Draining, FlowEvent, Halted, Queued, Quieting

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 10


class Watch:
    """Turns the events of a run into a bar or lines. `begin` tells how many recipients there are."""

    def __init__(self, terminal: Terminal, bar: "Bar | None", clock: Callable[[], float]) -> None:
        self.terminal = terminal
        self.bar = bar
        self.clock = clock
        self.total = 0
        self.task: TaskID | None = None
        self.last_line = clock()
        self.heard = True
        self.until: datetime | None = None

    def begin(self, total: int) -> None:
        """Shows the bar, once there is something to send."""
        self.total = total
        self.clear()
        if self.bar is not None and total:
            if self.task is None:
                self.task = self.bar.add_task(self.terminal.translate("sending"), total=total)
            self.bar.reset(self.task, total=total)
            self.bar.start()

    def on_event(self, event: Event | FlowEvent) -> None:
        """One event of the run. Once nobody reads along (`2>&1 | head`) it is silent: that must not stop the mail."""
        try:
            if self.heard:
                self.show(event)
        except OSError:
            self.heard = False

    def show(self, event: Event | FlowEvent) -> None:
        """One event in words."""
        match event:
            case Progress():
                self.show_progress(event)
            case RelayTrouble():
                self.terminal.error(event.error)
                self.terminal.tell(
                    "trying {relay} again in {seconds} s", relay=event.relay, seconds=round(event.pause, 1)
                )
            case Slowed():
                self.terminal.tell(
                    "{relay} asks for less: {connections} connections now ({reply})",
                    relay=event.relay,
                    connections=event.connections,
                    reply=f"{event.reply.code} {event.reply.text}",
                )
            case Waiting():
                self.terminal.tell("deferred mail is tried again at {time}; Ctrl+C ends, and `send` goes on later",
                                   time=event.until.astimezone().strftime("%H:%M:%S"))  # fmt: skip
            case Draining():
                self.clear()
                self.terminal.tell("stopping: what is on its way is finished; once more ends at once")
            case Halted():
                self.terminal.tell("somebody stopped the mailing: what is on its way is finished")
            case Quieting():
                self.terminal.tell("quiet hours begin: what is on its way is finished, the rest is sent from {time}",
                                   time=local(event.until))  # fmt: skip
            case Countdown():
                self.show_countdown(event)
            case Queued():
                self.clear()
                self.terminal.tell("the time has come, but process {pid} is sending from this store: waiting for it",
                                   pid=event.holder.pid)  # fmt: skip

    def show_countdown(self, event: Countdown) -> None:
        """Until when it waits, once; on a terminal also for how long, all the time."""
        if self.until != event.until:
            self.until = event.until
            self.terminal.tell("waiting until {time}; Ctrl+C ends that, and the mailing stays scheduled",
                               time=local(event.until))  # fmt: skip
        if self.bar is not None:
            self.bar.stop()
            left = timedelta(seconds=math.ceil(event.left.total_seconds()))
            self.terminal.err.write(f"\r\x1b[K{left}")
            self.terminal.err.flush()

    def clear(self) -> None:
        """Takes the countdown off the terminal."""
        if self.bar is not None and self.until is not None:
            self.terminal.err.write("\r\x1b[K")

    def show_progress(self, progress: Progress) -> None:
        """The bar's new length, or a line every ten seconds."""
        done = progress.sent + progress.failed + progress.in_doubt + progress.suppressed
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, completed=done)
        elif self.bar is None and self.clock() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = self.clock()
            self.terminal.tell("{done} of {total}: sent {sent}, deferred {deferred}, failed {failed}", done=done,
                               total=self.total, sent=progress.sent, deferred=progress.deferred,
                               failed=progress.failed)  # fmt: skip


@contextmanager
def watching(terminal: Terminal) -> Iterator[Watch]:
    """A watch for one run; its bar is gone when the block ends."""
    bar = make_bar(terminal) if terminal.err.isatty() else None
    try:
        yield Watch(terminal, bar, time.monotonic)
    finally:
        if bar is not None:
            bar.stop()


def make_bar(terminal: Terminal) -> "Bar":
    """A bar with count and remaining time."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(file=terminal.err)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Bar(*columns, console=console, transient=True)
