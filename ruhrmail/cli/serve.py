"""`ruhrmail serve`: the web service."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
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

    from ruhrmail.config import Config
    from ruhrmail.flows.machine import Machine
    from ruhrmail.model.phrase import Phrase
    from ruhrmail.store import Store
    from ruhrmail.tokens import Keyring
    from ruhrmail.web import Joining, Life, Personal, Site
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
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.web import make_app, serve_on

    leaving = threading.Event()
    token = desk.environ.get(TOKEN_VARIABLE, "").strip()
    with (
        opened_site(desk.config, this_machine(), token, leaving.is_set, desk.terminal.tell) as site,
        opened_house(desk, this_machine()) if keeps_house else nullcontext() as end_duties,
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


@contextmanager
def opened_site(
    config: "Config",
    machine: "Machine",
    metrics_token: str = "",
    leaving: Callable[[], bool] = lambda: False,
    tell: "Callable[[Phrase], None] | None" = None,
) -> "Iterator[Site]":
    """What the web service is handed, while the store is open. Web hooks come in where `tell` hears of trouble.

    Raises StoreError, InvalidInput.
    """
    from ruhrmail.flows.archive import Surroundings
    from ruhrmail.flows.counting import Tally
    from ruhrmail.flows.imprint import imprint_lines
    from ruhrmail.flows.keyring import open_keyring
    from ruhrmail.flows.leaving import Exit, look_up_leaving
    from ruhrmail.flows.links import preferences_of_confirming
    from ruhrmail.flows.metrics import LedgerMetrics
    from ruhrmail.flows.public import PublicIssues, masthead_as_served
    from ruhrmail.i18n import LANGUAGES
    from ruhrmail.store import is_shared, open_store, roster_state
    from ruhrmail.web import Site

    keyring = open_keyring(config, machine, tell or (lambda _: None))
    with (
        open_store(config.store, now=machine.now(), randomness=machine.randomness) as store,
        Exit(store, keyring, machine) as way_out,
        Tally(store) as tally,
    ):
        public = PublicIssues(config, store)
        yield Site(
            name=config.newsletter.name,
            language=config.newsletter.language,
            url=config.url,
            colors=config.settings.theme.colors,
            imprint={language: imprint_lines(config, language) for language in LANGUAGES},
            contact=config.imprint.email,
            store_id=store.id,
            key_ids=lambda: keyring.key_ids,
            look_up=partial(look_up_leaving, store, keyring),
            leave=way_out.leave,
            issues=public.issues,
            page=public.page,
            asset=public.asset,
            file=public.file,
            shared=Surroundings(config, masthead_as_served(config), public.slugs).file,
            moved=public.moved,
            check_store=partial(roster_state, store),
            metrics=LedgerMetrics(store, machine, is_shared(config.store)),
            metrics_token=metrics_token,
            leaving=leaving,
            count=tally.count,
            joining=way_in(config, store, keyring, machine),
            personal=own_pages(config, store, keyring, machine),
            preferences_of=partial(preferences_of_confirming, store, keyring),
            hook=hooks_of(config, store, keyring, machine, tell) if tell else None,
        )


def hooks_of(
    config: "Config", store: "Store", keyring: "Keyring", machine: "Machine", alarm: "Callable[[Phrase], None]"
) -> "Callable[[str, Mapping[str, str], bytes], int] | None":
    """What takes in the reports of sending services; None where the environment has a key of none."""
    if not config.hooks:
        return None
    from ruhrmail.flows.hooks import make_project_hooks

    return make_project_hooks(config, store, keyring, machine, alarm).receive


def way_in(config: "Config", store: "Store", keyring: "Keyring", machine: "Machine") -> "Joining":
    """What the pages are handed that let people in."""
    from ruhrmail.flows.joining import (
        Request,
        ask_to_join,
        confirm_joining,
        form_address,
        look_up_confirming,
        wording_of,
    )
    from ruhrmail.web import Joining

    def ask(address: str, language: str, origin: str) -> "Phrase | None":
        request = Request(address, form_address(config, language), language, origin)
        return ask_to_join(config, store, keyring, machine, request)

    return Joining(
        ask=ask,
        wording=lambda language: wording_of(config, language).text,
        look_up=partial(look_up_confirming, config, store, keyring, machine),
        confirm=partial(confirm_joining, config, store, keyring, machine),
        form_keys=partial(keyring.derive, "forms"),
        now=machine.now,
        days=config.settings.consent.purge,
        privacy=config.settings.consent.privacy or "",
    )


def own_pages(config: "Config", store: "Store", keyring: "Keyring", machine: "Machine") -> "Personal":
    """What the pages are handed where people choose what they get, and where."""
    from ruhrmail.flows.moving import ask_to_move, look_up_moving, move_address
    from ruhrmail.flows.preferences import look_up_preferences, save_preferences
    from ruhrmail.web import Personal

    return Personal(
        look_up=partial(look_up_preferences, config, store, keyring),
        choose=partial(save_preferences, config, store, keyring, machine),
        ask_to_move=partial(ask_to_move, config, store, keyring, machine),
        look_up_moving=partial(look_up_moving, config, store, keyring, machine),
        move=partial(move_address, config, store, keyring, machine),
    )
