"""`ruhrmail serve`: the web service."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Port
from ruhrmail.cli.words import word
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.exposition import TOKEN_VARIABLE, require_token
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    import socket

    from ruhrmail.flows.machine import Machine
    from ruhrmail.web import Life
    from ruhrmail.web.lines import Line
    from ruhrmail.web.systemd import Systemd


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help=word("The address to listen on."))] = "127.0.0.1",
    port: Port = 8000,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, metavar="NUMBER", help=word("Serve with so many processes."))
    ] = 1,
    linger: Annotated[
        float,
        typer.Option("--linger", min=0, max=60, metavar="SECONDS", help=word("Go on answering so long after SIGTERM.")),
    ] = 0,
) -> None:
    from ruhrmail.listening import address_of, listen
    from ruhrmail.web.systemd import inherited_listener, systemd_of

    desk: Desk = ctx.obj
    require_token(desk.environ.get(TOKEN_VARIABLE, "").strip())
    desk.config  # noqa: B018 - whatever is wrong with the settings is said before anything listens
    systemd = systemd_of(desk.environ, os.getpid())
    with inherited_listener(desk.environ, os.getpid()) or listen(host, port) as listener:

        def ready() -> None:
            desk.terminal.say("the web service is ready: {address}", address=f"http://{address_of(listener)}")
            systemd.ready()

        raise typer.Exit(run(desk, listener, systemd, ready, processes, linger))


def run(
    desk: Desk, listener: "socket.socket", systemd: "Systemd", ready: Callable[[], None], processes: int, linger: float
) -> int:
    """Serves with so many processes until told to stop; the exit code."""
    from ruhrmail.web import Life

    if processes == 1:
        work(desk, listener, Life(ready, systemd.alive, lambda _: systemd.stopping(), linger))
        return 0
    if sys.platform != "win32":
        from ruhrmail.web.processes import AT_THE_LATEST, Crew

        crew = Crew(
            processes,
            partial(work_as_child, desk, listener, linger),
            desk.terminal.tell,
            ready,
            systemd.alive,
            systemd.stopping,
            patience=linger + AT_THE_LATEST,
            hangup_ends=sys.stdin is not None and sys.stdin.isatty(),
        )
        return crew.run()
    raise UsageError(
        phrase("this system cannot divide a service into processes"),
        hint=phrase("leave --processes out, and start several services behind a proxy"),
    )


def work_as_child(desk: Desk, listener: "socket.socket", linger: float, index: int, line: "Line") -> int:
    """One of several processes, with the settings as they are now; the first one keeps house. The exit code."""
    from ruhrmail.web import Life

    try:
        work(
            Desk(desk.chosen, desk.environ),
            listener,
            Life(line.ready, line.alive, linger=linger),
            keeps_house=index == 0,
        )
    except RuhrmailError as error:
        desk.terminal.error(error)
        return 1
    return 0


def work(desk: Desk, listener: "socket.socket", life: "Life", *, keeps_house: bool = True) -> None:
    """Serves until SIGTERM, and keeps house meanwhile. Raises StoreError, InvalidInput."""
    from ruhrmail.cli.site import opened_site
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.store import serving_lock
    from ruhrmail.web import make_app, serve_on

    leaving, machine = threading.Event(), this_machine()
    token = desk.environ.get(TOKEN_VARIABLE, "").strip()
    with (
        opened_site(desk.config, machine, token, leaving.is_set, desk.terminal.tell) as site,
        serving_lock(
            desk.config.store,
            now=machine.now(),
            pid=machine.pid,
            host=machine.hostname,
            randomness=machine.randomness,
        ),
        opened_house(desk, machine) if keeps_house else nullcontext() as end_duties,
    ):

        def leave(now: bool) -> None:
            if not now:
                leaving.set()
            if end_duties is not None:
                end_duties()
            life.leaving(now)

        serve_on(listener, make_app(site), replace(life, leaving=leave))


@contextmanager
def opened_house(desk: Desk, machine: "Machine") -> "Iterator[Callable[[], None]]":
    """Does what the service does besides answering, with the store open for it; gives what asks it to end."""
    from ruhrmail.flows.housekeeping import duties_of, keeping_house
    from ruhrmail.flows.keyring import open_keyring
    from ruhrmail.flows.rounds import mailbox_duties
    from ruhrmail.store import open_store

    config = desk.config
    keyring, tell = open_keyring(config, machine), desk.terminal.tell
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        duties = duties_of(config, store, keyring, machine) + mailbox_duties(config, store, keyring, machine, tell)
        with keeping_house(duties, tell) as end:
            yield end
