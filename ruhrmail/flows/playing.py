"""A rehearsed run: the real engine before a made-up relay, on a clock that skips all waiting."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ruhrmail.config import Config, Relay
from ruhrmail.deliver import Drained, Event, Progress, RelayTrouble, Slowed, Stop, drain
from ruhrmail.errors import RelayError
from ruhrmail.flows.events import Draining, OnWork
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signals import stopping
from ruhrmail.flows.work import past_of, policy_of
from ruhrmail.flows.writing import merger_of
from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Message
from ruhrmail.rehearse import CALM, PROFILES, Providers, Record, Sink, SkippingLoop
from ruhrmail.store import Ledger, Mailing, Store
from ruhrmail.tokens import Keyring

MOST_REHEARSED = 20_000
DISTANCE = 0.02
"""Seconds until a relay's answer is here: a server in the same country."""


@dataclass(frozen=True, slots=True)
class Staging:
    """How to rehearse: with how many recipients at most, which chances, whether the relay takes everything, and with
    which part of the list."""

    limit: int = MOST_REHEARSED
    seed: int = 1
    calm: bool = False
    audience: Audience = EVERYBODY

    @property
    def providers(self) -> Providers:
        return Providers(CALM if self.calm else PROFILES, self.seed)

    @property
    def distance(self) -> float:
        return 0.0 if self.calm else DISTANCE


@dataclass(slots=True)
class Play:
    """What one run left behind; times of the record are those of the loop's clock, which stood at `began`. `worked` is
    how many seconds of work it took until everybody was tried once, `total` how many seconds everything would take."""

    began: float = 0.0
    total: float = 0.0
    worked: float = 0.0
    slowed: int = 0
    troubles: int = 0
    drained: Drained | None = None
    trouble: RelayError | None = None
    record: Record = field(default_factory=Record)


def perform(
    config: Config, store: Store, mailing: Mailing, staging: Staging, machine: Machine, on_event: OnWork
) -> Play:
    """The run, on a clock that skips all waiting. Its links are signed with a secret that nobody keeps."""
    message_of = merger_of(config, store, mailing, Keyring((machine.randomness(32),)))
    play = Play()
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=staging.calm)) as runner:
        runner.run(run(config, Ledger(store, mailing), message_of, staging, machine, Counting(play, on_event)))
    return play


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts what happens and passes on what moves the bar; nobody needs to hear of every skipped pause."""

    play: Play
    on_event: OnWork

    def __call__(self, event: Event) -> None:
        """One event of the run."""
        self.play.slowed += isinstance(event, Slowed)
        self.play.troubles += isinstance(event, RelayTrouble)
        if isinstance(event, Progress):
            self.on_event(event)


async def run(
    config: Config,
    ledger: Ledger,
    message_of: Callable[[Claim], Message],
    staging: Staging,
    machine: Machine,
    counting: Counting,
) -> None:
    """Drains the ledger to the sink, in the loop's time."""
    loop, stop, play, start = asyncio.get_running_loop(), Stop(), counting.play, machine.now()
    assert isinstance(loop, SkippingLoop)
    async with Sink(loop, staging.providers, staging.seed, staging.distance) as sink:
        relays = tuple(stand_in_for(relay, sink.port) for relay in config.relays)
        policy = replace(policy_of(config, machine), past=past_of(config, ledger.store, machine))
        play.began, before, play.record = loop.time(), loop.worked, sink.record
        with stopping(stop, lambda: counting.on_event(Draining())):
            try:
                play.drained = await drain(
                    ledger, message_of, relays, policy, stop,
                    lambda: start + timedelta(seconds=loop.time() - play.began), counting,
                )  # fmt: skip
            except RelayError as trouble:
                play.trouble = trouble
        play.total, play.worked = loop.time() - play.began, max(sink.record.worked - before, 0.0)


def stand_in_for(relay: Relay, port: int) -> Relay:
    """The sink in a relay's place: with its name, connections and rates, without its login."""
    return replace(relay, scheme="smtp", host="127.0.0.1", port=port, path="", user="", password="", token="")
