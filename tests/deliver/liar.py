"""An SMTP server that answers by a script: anything, at any moment, in any pieces. It notes what it really took.

It is wicked, not inconsistent: what it took it never refused, and what it refused it never takes. No sender could keep
books about a server that does.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Answer = str
"""What follows a command instead of the good reply (empty): a reply (a 421 hangs up as well); `drop`, `silence`; `cut`
(half of the good reply, then a drop); `+` and a reply that comes unasked behind the good one. After `took` at the dot:
the message was taken all the same."""


class HungUp(Exception):
    """Either side left."""


@dataclass(slots=True)
class Liar:
    """`script` (for greetings, MAIL, RCPT and DATA) and `dots` are used answer by answer, over all connections in the
    order of their commands, then all is well. `pieces` are the lengths in which replies leave."""

    script: Sequence[Answer]
    dots: Sequence[Answer] = ()
    pieces: Sequence[int] = (4096,)
    pipelining: bool = True
    took: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    open: int = 0
    most: int = 0
    port: int = 0
    server: asyncio.Server | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def __aenter__(self) -> "Liar":
        self.server = await asyncio.start_server(self.greet, "127.0.0.1", 0, limit=1 << 20)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def next_answer(self, kind: Literal["script", "dots"]) -> Answer:
        self.met[kind] += 1
        answers = getattr(self, kind)
        return answers[self.met[kind] - 1] if self.met[kind] <= len(answers) else ""

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            await Dialogue(self, reader, writer).run()
        except (HungUp, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.transport.abort()
            self.tasks.discard(task)


@dataclass(slots=True)
class Dialogue:
    """One connection. `soiled`: it said something unasked, and takes nothing any more, for nobody could tell what the
    answers that follow belong to."""

    liar: Liar
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: bool = False
    recipient: str = ""
    soiled: bool = False

    async def run(self) -> None:
        await self.answer("220 liar.example ESMTP")
        while True:
            line = (await self.line()).decode()
            verb = line[:4].upper()
            if verb == "EHLO":
                words = ["liar.example", "8BITMIME", *(["PIPELINING"] if self.liar.pipelining else [])]
                await self.say("".join(f"250-{word}\r\n" for word in words) + "250 SIZE 1000000\r\n")
            elif verb == "MAIL":
                self.sender = await self.answer("250 sender ok")
            elif verb == "RCPT":
                good = self.sender and await self.answer("250 recipient ok")
                self.recipient = line.partition("<")[2].partition(">")[0] if good else ""
                if not self.sender:
                    await self.say("503 MAIL first\r\n")
            elif verb == "DATA":
                await self.take_body()
            elif verb == "QUIT":
                await self.say("221 bye\r\n")
                return
            else:
                self.sender, self.recipient = False, ""
                await self.say("250 ok\r\n")

    async def take_body(self) -> None:
        if not self.recipient:
            await self.say("503 RCPT first\r\n")
            return
        if await self.answer("354 go ahead"):
            await self.reader.readuntil(b"\r\n.\r\n")
            await self.judge(self.liar.next_answer("dots"))
        self.sender, self.recipient = False, ""

    async def judge(self, answer: Answer) -> None:
        """The dot came: whether the message is taken, and what is said about it."""
        if self.soiled:
            raise HungUp
        if not answer or answer.startswith(("took", "2", "+")):
            self.liar.took[self.recipient] += 1
            self.liar.news.set()
        await self.act(answer.removeprefix("took").strip(), "250 taken")

    async def answer(self, good: str) -> bool:
        """The good reply or what the script has instead; whether it was a good one."""
        answer = self.liar.next_answer("script")
        await self.act(answer, good)
        return not answer or answer.startswith("+") or answer[:4] == good[:4]

    async def act(self, answer: Answer, good: str) -> None:
        if answer in ("drop", "silence", "cut"):
            if answer == "silence":
                await self.reader.read(1)
            elif answer == "cut":
                await self.say(good[: len(good) // 2])
            raise HungUp
        if answer.startswith("+"):
            self.soiled = True
            await self.say(f"{good}\r\n{answer[1:]}\r\n")
            return
        await self.say((answer or good) + "\r\n")
        if answer.startswith("421"):
            raise HungUp

    async def say(self, text: str) -> None:
        data = text.encode("latin-1")
        for length in self.liar.pieces:
            self.writer.write(data[:length])
            await asyncio.sleep(0)
            data = data[length:]
        self.writer.write(data)
        await self.writer.drain()

    async def line(self) -> bytes:
        return await self.reader.readuntil(b"\r\n")
