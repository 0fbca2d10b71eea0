"""One request, and what came of it: a status and two headers, never a body."""

import asyncio
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

import httpcore

from ruhrmail.check.online.dial import Trouble, Unreached
from ruhrmail.check.online.target import Target
from ruhrmail.reaching import why_unreached

Method = Literal["HEAD", "GET"]
SECONDS = re.compile(rb"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: `location` as it was sent, `wait` the seconds that Retry-After names, `cookie` whether it
    wants us to keep something."""

    status: int
    location: str = ""
    wait: int | None = None
    cookie: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer; `detail` says more of a name or a certificate."""

    trouble: Trouble
    detail: str = ""


class Fetcher:
    """Sends requests over kept connections; each takes at most `patience` seconds from start to end."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, headers: Mapping[str, str], patience: float) -> None:
        self.pool = pool
        self.headers = headers
        self.patience = patience

    async def fetch(self, method: Method, target: Target) -> Reply | Failure:
        """The answer to a request. Its headers are bounded by the library (100 KB), its body is left unread."""
        try:
            async with asyncio.timeout(self.patience):
                return await self.ask(method, target)
        except Unreached as error:
            return Failure(error.trouble, error.detail)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            return Failure(*why_unreached(error))
        except (TimeoutError, httpcore.TimeoutException):
            return Failure("timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError):
            return Failure("broken")

    async def ask(self, method: Method, target: Target) -> Reply:
        """The answer to a request. Raises what dialling and the library raise."""
        url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        headers = [("Host", target.authority), *self.headers.items()]
        times = {**dict.fromkeys(("read", "write", "pool"), self.patience), "connect": self.patience / 2}
        async with self.pool.stream(method, url, headers=headers, extensions={"timeout": times}) as response:
            return read_reply(response)


def read_reply(response: httpcore.Response) -> Reply:
    """What is wanted of an answer; of a header that stands twice the first."""
    headers: dict[bytes, bytes] = {}
    for name, value in response.headers:
        headers.setdefault(name.lower(), value)
    return Reply(
        response.status,
        headers.get(b"location", b"").decode("utf-8", "replace").strip(),
        read_wait(headers.get(b"retry-after", b"").strip(), headers.get(b"date", b"")),
        b"set-cookie" in headers,
    )


def read_wait(told: bytes, date: bytes) -> int | None:
    """The seconds of a Retry-After (RFC 9110 section 10.2.3); a moment counts from the server's own `date`. None for
    none, and for what cannot be read."""
    if SECONDS.fullmatch(told):
        return int(told)
    try:
        until, now = (parsedate_to_datetime(text.decode("ascii")) for text in (told, date))
        return max(0, math.ceil((until - now).total_seconds()))
    except (ValueError, TypeError, OverflowError):
        return None
