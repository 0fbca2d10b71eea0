"""`ruhrmail worker`: sends what any machine has enqueued."""

import threading
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.lookout import Lookout
from ruhrmail.cli.options import Log, LogAddresses, Metrics
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.flows.events import OnWork
    from ruhrmail.flows.housekeeping import Duty, Tell
    from ruhrmail.flows.machine import Machine
    from ruhrmail.store import Mailing, Store
    from ruhrmail.tokens import Keyring
    from ruhrmail.watch.shifts import Shifts


def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=word("Send what is due now, and end; for cron."))] = False,
    log: Log = None,
    log_addresses: LogAddresses = False,
    metrics: Metrics = None,
) -> None:
    from ruhrmail.flows.bench import ensure_known_key
    from ruhrmail.flows.keyring import open_keyring
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.signing import refuse_broken_keys
    from ruhrmail.store import is_shared, open_store

    desk: Desk = ctx.obj
    lookout = Lookout(log, log_addresses, metrics)
    lookout.check(real=True)
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
        run(desk, store, keyring, machine, lookout, once=once)


def run(desk: Desk, store: "Store", keyring: "Keyring", machine: "Machine", lookout: Lookout, *, once: bool) -> None:
    """Works until told to leave."""
    from ruhrmail.worker import Outfit, Told, run_worker

    with lookout.opened_by_worker(desk, store, machine) as (voice, shifts):

        def ready(name: str) -> None:
            desk.terminal.say("the worker is ready: {name} on {host}", name=name, host=machine.hostname)

        duties = duties_for(desk, store, keyring, machine, voice.say_line)
        outfit = Outfit(desk.config, store, keyring, machine, duties, threading.Event(), once)
        told = Told(ready, voice.say_line, partial(listener, store, shifts), lookout.wants_attempts)
        fine = run_worker(outfit, told)
    if not fine:
        raise typer.Exit(1)


def duties_for(desk: Desk, store: "Store", keyring: "Keyring", machine: "Machine", tell: "Tell") -> "tuple[Duty, ...]":
    """What there is to do besides mailings: the outbox, purging, mailboxes of returned mail."""
    from ruhrmail.flows.housekeeping import duties_of
    from ruhrmail.flows.rounds import mailbox_duties

    config = desk.config
    return duties_of(config, store, keyring, machine) + mailbox_duties(config, store, keyring, machine, tell)


def listener(store: "Store", shifts: "Shifts", mailing: "Mailing") -> "OnWork":
    """What hears one mailing's run."""
    from ruhrmail.flows.events import Sending
    from ruhrmail.flows.work import message_id_of

    return shifts.listener(Sending(mailing.name, partial(message_id_of, store, mailing)))
