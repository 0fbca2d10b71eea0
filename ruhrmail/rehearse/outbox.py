"""Replies on their way back: each arrives after its delay, and never before the one ahead of it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ruhrmail.rehearse.clock import SkippingLoop

INSTANT = 1e-6


@dataclass(frozen=True, slots=True)
class Letter:
    """What to write when; `then` is called, and with `ends` the connection closed (at once where there is no data)."""

    due: float
    data: bytes
    ends: bool
    then: Callable[[], None] | None


class Outbox:
    """The replies of one connection; `distance` is how long each is under way at least, in seconds."""

    def __init__(self, loop: SkippingLoop, transport: asyncio.Transport, distance: float) -> None:
        self._loop = loop
        self._transport = transport
        self._distance = distance
        self._letters: deque[Letter] = deque()
        self._last_due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def put(self, data: bytes, delay: float, *, ends: bool, then: Callable[[], None] | None) -> None:
        """One reply more; nothing leaves before `send_due`."""
        self._last_due = max(self._loop.time() + self._distance + delay, self._last_due)
        self._letters.append(Letter(self._last_due, data, ends, then))

    def send_due(self) -> None:
        """Writes all that is due, in one piece, and sees to the rest when its time comes."""
        with self._loop.aside():
            due = self._take_due()
            if data := b"".join(letter.data for letter in due):
                self._transport.write(data)
            for letter in due:
                if letter.then:
                    letter.then()
            if due and due[-1].ends:
                self._hang_up(politely=bool(due[-1].data))
            elif self._letters and self._timer is None:
                self._timer = self._loop.call_at(self._letters[0].due, self._on_time)

    def _take_due(self) -> list[Letter]:
        now = self._loop.time() + INSTANT
        due = []
        while self._letters and self._letters[0].due <= now:
            due.append(self._letters.popleft())
        return due

    def _on_time(self) -> None:
        self._timer = None
        self.send_due()

    def _hang_up(self, *, politely: bool) -> None:
        if politely:
            self._transport.close()
        else:
            self._transport.abort()

    def drop(self) -> None:
        """Ends the connection without a word."""
        self._transport.abort()

    def forget(self) -> None:
        """The connection is gone: nobody waits for a reply, and every line is free."""
        if self._timer is not None:
            self._timer.cancel()
        for letter in self._letters:
            if letter.then:
                letter.then()
        self._letters.clear()
