"""A run's figures on a port of this machine, for Prometheus, while the run goes on.

The standard library's server in a thread: it answers before the first mail and after the last as well, when no event
loop runs. Other libraries cost three times its start-up for these hundred lines of text.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn

from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.exposition import CONTENT_TYPE, TOKEN_VARIABLE, is_local, may_read, require_token
from ruhrmail.listening import address_of, listen
from ruhrmail.model.phrase import phrase

ADDRESS = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\s]+):)?(?P<port>\d{1,5})")
LOOPBACK = "127.0.0.1"
PATIENCE = 5.0


class Handler(BaseHTTPRequestHandler):
    """One connection of a scraper; a silent one is dropped after some seconds."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: "Server"

    def do_GET(self) -> None:
        """The figures, for those who may read them."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path.partition("?")[0] != "/metrics":
            self._answer(404, b"the figures are at /metrics\n")
        elif may_read(self.client_address[0], headers, self.server.token):
            self._answer(200, self.server.text().encode(), CONTENT_TYPE)
        else:
            self._answer(401, b"ask from this machine, or with the token\n")

    do_HEAD = do_GET  # noqa: N815 - the library looks for this name

    def _answer(self, status: int, content: bytes, media_type: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        """What the Server header says."""
        return "ruhrmail"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: standard error is for the mailing."""


class Server(ThreadingMixIn, TCPServer):
    """Serves on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, text: Callable[[], str], token: str) -> None:
        super().__init__(listener.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.text = text
        self.token = token

    def handle_error(self, request: object, client_address: object) -> None:
        """A scraper that hung up in the middle is no news."""


@contextmanager
def exporting(address: tuple[str, int], token: str, text: Callable[[], str]) -> Iterator[str]:
    """Serves `text()` at /metrics until the block ends; gives the URL, with the real port where it was 0.

    Raises UsageError for an address that is open to the network while there is no token to keep strangers out.
    """
    host, port = address
    check_token(host, token)
    try:
        listener = listen(host, port)
    except RuhrmailError as error:
        raise type(error)(error.message, hint=phrase("--metrics takes [HOST:]PORT; port 0 takes a free one")) from error
    with listener, Server(listener, text, token) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="ruhrmail-metrics", daemon=True)
        thread.start()
        try:
            yield f"http://{address_of(listener)}/metrics"
        finally:
            server.shutdown()


def check_token(host: str, token: str) -> None:
    """Raises UsageError for a token that can be guessed, or none where one is needed."""
    require_token(token)
    if not token and not is_local(host):
        raise UsageError(
            phrase("metrics on {host} would be open to the network", host=host),
            hint=phrase("set {name}, which scrapers then send, or leave the host out", name=TOKEN_VARIABLE),
        )


def read_address(text: str) -> tuple[str, int]:
    """`9100`, `192.0.2.1:9100`, `[::1]:9100` to host and port. Raises UsageError."""
    match = ADDRESS.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            phrase("{text} is no address to listen on", text=text), hint=phrase("such as 9100 or 127.0.0.1:9100")
        )
    return (match["host"] or LOOPBACK).strip("[]"), int(match["port"])
