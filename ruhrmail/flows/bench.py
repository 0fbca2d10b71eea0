"""What a worker works with, and how a run of a mailing with some of its slots begins there."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from ruhrmail.config import Config
from ruhrmail.deliver import Drained, Event, Stop, drain
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.events import OnWork
from ruhrmail.flows.hindrances import Hindrances
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.shares import part_of_past, share_of
from ruhrmail.flows.work import past_of, policy_of, relays_for
from ruhrmail.flows.writing import writer_of
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Ledger, Mailing, Store, after_a_minute, read_keys
from ruhrmail.tokens import Keyring

Begin = Callable[[Stop], Coroutine[None, None, Drained]]
"""Begins a run, which ends when it is told to or nobody can be mailed now."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every shift of a worker works with. `name` is the worker's; `leaving` ends all shifts. What keeps one from
    sending goes into `hindrances`.

    `on_event` gives what hears a mailing's run; it hears each attempt only with `attempts`.
    """

    config: Config
    store: Store
    keyring: Keyring
    machine: Machine
    name: str
    leaving: Stop
    on_event: Callable[[Mailing], OnWork]
    attempts: bool = False
    hindrances: Hindrances = field(default_factory=Hindrances)


@dataclass(frozen=True, slots=True)
class DueNow:
    """A ledger without those who are due later: a run ends when nobody can be mailed now."""

    ledger: Ledger

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """As the ledger does."""
        return self.ledger.claim(limit, now)

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """As the ledger does."""
        return self.ledger.record(results, claims, now)

    def next_due(self) -> None:
        """Nobody."""


def prepare_run(
    bench: Bench, mailing: Mailing, slots: frozenset[int], total: int, hear: Callable[[Event], None]
) -> Begin | None:
    """What begins a run with some of `total` slots, None where the limits have no part for them. In a thread, for it
    reads. Raises RuhrmailError where the settings name no relay, or the keys are others."""
    machine, config = bench.machine, bench.config
    ensure_known_key(bench.store, bench.keyring)
    writer = writer_of(config, bench.store, mailing, bench.keyring, machine)
    share = share_of(relays_for(config, mailing.destination), config.domain_limits, slots, total)
    if not config.relays:
        hint = phrase("workers need the relays of the mailing: set RUHRMAIL_RELAY, or delivery.relays")
        raise RuhrmailError(phrase("no relay is configured here"), hint=hint)
    if not share.relays:
        return None
    past = part_of_past(past_of(config, bench.store, machine), slots, total)
    policy = replace(
        policy_of(config, machine),
        past=past, threads=writer.threads, domains=share.domains, tell_attempts=bench.attempts,
    )  # fmt: skip
    ledger = DueNow(Ledger(bench.store, mailing, bench.name, partial(gives_up, bench.leaving)))
    return lambda stop: drain(ledger, writer.write, share.relays, policy, stop, machine.now, hear)


def gives_up(leaving: Stop, waited: float) -> bool:
    """Whether a step of the ledger is to end that waits for the database. Not before the worker is told to leave:
    what relays have answered would be in doubt, and nobody else could write it."""
    return leaving.at_once.is_set() or (leaving.draining.is_set() and after_a_minute(waited))


def ensure_known_key(store: Store, keyring: Keyring) -> None:
    """Raises RuhrmailError where this process has none of the keys that `send` has."""
    known = read_keys(store)
    if known and known.isdisjoint(keyring.key_ids):
        hint = phrase(
            "give both the same RUHRMAIL_SECRET, or the same file .ruhrmail/secret: with another key every link to "
            "leave is dead"
        )
        raise RuhrmailError(phrase("the secret here is not the one that `send` has"), hint=hint)
