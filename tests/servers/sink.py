"""An SMTP server that writes down what it accepts before it says so, and misbehaves on demand.

`python -m tests.servers.sink --port 0 --log FILE --fault "dot;drop-after;0.1"` prints its port and runs until killed.
A fault is `stage;action;chance;recipient;times`, the last three optional. Stages: connect, ehlo, mail, rcpt, data, dot.
Actions: a reply (`451 4.3.0 later`), `drop`, `drop-after` (at the dot: recorded, then dropped), `silence`, `garbage`.
"""

import argparse
import asyncio
import base64
import json
import os
import random
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, where, how often (0 to 1), for whom (part of the address), and how many times (0: always)."""

    stage: str
    action: str
    chance: float = 1.0
    recipient: str = ""
    times: int = 0


@dataclass(slots=True)
class Sink:
    """`async with Sink(...) as sink`: listens on 127.0.0.1:`port` until the block ends."""

    faults: Sequence[Fault] = ()
    port: int = 0
    log: Path | None = None
    seed: int = 1
    extensions: Sequence[str] = ("8BITMIME", "SIZE 50000000")
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    login: str = ""
    delay: float = 0.0
    bytewise: bool = False
    commands: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    most_connections: int = 0
    open_connections: int = 0
    server: asyncio.Server | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    dice: random.Random = field(default_factory=random.Random)
    used: dict[Fault, int] = field(default_factory=dict)
    sessions: set["asyncio.Task[None]"] = field(default_factory=set)

    async def __aenter__(self) -> "Sink":
        self.dice.seed(self.seed)
        self.server = await asyncio.start_server(self.greet, "127.0.0.1", self.port, ssl=self.tls, limit=1 << 20)
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
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            await Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, Dropped, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            self.open_connections -= 1
            self.sessions.discard(task)
            writer.transport.abort()

    async def reached(self, count: int) -> None:
        """Waits until so many messages were accepted."""
        while len(self.accepted) < count:
            self.news.clear()
            await self.news.wait()

    def fault_at(self, stage: str, recipient: str) -> str:
        """The action of the first fault that strikes here, or nothing."""
        for fault in self.faults:
            if fault.stage == stage and fault.recipient in recipient and self.dice.random() < fault.chance:
                self.used[fault] = self.used.get(fault, 0) + 1
                if not fault.times or self.used[fault] <= fault.times:
                    return fault.action
        return ""

    def record(self, sender: str, recipient: str, content: bytes) -> None:
        """Durable when it returns."""
        self.accepted.append(recipient)
        self.bodies.append(content)
        self.news.set()
        if self.log is None:
            return
        message_id = BytesHeaderParser().parsebytes(content).get("Message-ID", "")
        line = json.dumps({"sender": sender, "recipient": recipient, "message_id": message_id, "size": len(content)})
        with self.log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


class Dropped(Exception):
    """The server hung up."""


@dataclass(slots=True)
class Session:
    """One connection."""

    sink: Sink
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    recipient: str = ""
    encrypted: bool = False

    async def run(self) -> None:
        await self.answer("connect", "220 sink.example ESMTP")
        while line := await self.reader.readline():
            text = line.decode("utf-8", "replace").strip()
            self.sink.commands.append(text)
            if not await self.obey(text):
                return

    async def obey(self, text: str) -> bool:
        verb, argument = text[:4].upper(), text.partition(":")[2].strip()
        match verb:
            case "EHLO" | "HELO":
                await self.answer("ehlo", self.hello())
            case "STAR":
                await self.start_tls()
            case "AUTH":
                await self.authenticate(text)
            case "MAIL" | "RCPT":
                await self.take_address(verb, argument.partition(">")[0].lstrip("<"))
            case "DATA":
                await self.take_body()
            case "QUIT":
                await self.send("221 2.0.0 bye")
                return False
            case _:
                self.sender = self.recipient = ""
                await self.send("250 2.0.0 ok" if verb == "RSET" else "502 5.5.1 what?")
        return True

    async def take_address(self, verb: str, address: str) -> None:
        if verb == "MAIL":
            self.sender, self.recipient = address, ""
            await self.answer("mail", "250 2.1.0 sender ok")
            return
        self.recipient = address
        if not await self.answer("rcpt", "250 2.1.5 recipient ok"):
            self.recipient = ""

    def hello(self) -> str:
        words = ["sink.example", *self.sink.extensions]
        if self.sink.starttls and not self.encrypted:
            words.append("STARTTLS")
        if self.sink.login:
            words.append("AUTH PLAIN LOGIN")
        lines = [f"250-{word}" for word in words]
        return "\r\n".join([*lines[:-1], lines[-1].replace("-", " ", 1)])

    async def start_tls(self) -> None:
        assert self.sink.starttls is not None
        await self.send("220 2.0.0 go ahead")
        await self.writer.start_tls(self.sink.starttls)
        self.encrypted = True

    async def authenticate(self, text: str) -> None:
        expected = base64.b64encode(("\0" + self.sink.login.replace(":", "\0", 1)).encode()).decode()
        right = text.split()[1:] == ["PLAIN", expected]
        await self.send("235 2.7.0 welcome" if right else f"535 5.7.8 wrong: {self.sink.login}")

    async def take_body(self) -> None:
        if not self.recipient:
            await self.send("503 5.5.1 RCPT first")
            return
        if not await self.answer("data", "354 go ahead"):
            return
        content = await self.reader.readuntil(b"\r\n.\r\n")
        content = content[:-3].replace(b"\r\n..", b"\r\n.")
        action = self.sink.fault_at("dot", self.recipient)
        if action[:1] in ("", "2") or action == "drop-after":
            self.sink.record(self.sender, self.recipient, content)
        await self.act(action, "250 2.0.0 taken")
        self.sender = self.recipient = ""

    async def answer(self, stage: str, reply: str) -> bool:
        """The good reply, unless a fault strikes; True when it was the good one."""
        action = self.sink.fault_at(stage, self.recipient)
        await self.act(action, reply)
        return not action

    async def act(self, action: str, reply: str) -> None:
        if action in ("drop", "drop-after"):
            raise Dropped
        if action == "silence":
            await asyncio.sleep(3600)
        if action == "garbage":
            reply = "\x00\x01 nonsense"
        elif action:
            reply = action
        await self.send(reply)
        if reply.startswith("421"):
            raise Dropped

    async def send(self, reply: str) -> None:
        if self.sink.delay:
            await asyncio.sleep(self.sink.delay)
        data = reply.replace("\\n", "\r\n").encode() + b"\r\n"
        for piece in [data[i : i + 1] for i in range(len(data))] if self.sink.bytewise else [data]:
            self.writer.write(piece)
            await self.writer.drain()
            if self.sink.bytewise:
                await asyncio.sleep(0)


def read_fault(text: str) -> Fault:
    """`stage;action;chance;recipient;times`."""
    stage, action, chance, recipient, times = (*text.split(";"), "", "", "")[:5]
    return Fault(stage, action, float(chance or 1), recipient, int(times or 0))


async def serve(options: argparse.Namespace) -> None:
    extensions = ("8BITMIME", "SIZE 50000000", *(("PIPELINING",) if options.pipelining else ()))
    sink = Sink(
        faults=[read_fault(text) for text in options.fault],
        port=options.port,
        log=options.log,
        seed=options.seed,
        extensions=extensions,
        login=options.login,
        delay=options.delay,
        bytewise=options.bytewise,
    )
    async with sink:
        print(sink.port, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="an SMTP server that misbehaves on demand")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--login", default="")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--pipelining", action="store_true")
    parser.add_argument("--bytewise", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
