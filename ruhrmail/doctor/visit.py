"""One request to a web server, bounded in time and size; redirects are not followed, cookies not kept."""

import asyncio
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpcore

from ruhrmail import __version__
from ruhrmail.dns.asking import Ask
from ruhrmail.dns.permission import Address, addresses_of
from ruhrmail.model.diagnosis import Silence, WebAnswer
from ruhrmail.reaching import connect_to_first, why_unreached

MOST = 256 * 1024
"""Bytes of a body that are read."""


class NoHost(Exception):
    """A name has no address; `silence` says whether there is none, or nobody knows."""

    def __init__(self, silence: Silence) -> None:
        self.silence: Silence = silence


class Dialer(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that our own name servers give."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers. Raises NoHost, ConnectError, ConnectTimeout."""
        addresses = await asyncio.to_thread(find_addresses, host, self.ask)
        return await connect_to_first(self.inner, addresses, port, timeout, local_address, socket_options)


def find_addresses(host: str, ask: Ask) -> list[Address]:
    """The addresses of a host. Raises NoHost."""
    if host.rstrip(".").rpartition(".")[2] == "localhost":
        return [ip_address("127.0.0.1"), ip_address("::1")]
    try:
        return [ip_address(host.strip("[]"))]
    except ValueError:
        known = ask(host, "A").state != "failed"
    found = addresses_of(host, ask) if known else []
    if not found:
        raise NoHost("no-name" if known else "names")
    return found


def visit(ask: Ask, seconds: float, method: str, url: str, media_type: str = "", body: bytes = b"") -> WebAnswer:
    """What a web server answers within so many seconds. Never raises."""
    try:
        return asyncio.run(ask_server(ask, seconds, method, url, media_type, body))
    except NoHost as error:
        return WebAnswer(silence=error.silence)
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        reason, detail = why_unreached(error)
        late = reason == "refused" and isinstance(error, httpcore.ConnectTimeout)
        return WebAnswer(silence="timeout" if late else reason, detail=detail)
    except (TimeoutError, httpcore.TimeoutException):
        return WebAnswer(silence="timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError):
        return WebAnswer(silence="broken")


async def ask_server(ask: Ask, seconds: float, method: str, url: str, media_type: str, body: bytes) -> WebAnswer:
    """The answer. Raises what dialling and the library raise."""
    headers = [("Host", urlsplit(url).netloc), ("User-Agent", f"ruhrmail/{__version__} (doctor)"), ("Accept", "*/*")]
    if media_type:
        headers += [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    times = {**dict.fromkeys(("read", "write", "pool"), seconds), "connect": seconds / 2}
    pool = httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(), network_backend=Dialer(ask), retries=0
    )
    async with asyncio.timeout(seconds), pool:
        request = pool.stream(method, url, headers=headers, content=body or None, extensions={"timeout": times})
        async with request as response:
            content = await read_body(response)
            stream = response.extensions.get("network_stream")
            socket = stream.get_extra_info("ssl_object") if stream is not None else None
            pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers]
            return WebAnswer(response.status, tuple(pairs), content, end_of(socket))


async def read_body(response: httpcore.Response) -> bytes:
    """The beginning of a body."""
    content = b""
    async for chunk in response.aiter_stream():
        content += chunk
        if len(content) >= MOST:
            break
    return content[:MOST]


def end_of(socket: object) -> datetime | None:
    """When the other side's certificate ends."""
    if not isinstance(socket, (ssl.SSLObject, ssl.SSLSocket)):
        return None
    told = (socket.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC) if isinstance(told, str) else None
