"""How often forms and one-click requests were answered how, for `/metrics`."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES = frozenset(("u", "subscribe", "confirm", "preferences", "address", "hooks"))


@dataclass(frozen=True, slots=True)
class Counting:
    """ASGI middleware: tells for every POST the first word of its path, `other` for none of ours, and the status."""

    app: ASGIApp
    count: Callable[[str, int], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        first = scope["path"].split("/", 2)[1]
        page = first if first in PAGES else "other"

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.count(page, message["status"])
            await send(message)

        await self.app(scope, receive, send_and_count)
