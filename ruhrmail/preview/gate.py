"""Which requests come in: ours by Host, token and Origin. Other sites open in the same browser get nothing."""

import hmac
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ruhrmail.preview.look import PLAIN, respond

SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Gate:
    """ASGI middleware: refuses foreign hosts (421, RFC 9110 section 15.5.20), wrong tokens (404) and foreign origins
    (403), and drops the token from the path."""

    app: ASGIApp
    token: str
    port: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = self.inner_path(scope["path"])
        if headers.get("host", "").lower() not in self.hosts():
            await refusal(421)(scope, receive, send)
        elif path is None:
            await refusal(404)(scope, receive, send)
        elif scope["method"] not in SAFE and headers.get("origin", "") not in self.origins():
            await refusal(403)(scope, receive, send)
        else:
            await self.app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    def hosts(self) -> tuple[str, ...]:
        """The values of Host that are this machine's and our port's."""
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    def origins(self) -> tuple[str, ...]:
        """The values of Origin that our own pages send."""
        return tuple(f"http://{host}" for host in self.hosts())

    def inner_path(self, path: str) -> str | None:
        """The path below the token; None where the token is wrong or missing."""
        given, slash, rest = path.removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(given.encode(), self.token.encode()):
            return None
        return f"/{rest}"


def refusal(status: int) -> Response:
    """The answer to a request that is not ours; it says nothing."""
    return respond(b"", PLAIN, status)
