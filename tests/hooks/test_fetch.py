"""Fetching a certificate: over TLS that is verified, small, along no redirects."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest
import trustme

from ruhrmail.hooks import HookRefused, make_fetch
from tests.hooks.senders import CERTIFICATE, certificate

ANSWERS = {"/small": (200, certificate()), "/large": (200, b"x" * 100_000), "/missing": (404, b"")}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, content = ANSWERS.get(self.path, (302, b""))
        self.send_response(status)
        self.send_header("Location", "/small")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Here(httpcore.SyncBackend):
    """Connects to this machine, whatever name is asked for."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect_tcp(self, host, port, **options):
        return super().connect_tcp("127.0.0.1", self.port, **options)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def server(authority: trustme.CA, name: str) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        found.socket = context.wrap_socket(found.socket, server_side=True)
        thread = threading.Thread(target=found.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield found.server_port
        found.shutdown()
        thread.join(60)


def fetch(authority: trustme.CA, path: str, name: str = "sns.eu-central-1.amazonaws.com", *, trusted: bool = True):
    context = ssl.create_default_context()
    if trusted:
        authority.configure_trust(context)
    with server(authority, name) as port:
        return make_fetch(context, Here(port))(CERTIFICATE.rpartition("/")[0] + path)


def test_what_lies_there_is_fetched(authority):
    assert certificate() == fetch(authority, "/small")


@pytest.mark.parametrize("path", ["/large", "/missing", "/elsewhere"])
def test_what_is_large_missing_or_elsewhere_is_not(authority, path):
    with pytest.raises(HookRefused) as caught:
        fetch(authority, path)
    assert 503 == caught.value.status


def test_a_server_that_is_not_the_one_is_not_asked(authority):
    for options in ({"name": "evil.example"}, {"trusted": False}):
        with pytest.raises(HookRefused):
            fetch(authority, "/small", **options)


def test_nobody_there_is_for_later():
    with pytest.raises(HookRefused) as caught:
        make_fetch()("https://127.0.0.1:9/x.pem")
    assert 503 == caught.value.status
