"""The store to a file and back."""

from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.store import Restored, back_up, exists, restore, sender_lock


def back_up_store(config: Config, target: Path, machine: Machine) -> None:
    """Copies the store into a file, while others go on working. Raises StoreError."""
    back_up(config.store, target, machine.now())


def restore_store(config: Config, source: Path, machine: Machine) -> Restored:
    """Puts a backup in the place of the store, while nobody sends. Raises StoreLocked, StoreError."""
    now = machine.now()
    with sender_lock(config.store, now=now, pid=machine.pid, mailing="store restore"):
        return restore(config.store, source, now, machine.randomness)


def has_store(config: Config) -> bool:
    """Whether there is a store that a backup would replace."""
    return exists(config.store)
