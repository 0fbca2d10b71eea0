"""Whose word counts about where a request comes from: a proxy's on loopback, nobody else's."""

import json
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from ruhrmail.listening import listen
from ruhrmail.serving import make_server


async def mirror(scope, receive, send):
    """Says who asked, and how."""
    body = json.dumps([scope["client"][0], scope["scheme"]]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(host):
    with listen(host, 0) as listener:
        port, ready = listener.getsockname()[1], threading.Event()
        server = make_server(mirror, ready.set, 1, behind_proxy=True)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert ready.wait(60)
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(60)


def ask(port, source, target="127.0.0.1", **headers):
    """What the server sees of a request from that address."""
    transport = httpx.HTTPTransport(local_address=source)
    shown = f"[{target}]" if ":" in target else target
    with httpx.Client(transport=transport, trust_env=False) as client:
        return client.get(f"http://{shown}:{port}/", headers=headers).json()


CLAIM = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https"}


def has_ipv6():
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


def test_a_proxy_on_loopback_speaks_for_others():
    with serving("127.0.0.1") as port:
        assert ["192.0.2.9", "https"] == ask(port, "127.0.0.1", **CLAIM)
        assert ["127.0.0.1", "http"] == ask(port, "127.0.0.1")


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_proxy_on_loopback_of_ipv6_speaks_for_others():
    with serving("::1") as port:
        assert ["2001:db8::9", "https"] == ask(port, "::1", "::1", **{**CLAIM, "X-Forwarded-For": "2001:db8::9"})


def test_nobody_else_is_believed():
    """Any other address, here a second one of this machine."""
    with serving("0.0.0.0") as port:
        assert ["127.0.0.2", "http"] == ask(port, "127.0.0.2", **CLAIM)


def test_of_a_chain_the_address_that_our_proxy_saw_counts():
    with serving("127.0.0.1") as port:
        chain = {"X-Forwarded-For": "198.51.100.1, 192.0.2.9", "X-Forwarded-Proto": "https"}
        assert "192.0.2.9" == ask(port, "127.0.0.1", **chain)[0]


@pytest.mark.parametrize("claim", ["", "nonsense", ",", "192.0.2.9:1234", "[2001:db8::1]:99", "a" * 5000, "\x80\xff"])
def test_whatever_a_proxy_passes_on_is_survived(claim):
    with serving("127.0.0.1") as port:
        seen = ask(port, "127.0.0.1", **{"X-Forwarded-For": claim.encode("latin-1"), "X-Forwarded-Proto": "gopher"})
    assert isinstance(seen[0], str)


def test_while_it_lingers_it_answers_and_then_it_is_gone():
    with listen("127.0.0.1", 0) as listener:
        ready, left = threading.Event(), []
        server = make_server(mirror, ready.set, 1)
        server.linger, server.on_leave = 3.0, left.append
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert ready.wait(60)
        port, began = listener.getsockname()[1], time.monotonic()
        server.leave(now=False)
        assert ["127.0.0.1", "http"] == ask(port, "127.0.0.1")
        thread.join(60)
    assert ([False], True) == (left, time.monotonic() - began >= 3.0)
