"""The ledger's open recipients to relays, until none is left."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from ruhrmail.config import Config, Relay
from ruhrmail.deliver import Drained, Event, Past, Policy, Stop, drain
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.writing import writer_of
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Message
from ruhrmail.store import Destination, Ledger, Mailing, Store, message_id, recent_attempts
from ruhrmail.tokens import Keyring

TRIAL_FOLDER = "maildir"
LOOKS_BACK = 3600
"""Rates over at least so many seconds count what went out before."""


@dataclass(frozen=True, slots=True)
class Draining:
    """The first signal came: running transactions end, nothing new begins."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The mail begins: which mailing it is, and the Message-ID that a claim's message carries."""

    mailing: str
    message_id_of: Callable[[Claim], str]


OnWork = Callable[[Event | Draining | Sending], None]


def work(  # noqa: PLR0913 - what a mailing needs, and who looks on
    config: Config,
    store: Store,
    mailing: Mailing,
    keyring: Keyring,
    machine: Machine,
    on_event: OnWork,
    *,
    attempts: bool = False,
) -> Drained:
    """Sends to every open recipient of a mailing; SIGINT, SIGTERM and SIGHUP drain, a second one ends at once.

    `on_event` hears `Sending` first; each attempt only with `attempts`. Raises RelayError where no relay works,
    StoreError where the ledger cannot be written, InvalidInput for DKIM keys that cannot be used.
    """
    writer = writer_of(config, store, mailing, keyring, machine)
    relays = relays_for(config, mailing.destination)
    policy = replace(
        policy_of(config, machine),
        past=past_of(config, store, machine),
        threads=writer.threads,
        tell_attempts=attempts,
    )
    on_event(Sending(mailing.name, partial(message_id_of, store, mailing)))
    return asyncio.run(run(Ledger(store, mailing), writer.write, relays, policy, machine, on_event))


def message_id_of(store: Store, mailing: Mailing, claim: Claim) -> str:
    """The Message-ID of a claim's message, whether or not it was ever made."""
    return message_id(store.id, mailing.id, claim.recipient.token_id, mailing.domain)


async def run(
    ledger: Ledger,
    message_of: Callable[[Claim], Message],
    relays: tuple[Relay, ...],
    policy: Policy,
    machine: Machine,
    on_event: OnWork,
) -> Drained:
    """Drains the ledger with signals at hand."""
    stop = Stop()
    with stopping(stop, on_event):
        return await drain(ledger, message_of, relays, policy, stop, machine.now, on_event)


@contextmanager
def stopping(stop: Stop, on_event: OnWork) -> Iterator[None]:
    """The first signal drains, the second ends at once."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if stop.draining.is_set():
            stop.now()
        else:
            stop.drain()
            on_event(Draining())

    signals = ending_signals()
    try:
        for number in signals:
            loop.add_signal_handler(number, heard)
    except NotImplementedError:  # Windows: Ctrl+C ends the run at once, the ledger knows what was in flight
        signals = ()
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def ending_signals() -> tuple[signal.Signals, ...]:
    """SIGINT, SIGTERM, and SIGHUP (the terminal was closed) unless somebody said with nohup that it shall not count."""
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)
    listens = hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN
    return (signal.SIGINT, signal.SIGTERM, *((hangup,) if hangup and listens else ()))


def destination_of(config: Config) -> Destination:
    """Where mail goes: through relays, or into a Maildir as a trial where none is configured."""
    return "relay" if config.relays else "maildir"


def relays_for(config: Config, destination: Destination) -> tuple[Relay, ...]:
    """The relays of a mailing, Maildirs with absolute paths (relative ones count from the project)."""
    trial = Relay(TRIAL_FOLDER, "maildir", path=TRIAL_FOLDER, connections=1)
    relays = config.relays if destination == "relay" else (trial,)
    return tuple(
        replace(relay, path=str(config.project / relay.path)) if relay.scheme == "maildir" else relay
        for relay in relays
    )


def policy_of(config: Config, machine: Machine) -> Policy:
    """How to behave towards relays."""
    delivery = config.settings.delivery
    return Policy(
        local_hostname=machine.hostname,
        retry=delivery.retry,
        timeout=delivery.timeout,
        refused=config.refusals,
        domains=config.domain_limits,
    )


def past_of(config: Config, store: Store, machine: Machine) -> tuple[Past, ...]:
    """What went out lately, as far back as the longest limit looks; nothing where none does."""
    limits = (*(one.rates for one in config.relays), *(one.rates for one in config.domain_limits))
    rates = [rate for several in limits for rate in several if rate.per >= LOOKS_BACK]
    if not rates:
        return ()
    since = machine.now() - timedelta(seconds=max(rate.per for rate in rates))
    return tuple(Past(*one) for one in recent_attempts(store, since))
