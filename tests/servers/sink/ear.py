"""Bytes to command lines and bodies (RFC 5321 sections 2.3.8 and 4.5.2)."""

import asyncio
from dataclasses import dataclass, field

CHUNK = 1 << 20
SIP = 2048


class HungUp(Exception):
    """The client left."""


@dataclass(slots=True)
class Ear:
    """Reads from one client. `pace` is in bytes a second, 0 for as fast as they come."""

    reader: asyncio.StreamReader
    pace: float = 0.0
    heard: bytearray = field(default_factory=bytearray)

    @property
    def more(self) -> bool:
        """True when something came that was not asked for yet."""
        return bool(self.heard)

    @property
    def has_line(self) -> bool:
        """True when `line` needs not wait."""
        return b"\n" in self.heard

    async def line(self) -> bytes:
        """The next line with its end. Raises HungUp."""
        while (end := self.heard.find(b"\n")) < 0:
            await self.listen()
        return self._take(end + 1)

    async def body(self) -> bytes:
        """A message up to its dot, without it and with the doubled dots undone; empty for a lone dot."""
        start = 0
        while not self.heard.startswith(b".\r\n"):
            if (end := self.heard.find(b"\r\n.\r\n", start)) >= 0:
                content = self._take(end + 5)[:-3].replace(b"\r\n..", b"\r\n.")
                return content[1:] if content.startswith(b"..") else content
            start = max(0, len(self.heard) - 4)
            await self.listen()
        self._take(3)
        return b""

    async def listen(self) -> None:
        """Waits for more bytes. Raises HungUp."""
        data = await self.reader.read(SIP if self.pace else CHUNK)
        if not data:
            raise HungUp
        self.heard += data
        if self.pace:
            await asyncio.sleep(len(data) / self.pace)

    def forget(self) -> bytes:
        """Throws away what was heard but not asked for, and tells it."""
        return self._take(len(self.heard))

    def _take(self, length: int) -> bytes:
        taken = bytes(self.heard[:length])
        del self.heard[:length]
        return taken
