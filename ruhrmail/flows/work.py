"""The ledger's open recipients to relays, until none is left."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ruhrmail.compose import Filling, merge
from ruhrmail.config import Config, Relay
from ruhrmail.deliver import Drained, OnEvent, Policy, Stop, drain
from ruhrmail.flows.machine import Machine
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Message
from ruhrmail.store import Ledger, Mailing, Store, message_id, read_prepared_messages
from ruhrmail.tokens import Keyring, Purpose, Token


@dataclass(frozen=True, slots=True)
class Draining:
    """The first signal came: running transactions end, nothing new begins."""


def work(
    config: Config, store: Store, mailing: Mailing, keyring: Keyring, machine: Machine, on_event: OnEvent
) -> Drained:
    """Sends to every open recipient of a mailing; SIGINT and SIGTERM drain, a second one ends at once.

    Raises RelayError where no relay works, StoreError where the ledger cannot be written.
    """
    return asyncio.run(
        run(
            Ledger(store, mailing),
            writer_of(config, store, mailing, keyring),
            relays_for(config, mailing),
            policy_of(config, machine),
            machine,
            on_event,
        )
    )
