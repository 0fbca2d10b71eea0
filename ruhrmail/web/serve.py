"""An application on a port: ready, serving, and gone within seconds when told to stop."""

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette

from ruhrmail.listening import address_of, listen
from ruhrmail.serving import make_server

PATIENCE = 5
"""Seconds that requests under way get when the service is told to stop."""
AT_THE_LATEST = 9.0
"""Seconds after which a process that was told to stop is gone, whatever it waits for, such as somebody's lock."""


def nothing(_: bool = True) -> None:
    """What happens where nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Life:
    """Who is told what of a service's life, and for how many seconds it goes on answering once it was told to stop.

    `leaving` is called then, with True when it stops now (SIGINT: somebody waits, or another took its place), and must
    not block; `turning` ten times a second.
    """

    ready: Callable[[], None] = nothing
    turning: Callable[[], None] = nothing
    leaving: Callable[[bool], None] = nothing
    linger: float = 0.0


def serve(app: Starlette, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `on_ready` gets the address, with the real port where `port` is 0.

    Raises what `listen` raises.
    """
    with listen(host, port) as listener:
        address = f"http://{address_of(listener)}"
        serve_on(listener, app, Life(ready=lambda: on_ready(address)))


def serve_on(listener: socket.socket, app: Starlette, life: Life) -> None:
    """Serves on a listening socket until SIGTERM or SIGINT; a second one stops at once."""

    def leave(now: bool) -> None:
        give_up_after(AT_THE_LATEST + (0 if now else life.linger))
        life.leaving(now)

    server = make_server(app, life.ready, PATIENCE, behind_proxy=True)
    server.on_turn, server.on_leave, server.linger = life.turning, leave, life.linger
    server.run(sockets=[listener])


def give_up_after(seconds: float) -> None:
    """Ends this process by then if it is still there: nothing is lost that a kill would not have cost as well."""
    timer = threading.Timer(seconds, os._exit, [0])
    timer.daemon = True
    timer.start()
