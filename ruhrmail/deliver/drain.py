"""A mailing's open recipients to their results, over all relays."""

import asyncio
import ssl
from collections.abc import Sequence

from ruhrmail.config import Relay
from ruhrmail.deliver.carrier import Carrier
from ruhrmail.deliver.desk import Desk
from ruhrmail.deliver.dial import Dialling, make_ssl_context
from ruhrmail.deliver.domains import Domains
from ruhrmail.deliver.events import Drained, OnEvent, Teller
from ruhrmail.deliver.lane import Lane, now
from ruhrmail.deliver.ledger import Clock, Ledger
from ruhrmail.deliver.policy import Past, Policy
from ruhrmail.deliver.run import MessageOf, Run
from ruhrmail.deliver.stop import Stop


async def drain(  # noqa: PLR0913 - a run joins these seven and nothing else does
    ledger: Ledger,
    message_of: MessageOf,
    relays: Sequence[Relay],
    policy: Policy,
    stop: Stop,
    clock: Clock,
    on_event: OnEvent,
) -> Drained:
    """Works until the ledger has no claim and nobody deferred, or until stopped.

    `message_of` merges (called in the loop's thread, or in `policy.threads` threads; a RuhrmailError or ValueError
    fails that recipient alone). `clock` gives the time in UTC. At the end every claim is settled or returned; only
    `stop.now()`, a cancellation or a ledger that fails leaves claims in flight. Raises RelayError when no relay could
    ever be used, or none for as long as mail is retried, and what the ledger, `on_event` or, unforeseen, `message_of`
    raises; then nothing more leaves.
    """
    assert relays, "a run needs a relay"
    over = asyncio.Event()
    if stop.draining.is_set():
        over.set()
    dialling = Dialling(policy.local_hostname, policy.timeout, policy.ssl_context or system_certificates(relays))
    tell = Teller(on_event, over)
    lanes = [Lane(relay, policy, tell) for relay in relays]
    run = Run(policy, dialling, message_of, clock, tell, over, Domains(policy.domains))
    remember(policy.past, lanes, run)
    desk = Desk(run, ledger, lanes)
    serving = asyncio.create_task(desk.work())
    carriers = [
        asyncio.create_task(Carrier(run, desk, lane, i).work()) for lane in lanes for i in range(lane.relay.connections)
    ]
    ender = asyncio.create_task(end_with(stop.draining, over))
    try:
        await finish(carriers, serving, stop)
    finally:
        await cancel([*carriers, ender])
        desk.end()
        await asyncio.wait([serving])
        await desk.close()
    serving.result()
    for error in (run.fault, tell.error, run.error):
        if error is not None:
            raise error
    return Drained(run.progress, stop.draining.is_set(), run.reason)


def remember(past: Sequence[Past], lanes: Sequence[Lane], run: Run) -> None:
    """Counts what went out before this run against the limits that look back."""
    here, today = now(), run.clock()
    for one in past:
        at = here - (today - one.at).total_seconds()
        run.domains.remember(one.domain, at, one.count)
        for lane in lanes:
            if one.relay in ("", lane.relay.name):
                lane.pace.remember(at, one.count)


def system_certificates(relays: Sequence[Relay]) -> ssl.SSLContext | None:
    """The system's authorities, read once per run and only when a relay may need them."""
    plain = all(relay.scheme == "maildir" or (relay.scheme == "smtp" and relay.loopback) for relay in relays)
    return None if plain else make_ssl_context()


async def end_with(first: asyncio.Event, second: asyncio.Event) -> None:
    """Sets the second event as soon as the first is set."""
    await first.wait()
    second.set()


async def finish(carriers: Sequence[asyncio.Task[None]], serving: asyncio.Task[None], stop: Stop) -> None:
    """Waits for all carriers, for the first error, or for the order to drop everything. Raises the error."""
    at_once = asyncio.create_task(stop.at_once.wait())
    pending = set(carriers)
    try:
        while pending and not at_once.done():
            done, _ = await asyncio.wait({*pending, serving, at_once}, return_when=asyncio.FIRST_COMPLETED)
            pending.difference_update(done)
            for task in done - {at_once}:
                task.result()
    finally:
        await cancel([at_once])


async def cancel(tasks: Sequence[asyncio.Task[None]] | Sequence[asyncio.Task[bool]]) -> None:
    """Ends tasks and waits until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
