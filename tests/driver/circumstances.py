"""What a run may meet that no setting asks for: another sender on the same store, and no time to lose."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

import ruhrmail.flows.errand
import ruhrmail.flows.work
from ruhrmail.config import Config
from ruhrmail.deliver import Policy
from ruhrmail.flows.machine import Machine
from ruhrmail.store import Ledger
from ruhrmail.store.leases import LEASE


def beside_another() -> None:
    """Without the lock of the embedded store, and as if every lease had run out: a database that several senders share
    has no such lock."""
    ruhrmail.flows.errand.sender_lock = lambda *_, **__: nullcontext()

    def recover(self: Ledger, now: datetime) -> int:
        return self.recover_expired(now + LEASE + timedelta(minutes=1))

    Ledger.recover = recover  # type: ignore[method-assign]


def hasty() -> None:
    """Pauses of hundredths of a second after a relay failed or asked for less."""
    original = ruhrmail.flows.work.policy_of

    def policy_of(config: Config, machine: Machine) -> Policy:
        return replace(original(config, machine), pause=0.02, longest_pause=0.05, recovery=0.05, start_tries=50)

    ruhrmail.flows.work.policy_of = policy_of


CIRCUMSTANCES: dict[str, Callable[[], None]] = {"beside another": beside_another, "hasty": hasty}
