"""The relay of a rehearsal: an SMTP server on loopback that answers as the recipients' providers would.

It speaks RFC 5321 with PIPELINING (RFC 2920) and keeps nothing of a message but who got it and when.
"""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from ruhrmail.listening import listen
from ruhrmail.rehearse.clock import SkippingLoop
from ruhrmail.rehearse.outbox import Outbox
from ruhrmail.rehearse.providers import DROP, Providers
from ruhrmail.rehearse.reception import GO_AHEAD, Answer, Reception

SIZE_LIMIT = 50 * 1024 * 1024
LONGEST_LINE = 4096
HELLO = ("relay of a rehearsal", "PIPELINING", f"SIZE {SIZE_LIMIT}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
ADDRESS = re.compile(rb"(?:MAIL FROM|RCPT TO): ?<([^>]*)>", re.IGNORECASE)
SIZE = re.compile(rb" SIZE=(\d+)", re.IGNORECASE)
END = b"\r\n.\r\n"


@dataclass(slots=True)
class Record:
    """What came of whom, by address; times are seconds of the loop's clock. `worked` is how long this machine had
    worked (`SkippingLoop.worked`) when the last newcomer was tried."""

    taken: Counter[str] = field(default_factory=Counter)
    put_off: Counter[str] = field(default_factory=Counter)
    taken_at: dict[str, float] = field(default_factory=dict)
    first_at: dict[str, float] = field(default_factory=dict)
    worked: float = 0.0


class Sink:
    """`async with Sink(loop, providers, seed, distance) as sink` listens on `sink.port` of loopback until the block
    ends. A reply takes `distance` seconds to arrive."""

    def __init__(self, loop: SkippingLoop, providers: Providers, seed: int, distance: float = 0.0) -> None:
        self.loop = loop
        self.distance = distance
        self.record = Record()
        self.sessions: set[Session] = set()
        self.connections = 0
        self.port = 0
        self._providers = providers
        self._receptions = {one.name: Reception(one, seed) for one in providers.profiles}
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        listener = listen("127.0.0.1", 0)
        self._server = await self.loop.create_server(lambda: Session(self), sock=listener)
        self.port = listener.getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for session in tuple(self.sessions):
            session.end()

    def reception_of(self, address: str) -> Reception:
        """Where mail for an address arrives."""
        return self._receptions[self._providers.of(address).name]

    def note(self, address: str, answer: Answer, at: float) -> None:
        """Remembers a recipient's answer."""
        if address not in self.record.first_at:
            self.record.first_at[address] = at
            self.record.worked = self.loop.worked
        if answer.taken:
            self.record.taken[address] += 1
            self.record.taken_at.setdefault(address, at + answer.delay)
        elif answer.reply.startswith("4"):
            self.record.put_off[address] += 1


@dataclass(slots=True)
class Transaction:
    """MAIL was accepted; from RCPT on there is a recipient at a provider, whose line is busy until the end."""

    address: str = ""
    reception: Reception | None = None
    tried_at: float = 0.0
    size: int = 0
    doomed: bool = False

    def release(self) -> None:
        """The provider's line is free again."""
        if self.reception is not None:
            self.reception.busy -= 1
            self.reception = None


class Session(asyncio.Protocol):
    """One connection, obeyed line by line in the order the lines came."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = bytearray()
        self._carried: Counter[str] = Counter()
        self._transaction: Transaction | None = None
        self._in_text = self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Says hello."""
        assert isinstance(transport, asyncio.Transport)
        self._outbox = Outbox(self._sink.loop, transport, self._sink.distance)
        self._sink.sessions.add(self)
        self._sink.connections += 1
        self._say("220 relay of a rehearsal ESMTP")
        self._outbox.send_due()

    def connection_lost(self, exc: Exception | None) -> None:
        """Frees the provider's line."""
        self._outbox.forget()
        if self._transaction:
            self._transaction.release()
        self._sink.sessions.discard(self)

    def data_received(self, data: bytes) -> None:
        """Obeys what is complete. The provider's machine is not ours: the clock stands still."""
        with self._sink.loop.aside():
            self._buffer += data
            while not self._ended and (self._read_text() if self._in_text else self._read_line()):
                pass
            self._outbox.send_due()

    def end(self) -> None:
        """Hangs up."""
        self._ended = True
        self._outbox.drop()

    def _read_line(self) -> bool:
        """Obeys the next command; False when none is complete."""
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > LONGEST_LINE:
                self._say("500 5.5.2 line too long", ends=True)
            return False
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        self._obey(line)
        return True

    def _obey(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                self._forget_transaction()
                self._say("\r\n".join([*(f"250-{word}" for word in HELLO[:-1]), f"250 {HELLO[-1]}"]))
            case b"MAIL":
                self._begin(line)
            case b"RCPT":
                self._name_recipient(line)
            case b"DATA":
                self._begin_text()
            case b"QUIT":
                self._say("221 2.0.0 bye", ends=True)
            case b"HELO" | b"RSET":
                self._forget_transaction()
                self._say("250 2.0.0 ok")
            case b"NOOP":
                self._say("250 2.0.0 ok")
            case _:
                self._say("502 5.5.1 what?")

    def _begin(self, line: bytes) -> None:
        size = SIZE.search(line)
        if self._transaction is not None or not ADDRESS.match(line):
            self._say("503 5.5.1 not now" if self._transaction else "501 5.5.4 no address")
        elif size and int(size[1]) > SIZE_LIMIT:
            self._say("552 5.3.4 too large")
        else:
            self._transaction = Transaction()
            self._say("250 2.1.0 sender ok")

    def _name_recipient(self, line: bytes) -> None:
        found, transaction, now = ADDRESS.match(line), self._transaction, self._sink.loop.time()
        if transaction is None or transaction.reception is not None or not found:
            self._say("503 5.5.1 MAIL first, then one recipient" if found else "501 5.5.4 no address")
            return
        address = found[1].decode("utf-8", "replace")
        reception = self._sink.reception_of(address)
        answer = reception.receive(address, now, self._carried[reception.profile.name])
        self._sink.note(address, answer, now)
        if answer.reply.startswith("2"):
            reception.busy += 1
            doomed = reception.spoils_text(address, now)
            self._transaction = Transaction(address, reception, now, doomed=doomed)
        self._reply(answer)

    def _begin_text(self) -> None:
        if self._transaction is None or self._transaction.reception is None:
            self._say("503 5.5.1 a recipient first")
            return
        self._in_text = True
        self._buffer[:0] = b"\r\n"  # so that an empty text's dot stands at the beginning of a line too
        self._say(GO_AHEAD)

    def _read_text(self) -> bool:
        """Skips the text; at its end the provider answers. False while more must come."""
        transaction = self._transaction
        assert transaction is not None
        if transaction.doomed and len(self._buffer) > len("\r\n"):
            self.end()
            return False
        end = self._buffer.find(END)
        passed = end + len(END) if end >= 0 else max(len(self._buffer) - len(END) + 1, 0)
        transaction.size += passed
        del self._buffer[:passed]
        if end < 0:
            return False
        self._in_text = False
        self._conclude(transaction)
        return True

    def _conclude(self, transaction: Transaction) -> None:
        reception, now = transaction.reception, self._sink.loop.time()
        assert reception is not None
        answer = reception.conclude(transaction.address, transaction.tried_at, now)
        if transaction.size > SIZE_LIMIT:
            answer = Answer("552 5.3.4 too large")
        self._sink.note(transaction.address, answer, now)
        self._carried[reception.profile.name] += 1
        self._transaction = None
        self._reply(answer, transaction)

    def _forget_transaction(self) -> None:
        if self._transaction:
            self._transaction.release()
            self._transaction = None

    def _reply(self, answer: Answer, done: Transaction | None = None) -> None:
        """An answer on its way; 421 and DROP end the connection."""
        ends = answer.reply == DROP or answer.reply.startswith("421")
        self._say(answer.reply, answer.delay, ends=ends, done=done)

    def _say(self, reply: str, delay: float = 0.0, *, ends: bool = False, done: Transaction | None = None) -> None:
        self._ended = self._ended or ends
        data = f"{reply}\r\n".encode() if reply else b""
        self._outbox.put(data, delay, ends=ends, then=done.release if done else None)
