"""The sink that listens and keeps what its sessions took."""

import asyncio
import random
import socket
import ssl
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType

from tests.servers.sink.acceptance import Acceptance, write_down
from tests.servers.sink.ear import Ear, HungUp
from tests.servers.sink.fault import Fault, Faults
from tests.servers.sink.legality import Legality
from tests.servers.sink.login import Accounts
from tests.servers.sink.session import Dropped, Session
from tests.servers.sink.voice import Manner, Voice

SMALL_WINDOW = 4096
ENDED = (ConnectionError, HungUp, Dropped, asyncio.CancelledError, ssl.SSLError)


@dataclass(slots=True)
class Sink:
    """`async with Sink(...) as sink`: listens on 127.0.0.1:`port` until the block ends.

    Behaviour: `faults`; `extensions` as EHLO lists them; `tls` from the first byte, `starttls` on request, then with
    `injected` plain text behind its 220; `login` (`user:password`) and `token` are demanded before MAIL where they are
    given, by one of `methods`, offered only once encrypted with `login_needs_tls`; `domain_limits` are connections that
    may hold recipients of a domain at once, beyond that 421; after `messages_per_connection` it hangs up;
    `without_recipient` is the reply to the dot of a DATA that is let through though it has no recipient; `reading` is a
    pace in bytes a second, with a small window; `delay` in seconds, `bytewise`, `split`, `multiline`, `glued`: see
    Manner.

    What came: `commands`, `accepted` (recipients), `bodies`, `acceptances`, `orphans` (bodies without recipient),
    `breaches` of the protocol by the client, `connections` so far, `most_connections` at once,
    `most_at_once` connections that held recipients of a domain.
    """

    faults: Sequence[Fault] = ()
    port: int = 0
    log: Path | None = None
    seed: int = 1
    extensions: Sequence[str] = ("8BITMIME", "SIZE 50000000")
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    injected: str = ""
    login: str = ""
    token: str = ""
    methods: Sequence[str] = ("PLAIN", "LOGIN")
    login_needs_tls: bool = False
    domain_limits: Mapping[str, int] = field(default_factory=dict)
    messages_per_connection: int = 0
    without_recipient: str = ""
    reading: float = 0.0
    delay: float = 0.0
    bytewise: bool = False
    split: bool = False
    multiline: bool = False
    glued: bool = False
    commands: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    orphans: list[bytes] = field(default_factory=list)
    most_at_once: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    most_connections: int = 0
    open_connections: int = 0
    server: asyncio.Server | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    dice: random.Random = field(default_factory=random.Random)
    sessions: set["asyncio.Task[None]"] = field(default_factory=set)
    holding: dict[int, str] = field(default_factory=dict)
    accounts: Accounts = field(init=False)
    legality: Legality = field(init=False)
    trouble: Faults = field(init=False)

    def __post_init__(self) -> None:
        user, _, password = self.login.partition(":")
        self.accounts = Accounts(user, password, self.token)
        self.legality = Legality(frozenset(one.split()[0].upper() for one in self.extensions))
        self.trouble = Faults(self.faults, self.dice)

    async def __aenter__(self) -> "Sink":
        self.dice.seed(self.seed)
        sock = socket.create_server(("127.0.0.1", self.port), backlog=1000)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio leaves out sockets that it did not make
        if self.reading:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        limit = SMALL_WINDOW if self.reading else 1 << 20
        self.server = await asyncio.start_server(self.greet, sock=sock, ssl=self.tls, limit=limit)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.server is not None
        self.server.close()
        for task in self.sessions:
            task.cancel()
        await asyncio.gather(*self.sessions, return_exceptions=True)

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.sessions.add(task)
        self.connections += 1
        number = self.connections
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        manner = Manner(self.delay, self.bytewise, self.split, self.multiline, self.glued)
        try:
            await Session(self, Ear(reader, self.reading), Voice(writer, manner, self.dice), number).run()
            writer.close()
        except ENDED:
            writer.transport.abort()
        finally:
            self.open_connections -= 1
            self.leave(number)
            self.sessions.discard(task)

    @property
    def breaches(self) -> list[str]:
        return self.legality.breaches

    async def reached(self, count: int) -> None:
        """Waits until so many messages were accepted."""
        while len(self.accepted) < count:
            self.news.clear()
            await self.news.wait()

    def enter(self, connection: int, domain: str) -> bool:
        """A connection names a recipient of a domain; False when too many others do."""
        others = sum(one == domain for number, one in self.holding.items() if number != connection)
        if others >= self.domain_limits.get(domain, others + 1):
            return False
        self.holding[connection] = domain
        self.most_at_once[domain] = max(self.most_at_once[domain], others + 1)
        return True

    def leave(self, connection: int) -> None:
        """Its transaction is over."""
        self.holding.pop(connection, None)

    def record(self, connection: int, sender: str, recipient: str, content: bytes) -> None:
        """Written down when it returns, where there is a log."""
        header = content.partition(b"\r\n\r\n")[0]  # the parser goes through all it gets
        message_id = BytesHeaderParser().parsebytes(header).get("Message-ID", "")
        taken = Acceptance(time.time(), connection, sender, recipient, message_id, len(content))
        if self.log is not None:
            write_down(self.log, taken)
        self.acceptances.append(taken)
        self.accepted.append(recipient)
        self.bodies.append(content)
        self.news.set()

    @property
    def max_size(self) -> int:
        """What SIZE announces in bytes (RFC 1870), 0 for nothing."""
        sizes = [one.split()[1] for one in self.extensions if one.upper().startswith("SIZE ")]
        return int(sizes[0]) if sizes else 0
