"""Replies to bytes, in the manners that networks and servers have."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Manner:
    """How replies arrive: after `delay` seconds; byte by byte; split where chance will have it; in several lines each;
    glued together as long as further commands wait (as RFC 2920 section 3.2 wants it)."""

    delay: float = 0.0
    bytewise: bool = False
    split: bool = False
    multiline: bool = False
    glued: bool = False


@dataclass(slots=True)
class Voice:
    """Writes to one client."""

    writer: asyncio.StreamWriter
    manner: Manner
    dice: random.Random
    held: bytearray = field(default_factory=bytearray)

    async def say(self, reply: str) -> None:
        """A reply; `\\n` (two characters) parts its lines."""
        if self.manner.multiline and reply[3:4] == " " and reply[:3].isdigit():
            reply = f"{reply[:3]}-first line\\n{reply[:3]}-\\n{reply}"
        self.held += reply.replace("\\n", "\r\n").encode("utf-8" if reply.isprintable() else "latin-1") + b"\r\n"
        if not self.manner.glued:
            await self.flush()

    async def half(self, reply: str) -> None:
        """The first half of a reply."""
        await self.flush()
        self.writer.write(reply.encode()[: len(reply) // 2])
        await self.writer.drain()

    async def flush(self) -> None:
        """What was held back goes out."""
        if not self.held:
            return
        if self.manner.delay:
            await asyncio.sleep(self.manner.delay)
        data = bytes(self.held)
        self.held.clear()
        for piece in self._pieces(data):
            self.writer.write(piece)
            await self.writer.drain()
            if len(piece) < len(data):
                await asyncio.sleep(0)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        """The same bytes, cut."""
        while data:
            length = len(data)
            if self.manner.bytewise:
                length = 1
            elif self.manner.split:
                length = self.dice.randint(1, length)
            yield data[:length]
            data = data[length:]
