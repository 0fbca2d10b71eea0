"""An application on a port: ready, serving, and gone within seconds when told to stop."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from ruhrmail.listening import address_of, listen

PATIENCE = 5
"""Seconds that requests under way get when the service is told to stop."""
TRUSTED = "127.0.0.1,::1"
"""Whose X-Forwarded-For and X-Forwarded-Proto count."""


class Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept, then tells."""
        await super().startup(sockets)
        self.on_ready()


def serve(app: Starlette, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `on_ready` gets the address, with the real port where `port` is 0.

    Raises what `listen` raises.
    """
    listener = listen(host, port)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=TRUSTED,
        timeout_graceful_shutdown=PATIENCE,
    )
    server = Server(config, lambda: on_ready(f"http://{address_of(listener)}"))
    with ending(server), listener:
        server.run(sockets=[listener])


@contextmanager
def ending(server: uvicorn.Server) -> Iterator[None]:
    """Lets SIGTERM and SIGINT end the server and nothing else: uvicorn would raise them again when it is done."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
