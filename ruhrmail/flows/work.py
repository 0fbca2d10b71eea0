"""The ledger's open recipients to relays, until none is left."""

import asyncio
import gc
import importlib
import importlib.util
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from ruhrmail.config import Config, Relay
from ruhrmail.deliver import Drained, Past, Policy, Stop, drain
from ruhrmail.flows.events import Draining, Halted, OnWork, Quieting, Sending
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signals import pause, stopping
from ruhrmail.flows.writing import writer_of
from ruhrmail.model.ledger import Claim
from ruhrmail.store import Destination, Ledger, Mailing, Store, message_id, patiently, recent_attempts
from ruhrmail.tokens import Keyring

TRIAL_FOLDER = "maildir"
LOOKS_BACK = 3600
"""Rates over at least so many seconds count what went out before."""


NEW_OBJECTS = 50_000
"""More than so many since the last look: fewer than a mailing of any size has at once."""
LOOK_EVERY = 1.0
"""Seconds between two looks for a reason to end."""

Halt = Halted | Quieting


@dataclass(slots=True)
class Lookout:
    """Looks about once a second whether the run has to end. `find` is called in a thread of its own.

    Afterwards `found` tells what ended it, None where nothing did or a signal came as well.
    """

    find: Callable[[], Halt | None]
    found: Halt | None = None


def work(  # noqa: PLR0913 - what a run needs, and what may end it
    config: Config,
    store: Store,
    mailing: Mailing,
    keyring: Keyring,
    machine: Machine,
    on_event: OnWork,
    lookout: Lookout,
    *,
    attempts: bool = False,
) -> Drained:
    """Sends to every open recipient of a mailing; SIGINT, SIGTERM and SIGHUP drain, a second one ends at once.

    What the lookout finds drains as well. `on_event` hears `Sending` first; each attempt only with `attempts`. Raises
    RelayError where no relay works, StoreError where the ledger cannot be written, InvalidInput for DKIM keys that
    cannot be used.
    """
    writer = writer_of(config, store, mailing, keyring, machine)
    relays = relays_for(config, mailing.destination)
    policy = replace(
        policy_of(config, machine),
        past=past_of(config, store, machine),
        threads=writer.threads,
        tell_attempts=attempts,
    )
    calm_collector()
    on_event(Sending(mailing.name, partial(message_id_of, store, mailing)))

    async def begin(stop: Stop) -> Drained:
        return await drain(Ledger(store, mailing), writer.write, relays, policy, stop, machine.now, on_event)

    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        return runner.run(run(begin, lookout, on_event))


def calm_collector() -> None:
    """Has the garbage collector look for cycles rarely: a run makes few, and looking costs a tenth of its time."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where the extra `fast` is installed, else None: asyncio's own."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory


def message_id_of(store: Store, mailing: Mailing, claim: Claim) -> str:
    """The Message-ID of a claim's message, whether or not it was ever made."""
    return message_id(store.id, mailing.id, claim.recipient.token_id, mailing.domain)


async def run(begin: Callable[[Stop], Awaitable[Drained]], lookout: Lookout, on_event: OnWork) -> Drained:
    """Drains the ledger with signals and lookout at hand. Raises what the drain or the lookout raises."""
    stop = Stop()
    with stopping(stop, lambda: on_event(Draining())) as heard:
        watch = asyncio.create_task(keep_looking(lookout, stop, on_event))
        try:
            drained = await begin(stop)
        finally:
            stop.drain()
            await asyncio.wait([watch])
            blind = watch.exception()
    if blind is not None:
        raise blind
    if heard.count:
        lookout.found = None
    return drained


async def keep_looking(lookout: Lookout, stop: Stop, on_event: OnWork) -> None:
    """Drains the run when the lookout finds something, or cannot look."""
    try:
        while not stop.draining.is_set():
            found = await asyncio.to_thread(patiently, lambda _: lookout.find())
            if found is not None and not stop.draining.is_set():
                lookout.found = found
                on_event(found)
                break
            await pause(LOOK_EVERY, stop)
    finally:
        stop.drain()


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
