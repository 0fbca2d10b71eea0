"""Several processes that serve one socket, and the one that looks after them.

It opens nothing itself: no store, no thread. Each child is forked from it with everything still to be opened, tells
when it is ready and that it turns, and ends when its parent is gone. One that dies is replaced, later and later if that
goes on; one that says nothing for too long is ended, and so replaced.
"""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.web.lines import Line, Pipes

assert sys.platform != "win32"  # `serve` says so before it gets here

Work = Callable[[int, Line], int]
"""Serves as process number so-and-so (from 0) until SIGTERM, says once it is ready and then that it turns; gives an
exit code."""

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP)
STEADY = 10.0
"""Seconds after which a process that dies is started again at once."""
LONGEST_PAUSE = 30.0
AT_THE_LATEST = 9.5
"""Seconds after which children that were told to stop are killed."""
TURN = 1.0
SILENCE, GRACE = 30.0, 10.0
"""Seconds after which a child that serves and says nothing is told to stop, and killed where it did not."""
WORDS = 6
"""How often a child speaks within the silence that would end it."""


@dataclass(slots=True)
class Child:
    """A process that serves. `retired`: another has taken its place. `silent`: seconds since its last word."""

    index: int
    born: float
    ready: bool = False
    retired: bool = False
    silent: float = 0.0


@dataclass(slots=True)
class Crew:
    """What the parent knows. `count` processes do `work`; `tell` says what happened to one of them.

    `on_ready` is called once all of them are ready, `on_turn` about once a second.
    """

    count: int
    work: Work
    tell: Callable[[Phrase], None]
    on_ready: Callable[[], None]
    on_turn: Callable[[], None]
    on_end: Callable[[], None]
    patience: float = AT_THE_LATEST
    silence: float = SILENCE
    grace: float = GRACE
    hangup_ends: bool = False
    children: dict[int, Child] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)
    failures: dict[int, int] = field(default_factory=dict)
    renewing: deque[int] = field(default_factory=deque)
    begun: bool = False
    late: bool = False
    """Whether a hangup came before it had begun: some may have read their settings before they changed."""
    ends_at: float | None = None
    code: int = 0
    turned_at: float = field(default_factory=time.monotonic)
    pipes: Pipes = field(init=False)

    def run(self) -> int:
        """Until told to stop and every child is gone; the exit code."""
        self.pipes = Pipes.open()
        before = {number: signal.signal(number, heard) for number in SIGNALS}
        waker = signal.set_wakeup_fd(self.pipes.wake[1], warn_on_full_buffer=False)
        try:
            self.start(0)  # the first one alone: what is wrong for all of them is said once
            while self.children or self.due:
                self.turn()
        finally:
            signal.set_wakeup_fd(waker)
            for number, handler in before.items():
                signal.signal(number, handler)
            self.pipes.close()
        return self.code

    def turn(self) -> None:
        """Waits for the next thing to happen, at most a second, and does what follows."""
        self.pipes.wait(self.pause())
        for number in self.pipes.signals():
            self.hear(number)
        self.bury()
        for pid in self.pipes.words():
            self.greet(pid)
        now = time.monotonic()
        for index in [one for one, at in self.due.items() if at <= now]:
            del self.due[index]
            self.start(index)
        if self.ends_at is not None and now >= self.ends_at:
            self.signal_all(signal.SIGKILL)
        self.watch(now)
        self.on_turn()

    def pause(self) -> float:
        """Seconds until there is something to do without anything happening."""
        times = [*self.due.values(), *([self.ends_at] if self.ends_at is not None else [])]
        return max(min([TURN, *(at - time.monotonic() for at in times)]), 0.0)

    def hear(self, number: int) -> None:
        """A signal came."""
        if number in (signal.SIGTERM, signal.SIGINT) or (number == signal.SIGHUP and self.hangup_ends):
            self.end(0)
        elif number == signal.SIGHUP and self.ends_at is None:
            self.late = not self.begun
            self.renew_all()

    def end(self, code: int) -> None:
        """Tells everybody to stop; told again, everybody is gone at once."""
        if self.ends_at is not None:
            self.ends_at = time.monotonic()
            return
        self.on_end()
        self.code, self.ends_at = code, time.monotonic() + self.patience
        self.due.clear()
        self.renewing.clear()
        self.signal_all(signal.SIGTERM)

    def renew_all(self) -> None:
        """Puts new processes in the place of all, one after the other; where it has not begun yet, once it has."""
        if self.begun:
            self.renewing = deque(range(self.count))
            self.renew()

    def renew(self) -> None:
        """Starts the next process that is to take another's place."""
        if self.renewing:
            self.start(self.renewing[0])

    def watch(self, now: float) -> None:
        """Ends children that hang. Time counts in which the parent turned: after the machine slept, or this was
        stopped, each child has as long as ever to say something. Who still begins is waited for."""
        passed, self.turned_at = min(now - self.turned_at, TURN), now
        for pid, child in self.children.items():
            if not child.ready or self.ends_at is not None:
                continue
            before, child.silent = child.silent, child.silent + passed
            if before < self.silence <= child.silent:
                self.tell(phrase("process {number} of the web service hangs; it is ended", number=child.index + 1))
                os.kill(pid, signal.SIGTERM)
            elif child.silent >= self.silence + self.grace:
                os.kill(pid, signal.SIGKILL)

    def greet(self, pid: int) -> None:
        """A child said something. The first time it is ready: whom it replaces may go, and the next may come."""
        child = self.children.get(pid)
        if child is None or self.ends_at is not None:
            return
        child.silent = 0.0
        if child.ready:
            return
        child.ready = True
        for number, other in self.children.items():
            if number != pid and other.index == child.index and not other.retired:
                other.retired = True
                os.kill(number, signal.SIGINT)  # the service goes on, so this one must not say that it stops
        if self.renewing and self.renewing[0] == child.index:
            self.renewing.popleft()
            self.renew()
        if not self.begun:
            self.begin()

    def begin(self) -> None:
        """The first one is ready: the others follow. All are: the service is."""
        wanted = set(range(self.count))
        for index in sorted(wanted - {one.index for one in self.children.values()} - self.due.keys()):
            self.start(index)
        if wanted == {one.index for one in self.children.values() if one.ready}:
            self.begun = True
            self.on_ready()
            if self.late:
                self.renew_all()

    def bury(self) -> None:
        """Takes note of children that ended."""
        for pid in list(self.children):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self.miss(self.children.pop(pid), os.waitstatus_to_exitcode(status))

    def miss(self, child: Child, code: int) -> None:
        """A child is gone: as it should, or to be replaced."""
        if child.retired or self.ends_at is not None:
            return
        if not child.ready and not self.begun and not any(one.ready for one in self.children.values()):
            self.end(abs(code) or 1)
            return
        if not child.ready and any(one.index == child.index and not one.retired for one in self.children.values()):
            self.renewing.clear()
            self.tell(phrase("the new process did not begin to serve; the old ones go on as they are"))
            return
        lived = time.monotonic() - child.born
        again = 0 if lived >= STEADY else self.failures.get(child.index, 0) + 1
        self.failures[child.index] = again
        pause = min(2.0 ** (again - 1), LONGEST_PAUSE) if again else 0.0
        self.due[child.index] = time.monotonic() + pause
        how = phrase("signal {number}", number=-code) if code < 0 else phrase("exit code {number}", number=code)
        self.tell(phrase("process {number} of the web service ended ({how}); another begins in {pause} s",
                         number=child.index + 1, how=how, pause=round(pause)))  # fmt: skip

    def start(self, index: int) -> None:
        """Forks a child; in it, this never returns."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # none may reach a child that still has our handlers
        pid = os.fork()
        if pid:
            self.children[pid] = Child(index, time.monotonic())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            return
        code = 1
        try:
            code = self.work(index, self.part())
        except Exception:  # noqa: BLE001 - the traceback that any program shows, but nothing else of the parent's
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)

    def part(self) -> Line:
        """In a child: lets go of what is the parent's alone; gives the line to it."""
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return self.pipes.part(self.silence / WORDS)

    def signal_all(self, number: signal.Signals) -> None:
        """Sends a signal to every child; each is still ours, for nobody else buries them."""
        for pid in self.children:
            os.kill(pid, number)


def heard(_number: int, _frame: FrameType | None) -> None:
    """Signals are read from the wake-up pipe."""
