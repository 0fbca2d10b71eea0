"""Signals that ask the program to end, heard from its first moment: it reads libraries for tenths of a second.

It is read before all others, so it needs nothing that takes long.
"""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | int | None


class Noting:
    """The handler until a command listens: one signal is kept in mind, the next ends the program as any other."""

    came = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """A signal came."""
        if self.came:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.came = True


def note_signals() -> None:
    """Keeps in mind from now on that the program was asked to end."""
    noting = Noting()
    for number in heeded_signals():
        signal.signal(number, noting)


@contextmanager
def interrupting() -> Iterator[None]:
    """Where no event loop listens, every signal that asks a program to end is heard as Ctrl+C: KeyboardInterrupt.

    At once where one came before that was noted.
    """
    with handling(dict.fromkeys(heeded_signals(), signal.default_int_handler)):
        yield


@contextmanager
def as_usual() -> Iterator[None]:
    """Ctrl+C, and what was noted before, is KeyboardInterrupt; any other signal ends the program without a word."""
    usual: dict[signal.Signals, Handler] = {
        number: signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        for number in heeded_signals()
        if isinstance(signal.getsignal(number), Noting)
    }
    with handling(usual):
        yield


@contextmanager
def handling(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    """These handlers while the block runs; KeyboardInterrupt at once where those before noted a signal.

    Outside the main thread signals are somebody else's.
    """
    before: dict[signal.Signals, Handler] = {}
    try:
        for number, handler in handlers.items() if current_thread() is main_thread() else ():
            before[number] = signal.signal(number, handler)
        if any(isinstance(one, Noting) and one.came for one in before.values()):
            raise KeyboardInterrupt
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ending_signals() -> tuple[signal.Signals, ...]:
    """SIGINT, SIGTERM, and SIGHUP (the terminal was closed) unless somebody said with nohup that it shall not count."""
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)
    listens = hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN
    return (signal.SIGINT, signal.SIGTERM, *((hangup,) if hangup and listens else ()))


def heeded_signals() -> tuple[signal.Signals, ...]:
    """The same but for SIGINT where a shell has it ignored, as for commands in the background."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return tuple(one for one in ending_signals() if not (ignored and one == signal.SIGINT))
