"""Attempts to lines of JSON in a file, beside the mail and never in its way."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from json.encoder import encode_basestring
from pathlib import Path

from ruhrmail.deliver import Event, Tried
from ruhrmail.errors import OutputError
from ruhrmail.flows.events import FlowEvent, Sending
from ruhrmail.masking import mask
from ruhrmail.model.mail import Outcome
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.watch.ticker import Ticker

BETWEEN_WRITES = 0.2
AT_MOST = 100_000
"""Lines that wait for a disk that does not answer."""
SLOW = phrase("the disk does not keep up")
STANDARD_ERROR = 2
quote = lru_cache(1024)(encode_basestring)

OnTrouble = Callable[[Phrase | str], None]


class AttemptLog:
    """Lines for each attempt at one mailing or several. `on_trouble` is told once, from another thread, why it ended.

    A line is made where the event comes (microseconds), and written by a thread, whole lines together, five times a
    second. Addresses stand in it only with `addresses`; the texts of replies never hold one without.
    """

    def __init__(self, descriptor: int, addresses: bool, on_trouble: OnTrouble) -> None:
        self._descriptor = descriptor
        self._addresses = addresses
        self._on_trouble = on_trouble
        self._lines: deque[bytes] = deque()
        self._hear = self.listener(Sending("", lambda claim: ""))
        self._over = False
        self._ticker = Ticker(BETWEEN_WRITES, self.write, to_the_end=True)
        self._ticker.start()

    def on_event(self, event: Event | FlowEvent) -> None:
        """One event of a run that begins with `Sending`."""
        if isinstance(event, Sending):
            self._hear = self.listener(event)
        self._hear(event)

    def listener(self, begun: Sending) -> Callable[[Event | FlowEvent], None]:
        """What hears the attempts of one mailing; several may, one beside the other."""
        name = encode_basestring(begun.mailing)

        def hear(event: Event | FlowEvent) -> None:
            if isinstance(event, Tried) and not self._over and event.attempt.outcome is not Outcome.RETURNED:
                self._lines.append(self._line(event, name, begun.message_id_of(event.claim)))
                if len(self._lines) > AT_MOST:
                    self._end(SLOW)

        return hear

    def _line(self, event: Tried, mailing: str, message_id: str) -> bytes:
        claim, attempt = event.claim, event.attempt
        person, reply = claim.recipient.person, attempt.reply
        text = reply.text if reply else attempt.text
        line = (
            f'{{"time":"{event.at.isoformat(timespec="milliseconds")}","mailing":{mailing}'
            f',"relay":{quote(attempt.relay)},"outcome":"{attempt.outcome.value}"'
            f',"code":{reply.code if reply else "null"},"enhanced_code":{quote(reply.enhanced if reply else "")}'
            f',"text":{encode_basestring(text if self._addresses else mask(text, person))}'
            f',"message_id":{encode_basestring(message_id)}'
            f',"domain":{quote(person.email.rpartition("@")[2])}'
            f',"attempt":{claim.attempts + 1},"ms":{round(event.seconds * 1000, 1)}'
        )
        if self._addresses:
            line += f',"email":{encode_basestring(person.email)}'
        return (line + "}\n").encode("utf-8", "backslashreplace")

    def write(self) -> bool:
        """In the thread: writes what waits; False once the log has ended."""
        waiting: list[bytes] = []
        with suppress(IndexError):  # given up meanwhile
            waiting.extend(self._lines.popleft() for _ in range(len(self._lines)))
        data = b"".join(waiting)
        try:
            while data and not self._over:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            self._end(error.strerror or str(error))
        return not self._over

    def _end(self, reason: Phrase | str) -> None:
        if not self._over:
            self._over = True
            self._lines.clear()
            self._on_trouble(reason)

    def close(self) -> bool:
        """Writes the rest. False: the disk hangs, and was given up after some seconds."""
        ended = self._ticker.stop()
        if not ended:
            self._end(SLOW)
        return ended


@contextmanager
def logging_to(name: str, addresses: bool, on_trouble: OnTrouble) -> Iterator[AttemptLog]:
    """A log in the file `name`, standard error for `-`. Raises OutputError where it cannot be opened."""
    descriptor = STANDARD_ERROR if name == "-" else open_log(Path(name))
    log = AttemptLog(descriptor, addresses, on_trouble)
    try:
        yield log
    finally:
        if log.close() and descriptor != STANDARD_ERROR:
            with suppress(OSError):  # a network drive may tell only now that it is full; the lines are lost anyway
                os.close(descriptor)


def open_log(path: Path) -> int:
    """A descriptor to append to; a new file is readable only to its owner. A line torn by a full disk is ended."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)  # a pipe without reader is an error
    try:
        descriptor = os.open(path, flags, 0o600)
        if sys.platform != "win32":
            os.set_blocking(descriptor, True)
        if is_torn(path):
            os.write(descriptor, b"\n")
    except OSError as error:
        message = phrase("the log {path} cannot be written: {reason}", path=path, reason=error.strerror or str(error))
        raise OutputError(
            message, hint=phrase("--log takes a file in a folder that exists, or - for standard error")
        ) from error
    return descriptor


def is_torn(path: Path) -> bool:
    """Whether a file ends in the middle of a line."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
