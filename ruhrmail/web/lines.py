"""The pipes between the parent of several processes and these: who is ready, who lives, what signals came."""

import os
import select
import signal
import struct
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

Pipe = tuple[int, int]
PID = struct.Struct("=i")


@dataclass(slots=True)
class Line:
    """What a child says to its parent; nothing while the parent has no time to read, or is gone.

    `every`: seconds between two words that it lives, at least.
    """

    end: int
    every: float
    said_at: float = float("-inf")

    def ready(self) -> None:
        """It serves. The first word of any child means that."""
        self.said_at = time.monotonic()
        with suppress(OSError):
            os.write(self.end, PID.pack(os.getpid()))

    def alive(self) -> None:
        """It turns; may be said as often as one likes, once it is ready."""
        if time.monotonic() - self.said_at >= self.every:
            self.ready()


@dataclass(frozen=True, slots=True)
class Pipes:
    """The parent's ends and the children's: `status` from these, `wake` from signals, `line` to know of its end."""

    status: Pipe
    wake: Pipe
    line: Pipe

    @classmethod
    def open(cls) -> Self:
        """New ones."""
        pipes = cls(os.pipe(), os.pipe(), os.pipe())
        if sys.platform != "win32":  # there `serve` says that it cannot
            for end in (*pipes.status, *pipes.wake):
                os.set_blocking(end, False)
        return pipes

    def close(self) -> None:
        """In the parent, at its end."""
        for end in (*self.status, *self.wake, *self.line):
            os.close(end)

    def wait(self, seconds: float) -> None:
        """Until somebody says something or a signal comes, at most so long."""
        select.select([self.status[0], self.wake[0]], [], [], seconds)

    def signals(self) -> set[int]:
        """Those that came since."""
        return set(read_all(self.wake[0]))

    def words(self) -> list[int]:
        """Who said something since, by process id."""
        told = read_all(self.status[0])
        return [pid for (pid,) in PID.iter_unpack(told[: len(told) // PID.size * PID.size])]

    def part(self, every: float) -> Line:
        """In a child: lets go of what is the parent's alone, and ends as told when that is gone."""
        for end in (*self.wake, self.status[0], self.line[1]):
            os.close(end)
        threading.Thread(target=follow, args=[self.line[0]], daemon=True).start()
        return Line(self.status[1], every)


def read_all(end: int) -> bytes:
    """What lies in a pipe now."""
    try:
        return os.read(end, 65536)
    except BlockingIOError:
        return b""


def follow(line: int) -> None:
    """Waits for the parent's end of the line to close, as it does however the parent dies, and then stops as told."""
    os.read(line, 1)
    os.kill(os.getpid(), signal.SIGTERM)
