"""A preview on a port of this machine: ready, following, and gone within a second when told to stop."""

import asyncio
import socket
from collections.abc import Callable

from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.listening import address_of, listen
from ruhrmail.preview.app import make_app
from ruhrmail.preview.desk import Desk
from ruhrmail.preview.follow import Follower
from ruhrmail.preview.glance import Glance
from ruhrmail.preview.press import Press
from ruhrmail.preview.tending import tend
from ruhrmail.preview.windows import Windows
from ruhrmail.serving import make_server

HOST = "127.0.0.1"
PORT = 8400
PATIENCE = 1
"""Seconds that requests under way get when the preview is told to stop."""


def run_preview(desk: Desk, port: int | None, on_ready: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `on_ready` gets the address with the token. Without a port the usual one is
    taken, or any other where that one is in use. Raises what `listen` raises."""
    token = desk.machine.randomness(16).hex()
    with listen_somewhere(port) as listener:
        asyncio.run(serve(desk, listener, token, on_ready))


def listen_somewhere(port: int | None) -> socket.socket:
    """The wanted port; where none is wanted, the usual one or a free one. Raises UsageError, RuhrmailError."""
    if port is not None:
        return listen(HOST, port)
    try:
        return listen(HOST, PORT)
    except RuhrmailError:
        return listen(HOST, 0)


async def serve(desk: Desk, listener: socket.socket, token: str, on_ready: Callable[[str], None]) -> None:
    """Server, press and follower in one event loop."""
    press, stop = Press(desk.proofs, Newsroom(desk.project), Windows()), asyncio.Event()
    await press.work(desk.proofs.open)
    app = make_app(desk, press, token, listener.getsockname()[1])
    address = f"http://{address_of(listener)}/{token}/"
    server = make_server(app, lambda: on_ready(address), PATIENCE, on_end=press.windows.close)
    follower, glance = Follower(press, stop), Glance(press, desk.inbox.folder, stop)
    following = [press.begin(tend(one.run, stop)) for one in (follower, glance)]
    press.begin(warm(desk.opening, press, follower.ready))
    try:
        await server.serve([listener])
    finally:
        stop.set()
        await asyncio.wait(following, timeout=PATIENCE)
        await press.close()


async def warm(opening: str | None, press: Press, ready: asyncio.Event) -> None:
    """Renders what the first window is going to ask for, while the browser is being opened."""
    await ready.wait()
    slug = opening or next((one.slug for one in press.newsroom.issues()), None)
    if slug is not None:
        await press.proof(slug)
