"""`ruhrmail worker`: sends what any machine has enqueued."""

import threading
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ruhrmail.flows.events import OnWork
    from ruhrmail.flows.housekeeping import Duty
    from ruhrmail.flows.machine import Machine
    from ruhrmail.store import Mailing, Store
    from ruhrmail.tokens import Keyring


def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=word("Send what is due now, and end; for cron."))] = False,
) -> None:
    from ruhrmail.flows.keyring import open_keyring
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.shift import ensure_known_key
    from ruhrmail.flows.signing import refuse_broken_keys
    from ruhrmail.store import is_shared, open_store

    desk: Desk = ctx.obj
    if not is_shared(desk.config.store):
        raise UsageError(
            phrase("workers need a store on PostgreSQL: several processes send from it"),
            hint=phrase("`ruhrmail send` sends from this store by itself; `ruhrmail store copy` moves it"),
        )
    refuse_broken_keys(desk.config)
    machine = this_machine()
    keyring = open_keyring(desk.config, machine, desk.terminal.tell)
    with open_store(desk.config.store, now=machine.now(), randomness=machine.randomness) as store:
        ensure_known_key(store, keyring)
        run(desk, store, keyring, machine, once=once)


def run(desk: Desk, store: "Store", keyring: "Keyring", machine: "Machine", *, once: bool) -> None:
    """Works until told to leave."""
    from ruhrmail.worker import Outfit, Told, run_worker

    def ready(name: str) -> None:
        desk.terminal.say("the worker is ready: {name} on {host}", name=name, host=machine.hostname)

    duties = duties_for(desk, store, keyring, machine)
    outfit = Outfit(desk.config, store, keyring, machine, duties, threading.Event(), once)
    if not run_worker(outfit, Told(ready, desk.terminal.tell, listener(desk))):
        raise typer.Exit(1)


def duties_for(desk: Desk, store: "Store", keyring: "Keyring", machine: "Machine") -> "tuple[Duty, ...]":
    """What there is to do besides mailings: the outbox, purging, mailboxes of returned mail."""
    from ruhrmail.flows.housekeeping import duties_of
    from ruhrmail.flows.rounds import mailbox_duties

    config, tell = desk.config, desk.terminal.tell
    return duties_of(config, store, keyring, machine) + mailbox_duties(config, store, keyring, machine, tell)


def listener(desk: Desk) -> "Callable[[Mailing], OnWork]":
    """Tells what relays do, a line for each event that is worth one."""
    from ruhrmail.cli.progress import Watch
    from ruhrmail.watch.tally import Tally

    watch = Watch(desk.terminal, None, Tally(time.monotonic))
    return lambda mailing: watch.on_event
