"""An ASGI application on a listening socket: ready, serving, and gone in order when told to stop."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

TRUSTED = "127.0.0.1,::1"
"""Whose X-Forwarded-For and X-Forwarded-Proto count, where any do."""


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
        self.on_turn()
        if self._leaves_at is not None and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server and nothing else: uvicorn would raise them again when it is done.

        Outside the main thread signals are somebody else's.
        """

        def end(number: int, _frame: FrameType | None) -> None:
            self.leave(now=number == signal.SIGINT)

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
        http="h11",
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
