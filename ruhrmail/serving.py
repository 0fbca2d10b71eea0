"""An ASGI application on a listening socket: ready, serving, and gone in order when told to stop."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

TRUSTED = "127.0.0.1,::1"
"""Whose X-Forwarded-For and X-Forwarded-Proto count, where any do."""

HEAD_WITHIN = 20.0
"""Seconds in which the head of a request must be here, counted from the connection's beginning or its first byte."""
LARGEST_HEAD = 32 * 1024
MOST_THROWN_AWAY = 16 * 1024 * 1024
"""Bytes of a body that may come after its answer, for clients that read only when they have sent everything."""


class Punctual(H11Protocol):
    """HTTP/1.1 that waits for nobody without end: who sends a request in drops, or a body for which there is an answer
    already, is cut off."""

    ends: asyncio.TimerHandle | None = None
    thrown_away = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there: now it must ask."""
        super().connection_made(transport)
        self.ends = self.loop.call_later(HEAD_WITHIN, transport.close)

    def data_received(self, data: bytes) -> None:
        """A request that has begun to be answered stops the clock; whatever comes outside of one starts it."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self.stop_clock()
            self.thrown_away = 0
            return
        self.thrown_away += len(data)
        if self.thrown_away > MOST_THROWN_AWAY:
            self.transport.close()
        elif self.ends is None:
            self.ends = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self.stop_clock()
        super().connection_lost(exc)

    def stop_clock(self) -> None:
        """Nothing is waited for."""
        if self.ends is not None:
            self.ends.cancel()
            self.ends = None


class Server(uvicorn.Server):
    """uvicorn that says when it listens and when it is about to end."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_end: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready
        self.on_end = on_end

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server and nothing else: uvicorn would raise them again when it is done.

        Outside the main thread signals are somebody else's.
        """

        def end(_number: int, _frame: FrameType | None) -> None:
            self.should_exit = True

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
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
        """Tells, then waits for requests under way."""
        self.on_end()
        await super().shutdown(sockets)


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
        http=Punctual,
        h11_max_incomplete_event_size=LARGEST_HEAD,
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
