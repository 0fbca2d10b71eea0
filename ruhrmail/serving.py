"""An ASGI application on a listening socket: ready, serving, and gone in order when told to stop."""

import asyncio
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRUSTED = "127.0.0.1,::1"
"""Whose X-Forwarded-For and X-Forwarded-Proto count, where any do."""
HEAD_BYTES = 65_536
"""A request's first line and headers, give or take what the system hands over at once; browsers stay far below."""
REQUEST_SECONDS = 30.0
"""How long a request, body included, may take to arrive: longer than an application may want to say so itself."""
FIRST_WORD = 0.5
"""Seconds that whoever connected just before the end has to ask something."""
LAST_WORD = 2.0
"""Seconds that a request which was broken off at the end has to say so."""
REFUSAL = (
    "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n"
    "content-security-policy: default-src 'none'\r\nx-content-type-options: nosniff\r\n"
    "referrer-policy: no-referrer\r\ncache-control: no-store\r\nconnection: close\r\n\r\n{text}"
)
TOO_LARGE, INVALID = "431 Request Header Fields Too Large", "400 Bad Request"


class Connection(HttpToolsProtocol):
    """A client's connection, with limits that the parser lacks: how long a request's head is, and how long it takes.

    The clock runs from the connection's or the request's first moment to the request's last byte, so whoever drips
    headers, or a body that was long answered, is cut off like somebody who says nothing.
    """

    _head_bytes: int | None = None
    """What came so far of a head that has not ended; None between a head and the next one."""
    _clock: asyncio.TimerHandle | None = None
    _ends: bool = False
    """The client sends a body and wants the connection to end with the answer. It ends when the request is in as well:
    to close it earlier would reset it, and who sends all before they read would never see the answer."""
    _leaving: bool = False
    """The server was told to stop, so the first request is the last one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self._set_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feeds the parser, until a head is too long (RFC 6585 section 5)."""
        open_before = self._head_bytes is not None
        super().data_received(data)
        if open_before and self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.refuse(TOO_LARGE, "The headers are too large.")

    def send_400_response(self, msg: str) -> None:
        """What the parser does not understand."""
        self.refuse(INVALID, msg)

    def refuse(self, status: str, text: str) -> None:
        """Answers before there is a request, with the headers of every page, and closes."""
        self.transport.write(REFUSAL.format(status=status, length=len(text), text=text).encode("ascii"))
        self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_bytes = 0
        self._set_clock()

    def on_headers_complete(self) -> None:
        """The head is in. A whole URL as its target (RFC 9112 section 3.2.2) is no path of ours, whatever it names."""
        self._head_bytes = None
        if not self.url.startswith(b"/"):
            self.url = b"/" + self.url
        super().on_headers_complete()
        if self._leaving and self.cycle is not None:
            self.cycle.keep_alive = False
        announced = any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)
        if announced and self.cycle is not None and not self.cycle.keep_alive:
            self._ends = self.cycle.keep_alive = True

    def shutdown(self) -> None:
        """The server was told to stop. Who came a moment ago may still ask: to close now would answer with a reset."""
        if self.cycle is None:
            self._leaving = True
            self.loop.call_later(FIRST_WORD, super().shutdown)
        else:
            super().shutdown()

    def on_message_complete(self) -> None:
        """The body is in."""
        self._stop_clock()
        super().on_message_complete()
        self._end_if_done()

    def on_response_complete(self) -> None:
        """The answer is out."""
        super().on_response_complete()
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._ends and self._clock is None and self.cycle is not None and self.cycle.response_complete:
            self.transport.close()

    def _set_clock(self) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(REQUEST_SECONDS, self.transport.close)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None


class Server(uvicorn.Server):
    """uvicorn that says when it listens, that it still turns, and when it is about to end.

    SIGTERM lets it answer for `linger` more seconds before it refuses connections, SIGINT ends it now; `on_leave` is
    called before, with True for now.
    """

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_end: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready
        self.on_end = on_end
        self.on_leave: Callable[[bool], None] = lambda _: None
        self.on_turn: Callable[[], None] = lambda: None
        self.linger = 0.0
        self._leaves_at: float | None = None
        self._heard: deque[int] = deque()

    def leave(self, *, now: bool) -> None:
        """Begins to stop; a second call stops at once."""
        if self._leaves_at is None:
            self._leaves_at = time.monotonic() + self.linger
            self.on_leave(now)
            self.should_exit = now or self.linger <= 0
        else:
            self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: True ends the server."""
        while self._heard:
            self.leave(now=self._heard.popleft() == signal.SIGINT)
        self.on_turn()
        if self._leaves_at is not None and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM, SIGINT and a closed terminal end the server and nothing else: uvicorn would raise them again when it
        is done.

        Whatever a signal interrupts may hold a lock that leaving needs, so it only leaves word for the next turn.
        Outside the main thread signals are somebody else's.
        """

        def end(number: int, _frame: FrameType | None) -> None:
            self._heard.append(number)

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)
        listens = hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN
        numbers = (signal.SIGTERM, signal.SIGINT, *((hangup,) if hangup and listens else ()))
        before = {number: signal.signal(number, end) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept, then tells."""
        await super().startup(sockets)
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells, then waits for requests under way.

        uvicorn breaks off those that take too long and leaves at once; the loop's end would break them off a second
        time, in the middle of what they have to say.
        """
        self.on_end()
        await super().shutdown(sockets)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=LAST_WORD)


def make_server(
    app: ASGIApp,
    on_ready: Callable[[], None],
    patience: int,
    *,
    on_end: Callable[[], None] = lambda: None,
    behind_proxy: bool = False,
) -> Server:
    """A quiet server; requests under way get `patience` seconds at its end. `behind_proxy`: loopback may say for whom
    it asks."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips=TRUSTED,
        timeout_graceful_shutdown=patience,
    )
    return Server(config, on_ready, on_end)
