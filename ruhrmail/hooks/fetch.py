"""One small answer of a web server, over TLS that is verified, and along no redirects."""

import ssl
from collections.abc import Callable

import httpcore

from ruhrmail.hooks.request import LATER, HookRefused

Fetch = Callable[[str], bytes]
"""From an address to what lies there. Raises HookRefused (503) where nobody answers."""
LARGEST = 64 * 1024
TIMEOUT = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}
OK = 200


def make_fetch(context: ssl.SSLContext | None = None, backend: httpcore.NetworkBackend | None = None) -> Fetch:
    """What fetches; `context` says whom to trust (without it whom the system trusts), `backend` how to connect."""
    trusted = context or ssl.create_default_context()

    def fetch(url: str) -> bytes:
        try:
            with (
                httpcore.ConnectionPool(ssl_context=trusted, network_backend=backend) as pool,
                pool.stream("GET", url, extensions={"timeout": TIMEOUT}) as response,
            ):
                content = b""
                for block in response.iter_stream():
                    content += block
                    if len(content) > LARGEST:
                        break
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError):
            raise HookRefused(LATER) from None
        if response.status != OK or len(content) > LARGEST:
            raise HookRefused(LATER)
        return content

    return fetch
