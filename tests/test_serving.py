"""What the server does with clients that mean ill or have odd habits."""

import asyncio
import os
import signal
import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

from ruhrmail import serving
from ruhrmail.listening import listen


async def echo(scope, receive, send):
    """Says how many bytes of body came; at `/early` before any of it was looked at."""
    size, more = 0, scope["path"] != "/early"
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = str(size).encode()
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def hasty(monkeypatch):
    """Half a second is all that a request gets."""
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0.5)


@contextmanager
def served(app=echo, patience=1):
    """The server in a thread; gives its port."""
    ready = threading.Event()
    with listen("127.0.0.1", 0) as listener:
        server = serving.make_server(app, ready.set, patience)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(60)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def ending(monkeypatch, first_word, patience):
    """A connection to a server that was told to stop since, and refuses others."""
    monkeypatch.setattr(serving, "FIRST_WORD", first_word)
    stopped = threading.Event()

    def serve_until_stopped(ports):
        with served(patience=patience) as port:
            ports.append(port)
            assert stopped.wait(60)

    ports = []
    thread = threading.Thread(target=serve_until_stopped, args=[ports])
    thread.start()
    while not ports:
        time.sleep(0.01)
    with connected(ports[0]) as connection:
        stopped.set()
        while answers(ports[0]):
            time.sleep(0.01)
        yield connection
    thread.join()


def answers(port):
    """Whether somebody listens."""
    try:
        with connected(port):
            return True
    except OSError:
        return False


@contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        yield connection


def answer_of(connection):
    """All that comes until the server closes the connection."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"")
    return b"".join(parts)


def read_until(connection, end):
    """What comes until it ends so: head and body may come in pieces."""
    found = b""
    while not found.endswith(end) and (part := connection.recv(65536)):
        found += part
    return found


def ask(port, request):
    with connected(port) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return answer_of(connection)


@pytest.fixture(scope="module")
def port():
    with served() as found:
        yield found


CLOSE = b"Host: localhost\r\nConnection: close\r\n"
STRANGE = {
    "chunked": b"POST / HTTP/1.1\r\n"
    + CLOSE
    + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
    "old": b"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
    "pipelined": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloPOST / HTTP/1.1\r\n"
    + CLOSE
    + b"Content-Length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("kind", STRANGE)
def test_odd_but_right_requests_are_answered(port, kind):
    answer = ask(port, STRANGE[kind])
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n5")


def test_another_protocol_is_declined_and_the_request_answered(port):
    """What `curl --http2` asks for; the parser does not read the body that comes with it."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    answer = ask(port, b"POST / HTTP/1.1\r\nHost: localhost\r\n" + offer + b"Content-Length: 5\r\n\r\nhello")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


SMUGGLED = [
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    b"POST / HTTP/1.1\nHost: a\n\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
]


@pytest.mark.parametrize("request_", SMUGGLED)
def test_requests_that_two_servers_could_read_in_two_ways_are_refused(port, request_):
    assert ask(port, request_).startswith(b"HTTP/1.1 400 ")


def test_a_head_without_end_is_refused_and_not_kept(port):
    """Ten megabytes of headers: the server says so long before, and goes on."""
    with connected(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        try:
            for number in range(2000):
                connection.sendall(b"X-%d: %b\r\n" % (number, b"a" * 5000))
        except OSError:
            number = -1
        assert -1 == number or answer_of(connection).startswith(b"HTTP/1.1 431 ")
    assert ask(port, STRANGE["old"]).endswith(b"5")


def test_a_long_head_and_a_big_body_in_one_piece_are_fine(port):
    cookie = b"Cookie: " + b"a" * 30_000 + b"\r\n"
    body = b"b" * 200_000
    request = b"POST / HTTP/1.1\r\n" + CLOSE + cookie + b"Content-Length: 200000\r\n\r\n" + body
    assert ask(port, request).endswith(b"\r\n\r\n200000")


DRIPS = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: loc",
    "half a body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhello",
}


@pytest.mark.parametrize("kind", DRIPS)
def test_whoever_drips_is_cut_off(hasty, kind):
    """A byte now and then does not help."""
    with served() as port, connected(port) as connection:
        begun = time.monotonic()
        connection.sendall(DRIPS[kind])
        try:
            while time.monotonic() < begun + 60 and DRIPS[kind]:
                connection.sendall(b"a")
                time.sleep(0.1)
        except OSError:
            pass
        assert not answer_of(connection).startswith(b"HTTP/1.1 200")
        assert time.monotonic() < begun + 60


def test_a_quiet_connection_between_two_requests_is_not_cut_off_by_that(hasty):
    with served() as port, connected(port) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert read_until(connection, b"\r\n\r\n0").endswith(b"0")
            time.sleep(0.8)


@pytest.mark.parametrize("kind", ["HTTP/1.1", "HTTP/1.0", "chunked"])
def test_who_sends_all_before_reading_sees_an_early_answer_though_the_connection_ends(port, kind):
    body = b"x" * 12_000_000
    how = b"Content-Length: %d" % len(body) if kind != "chunked" else b"Transfer-Encoding: chunked"
    version = b"HTTP/1.1" if kind == "chunked" else kind.encode()
    head = b"POST /early " + version + b"\r\nHost: x.example\r\nConnection: close\r\n" + how + b"\r\n\r\n"
    piece = body if kind != "chunked" else b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    with connected(port) as connection:
        connection.sendall(head + piece)
        answer = answer_of(connection)
    assert (b"HTTP/1.1 200 OK", b"0") == (answer.partition(b"\r\n")[0], answer[-1:])


@pytest.mark.usefixtures("hasty")
def test_a_body_that_goes_on_forever_after_its_answer_is_cut_off():
    with served() as port, connected(port) as connection:
        head = b"POST /early HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\nContent-Length: 999\r\n\r\n"
        connection.sendall(head)
        assert b"HTTP/1.1 200 OK" == answer_of(connection).partition(b"\r\n")[0]


def test_what_the_parser_refuses_is_refused_with_the_headers_of_every_page(port):
    head = ask(port, b"FOO / HTTP/1.1\r\nHost: x.example\r\n\r\n").partition(b"\r\n\r\n")[0].lower()
    assert b"http/1.1 400 bad request" == head.partition(b"\r\n")[0]
    assert [True] * 3 == [
        line in head
        for line in (b"content-security-policy: default-src 'none'", b"nosniff", b"referrer-policy: no-referrer")
    ]


def test_who_came_just_before_the_end_is_answered(monkeypatch):
    """A reset instead would be an error page where several processes serve and one is renewed."""
    with ending(monkeypatch, 60, 60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer_of(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_who_came_just_before_the_end_and_asks_nothing_does_not_delay_it(monkeypatch):
    with ending(monkeypatch, 0.05, 60) as connection:
        assert b"" == answer_of(connection)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_waits_for_the_next_turn_for_it_may_interrupt_who_holds_a_lock(number):
    """Such as that of `threading`, while a thread is started for a page: who leaves starts one as well."""
    server, left = serving.make_server(echo, lambda: None, 1), []
    server.on_leave = left.append
    with server.capture_signals():
        os.kill(os.getpid(), number)
        assert [] == left
        asyncio.run(server.on_tick(0))
    assert ([number == signal.SIGINT], True) == (left, server.should_exit)


def test_who_is_broken_off_at_the_end_is_told_though_the_answer_takes_a_thread():
    begun = threading.Event()

    async def apologise(scope, receive, send):
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.to_thread(time.sleep, 0.05)
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    with ExitStack() as stack:
        with served(apologise) as port:
            connection = stack.enter_context(connected(port))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
            assert begun.wait(60)
        assert b"HTTP/1.1 503" == answer_of(connection)[:12]
