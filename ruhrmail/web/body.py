"""A request's body, whole and small before any page sees it: nothing endless, and nothing that takes forever."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ruhrmail.web.look import show

LARGEST = 64 * 1024
WITHIN = 19.0
"""Seconds in which a body must be here; a second later the connection is cut (`serving.REQUEST_SECONDS`)."""
UNREAD: Mapping[str, int] = {"/u/": 16 * 1024 * 1024}
"""Pages that answer before the body is here and never look at it, with the largest that may be announced."""
LARGER: Mapping[str, int] = {"/hooks/": 1024 * 1024}
"""Pages for programs, whose bodies are read whole; the largest batches of sending services have 768 KB."""


@dataclass(frozen=True, slots=True)
class Body:
    """ASGI middleware: 413 for a body that is too large, 408 for one that does not come; others are handed on whole.

    What is left of a refused body is thrown away by the server as it comes: a client that sends it all before it reads
    the answer would otherwise never see it.
    """

    app: ASGIApp
    largest: int = LARGEST
    within: float = WITHIN
    unread: Mapping[str, int] = field(default_factory=lambda: UNREAD)
    larger: Mapping[str, int] = field(default_factory=lambda: LARGER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ahead, larger = limit_of(scope, self.unread), limit_of(scope, self.larger)
        largest = larger or self.largest
        if announced(scope) > (largest if ahead is None else ahead):
            await refuse(scope, receive, send, 413)
        elif ahead is not None:
            await self.app(scope, receive, send)
        else:
            await self.pass_whole(scope, receive, send, largest)

    async def pass_whole(self, scope: Scope, receive: Receive, send: Send, largest: int) -> None:
        """Waits for the body, and passes the request on with all of it in one message."""
        try:
            body = await asyncio.wait_for(read_body(receive, largest), self.within)
        except TimeoutError:
            await refuse(scope, receive, send, 408)
            return
        if body is None:
            await refuse(scope, receive, send, 413)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_whole() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, receive_whole, send)


async def read_body(receive: Receive, largest: int) -> bytes | None:
    """All of a body; None as soon as it is longer than `largest` bytes. A client that went away has sent all."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def limit_of(scope: Scope, limits: Mapping[str, int]) -> int | None:
    """What is said about the page of a request; None: nothing."""
    return next((most for path, most in limits.items() if scope["path"].startswith(path)), None)


def announced(scope: Scope) -> int:
    """The Content-Length of a request (RFC 9110 section 8.6), 0 without one; the server has checked it."""
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


async def refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """The answer to a body that does not come in."""
    headers = {"Connection": "close"} if status == 408 else None
    page = show(Request(scope, receive), "error.html.j2", status, headers, error="large" if status == 413 else "slow")
    await page(scope, receive, send)
