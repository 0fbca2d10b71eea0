"""A sink with made-up providers, and a client that speaks raw SMTP to it, both on a clock that skips waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ruhrmail.rehearse import Profile, Providers, Sink, SkippingLoop

LETTER = b"Subject: Kurz\r\n\r\nDas ist alles.\r\n.\r\n"


@dataclass(slots=True)
class Client:
    """One connection, greeted."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, data: bytes, replies: int = 1) -> list[str]:
        """Writes in one piece and reads so many replies; fewer when the connection ends."""
        self.writer.write(data)
        return await self.listen(replies)

    async def listen(self, replies: int = 1) -> list[str]:
        found = []
        while len(found) < replies:
            try:
                line = await self.reader.readline()
            except ConnectionError:
                line = b""
            if not line:
                return found
            if line[3:4] == b" ":
                found.append(line.decode().strip())
        return found

    async def envelope(self, address: str) -> list[str]:
        """MAIL, RCPT and DATA in one piece, as a client with PIPELINING sends them."""
        return await self.ask(b"MAIL FROM:<post@a.example>\r\nRCPT TO:<%b>\r\nDATA\r\n" % address.encode(), 3)

    async def mail(self, address: str) -> str:
        """A whole message; the last reply, `lost` when none came."""
        replies = await self.envelope(address)
        if len(replies) == 3 and replies[2].startswith("354"):
            replies = await self.ask(LETTER)
        else:
            replies = replies[1:2]
        return replies[0] if replies else "lost"

    async def is_closed(self) -> bool:
        try:
            return not await self.reader.read(1)
        except ConnectionError:
            return True


async def call(sink: Sink) -> Client:
    """A new connection to the sink."""
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    client = Client(reader, writer)
    await client.listen()
    await client.ask(b"EHLO client.example\r\n")
    return client


def with_sink(
    play: Callable[[Sink], Awaitable[None]], *profiles: Profile, seed: int = 1, distance: float = 0.0
) -> None:
    """Plays something against a sink of these providers."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SkippingLoop)
        async with Sink(loop, Providers(profiles, 1), 1, distance) as sink:
            await play(sink)

    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=False)) as runner:
        runner.run(run())
