"""Commands out, replies in: one SMTP connection, one command at a time (RFC 5321 section 4.2)."""

import asyncio
import re
from typing import Literal, cast

from ruhrmail.model.mail import Reply

MAX_REPLY = 32 * 1024
MAX_TEXT = 500
LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\n]*?))?\r?\n")
ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|$)")
GOODBYE = 5.0
Break = Literal["lost", "silent", "garbled"]


class WireBroken(Exception):
    """No reply came: the connection was lost, the server stayed silent, or what it said is no reply."""

    def __init__(self, how: Break) -> None:
        super().__init__(how)
        self.how = how


class Wire(asyncio.Protocol):
    """Takes a transport over from whoever opened it. After any WireBroken it is closed for good."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._buffer = bytearray()
        self._lost = transport.is_closing()
        self._waiter: asyncio.Future[None] | None = None
        self._gone = asyncio.get_running_loop().create_future()
        transport.set_protocol(self)

    @property
    def usable(self) -> bool:
        """True when the next command may go out: connected, and the server has said nothing unasked."""
        return not (self._lost or self._buffer or self._transport.is_closing())

    def data_received(self, data: bytes) -> None:
        """Keeps what came; a server that never ends a reply is cut off."""
        self._buffer += data
        if len(self._buffer) > MAX_REPLY:
            self._transport.abort()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits learns it."""
        self._lost = True
        if not self._gone.done():
            self._gone.set_result(None)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def ask(self, data: bytes, seconds: float) -> Reply:
        """Writes a command (or a body with its dot) and reads the reply. Raises WireBroken.

        When the wire is not usable nothing is written; see `require`.
        """
        self.require()
        self._transport.write(data)
        try:
            async with asyncio.timeout(seconds):
                return await self._read()
        except TimeoutError:
            self.close()
            raise WireBroken("silent") from None
        except WireBroken:
            self.close()
            raise

    def require(self) -> None:
        """Raises WireBroken unless the next bytes would reach a server that waits for them."""
        if not self.usable:
            self.close()
            raise WireBroken("lost")

    async def _read(self) -> Reply:
        while (found := read_reply(bytes(self._buffer))) is None:
            if self._lost:
                raise WireBroken("lost")
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        reply, length = found
        del self._buffer[:length]
        return reply

    def close(self) -> None:
        """Ends the connection without a word."""
        if not self._lost:
            self._transport.abort()

    async def quit(self) -> None:
        """Says goodbye and closes; waits a few seconds at most."""
        try:
            await self.ask(b"QUIT\r\n", GOODBYE)
        except WireBroken:
            return
        self._transport.close()
        await asyncio.wait([self._gone], timeout=1)
        self.close()


def read_reply(data: bytes) -> tuple[Reply, int] | None:
    """The first complete reply in `data` and its length; None while it is incomplete. Raises WireBroken."""
    texts: list[str] = []
    code, offset = b"", 0
    while (end := data.find(b"\n", offset)) >= 0:
        match = LINE.fullmatch(data, offset, end + 1)
        if match is None or (code and match[1] != code):
            raise WireBroken("garbled")
        code, offset = match[1], end + 1
        texts.append((match[3] or b"").decode("utf-8", "replace"))
        if match[2] != b"-":
            return make_reply(int(code), texts), offset
    return None


def make_reply(code: int, texts: list[str]) -> Reply:
    """Lines joined with a space, the enhanced code (RFC 3463) taken out, control characters and excess removed."""
    cleaned = [" ".join("".join(c if c.isprintable() else " " for c in text).split()) for text in texts]
    first = ENHANCED.match(cleaned[0]) if cleaned else None
    enhanced = cast("str", first[1]) if first else ""
    if enhanced:
        cleaned = [text.removeprefix(enhanced).lstrip() for text in cleaned]
    return Reply(code, " ".join(text for text in cleaned if text)[:MAX_TEXT], enhanced)
