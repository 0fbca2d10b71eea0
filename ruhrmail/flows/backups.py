"""The store to a file and back."""

from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.config.store_address import given_store
from ruhrmail.errors import StoreError
from ruhrmail.flows.machine import Machine
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Copied, Restored, back_up, copy_store, exists, restore, sender_lock


def back_up_store(config: Config, target: Path, machine: Machine) -> None:
    """Copies the store into a file, while others go on working. Raises StoreError."""
    back_up(config.store, target, machine.now())


def restore_store(config: Config, source: Path, machine: Machine) -> Restored:
    """Puts a backup in the place of the store, while nobody sends. Raises StoreLocked, StoreError."""
    now = machine.now()
    with sender_lock(config.store, now=now, pid=machine.pid, host=machine.hostname, mailing="store restore"):
        return restore(config.store, source, now, machine.randomness)


def copy_between(config: Config, source: str, target: str, machine: Machine) -> Copied:
    """Copies a store from one database into another while nobody sends from it. Raises UsageError, StoreLocked,
    StoreError: then there is nothing at the target."""
    here, there = (given_store(text, config.project) for text in (source, target))
    if not exists(here):
        raise StoreError(phrase("there is no store to copy"), hint=phrase("check the first address"))
    with sender_lock(here, now=machine.now(), pid=machine.pid, host=machine.hostname, mailing="store copy"):
        return copy_store(here, there)


def has_store(config: Config) -> bool:
    """Whether there is a store that a backup would replace."""
    return exists(config.store)
