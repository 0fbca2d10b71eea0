"""Which requests come in: the right host, and the path as the routes know it."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ruhrmail.web.look import respond, show

HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::[0-9]{0,5})?")


@dataclass(frozen=True, slots=True)
class Gate:
    """ASGI middleware: refuses foreign hosts (400) and drops the path of the newsletter's address from requests."""

    app: ASGIApp
    url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        base = urlsplit(self.url).path.rstrip("/")
        if not are_ours(Headers(scope=scope).getlist("host"), self.url):
            await refuse(Request(scope, receive))(scope, receive, send)
        elif base and scope["path"] == unquote(base) and scope["method"] in ("GET", "HEAD"):
            await to_start(Request(scope, receive), base)(scope, receive, send)
        else:
            await self.app({**scope, "path": drop_prefix(scope["path"], unquote(base))}, receive, send)


def refuse(request: Request) -> Response:
    """The answer to a request that is meant for somebody else."""
    return show(request, "error.html.j2", 400, error="host")


def to_start(request: Request, base: str) -> Response:
    """Sends `/news` to `/news/`, for the pages there name each other relative to that."""
    return respond(request, b"", "text/plain; charset=utf-8", 301, {"Location": f"{base}/"})


def are_ours(headers: Sequence[str], url: str) -> bool:
    """Whether there is one Host header, as there must be (RFC 9112 section 3.2), and it names us."""
    return len(headers) == 1 and is_ours(headers[0], url)


def is_ours(header: str, url: str) -> bool:
    """Whether a Host header (RFC 9110 section 7.2) names the host of `url` or loopback; the port does not matter."""
    match = HOST.fullmatch(header.strip())
    return match is not None and names_us(match["host"], url)


@lru_cache(maxsize=256)
def names_us(host: str, url: str) -> bool:
    """The same for a host without its port."""
    plain = host.lower().rstrip(".").strip("[]")
    return plain in (host_of(url), "localhost") or is_loopback(plain)


def host_of(url: str) -> str:
    """The host of an address as browsers send it: small letters, ASCII."""
    host = urlsplit(url).hostname or ""
    try:
        return host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:
        return host


def is_loopback(host: str) -> bool:
    """Whether a host is one of this machine's own numeric addresses."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def drop_prefix(path: str, prefix: str) -> str:
    """`/news/archive/` without `/news`; a path that only begins like the prefix stays."""
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        return path[len(prefix) :] or "/"
    return path
