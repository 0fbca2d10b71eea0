"""An application on a port: ready, serving, and gone within seconds when told to stop."""

from collections.abc import Callable

from starlette.applications import Starlette

from ruhrmail.listening import address_of, listen
from ruhrmail.serving import make_server

PATIENCE = 5
"""Seconds that requests under way get when the service is told to stop."""


def serve(app: Starlette, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `on_ready` gets the address, with the real port where `port` is 0.

    Raises what `listen` raises.
    """
    with listen(host, port) as listener:
        address = f"http://{address_of(listener)}"
        make_server(app, lambda: on_ready(address), PATIENCE, behind_proxy=True).run(sockets=[listener])
