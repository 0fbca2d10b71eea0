"""The store to a file and back."""

from dataclasses import dataclass
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.config.store_address import given_store
from ruhrmail.errors import StoreError, StoreLocked
from ruhrmail.flows.foreman import DEAD_AFTER
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.moment import shown
from ruhrmail.model.ledger import order_of
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import (
    Copied,
    Mailing,
    Restored,
    back_up,
    copy_store,
    ensure_no_services,
    ensure_nobody_waits,
    exists,
    is_shared,
    open_store_readonly,
    read_workers,
    restore,
    sender_lock,
    unfinished_mailings,
)


def back_up_store(config: Config, target: Path, machine: Machine) -> None:
    """Copies the store into a file, while others go on working. Raises StoreError."""
    back_up(config.store, target, machine.now())


def restore_store(config: Config, source: Path, machine: Machine) -> Restored:
    """Puts a backup in the place of the store, while nobody sends. Raises StoreLocked, StoreError."""
    now = machine.now()
    with sender_lock(config.store, now=now, pid=machine.pid, host=machine.hostname, mailing="store restore"):
        ensure_no_workers(config.store)
        return restore(config.store, source, now, machine.randomness)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a copy holds, and the mailings in it that are not finished, each with what somebody has to do there: None
    where workers do it by themselves."""

    copied: Copied
    unfinished: tuple[tuple[Mailing, Phrase | None], ...]


def copy_between(config: Config, source: str, target: str, machine: Machine) -> Moved:
    """Copies a store from one database into another while nobody sends from it, waits to, or leaves it on the web.
    Raises UsageError, StoreLocked, StoreError: then there is nothing at the target."""
    here, there = (given_store(text, config.project) for text in (source, target))
    if not exists(here):
        raise StoreError(phrase("there is no store to copy"), hint=phrase("check the first address"))
    with sender_lock(here, now=machine.now(), pid=machine.pid, host=machine.hostname, mailing="store copy"):
        ensure_no_services(here)
        mailings = unfinished_at(here)
        if mailings:
            ensure_no_workers(here)
        for one in mailings:
            ensure_nobody_waits(here, one.name)
        copied = copy_store(here, there)
    return Moved(copied, tuple((one, next_step(one, there)) for one in mailings))


def ensure_no_workers(url: str) -> None:
    """Raises StoreLocked where a worker may send from a store, so that two stores would mail the same people."""
    store = open_store_readonly(url) if is_shared(url) else None
    if store is None:
        return
    with store:
        alive = [one for one in read_workers(store) if one.age < DEAD_AFTER]
    if alive:
        names = ", ".join(f"{one.pid} ({one.host})" for one in alive)
        raise StoreLocked(
            phrase("workers are sending from this store: {names}", names=names),
            hint=phrase("stop them, and wait for {seconds} seconds after one that was killed",
                        seconds=round(DEAD_AFTER.total_seconds())),
        )  # fmt: skip


def unfinished_at(url: str) -> list[Mailing]:
    """The mailings of a store that are not finished. Raises StoreError."""
    store = open_store_readonly(url)
    if store is None:
        return []
    with store:
        return unfinished_mailings(store)


def next_step(mailing: Mailing, url: str) -> Phrase | None:
    """What has to be said for a mailing to begin, or to go on, from the store at an address.

    Workers know no issues: they begin only what `send` prepared for them.
    """
    if is_shared(url) and mailing.destination == "relay" and mailing.prepared_at is not None:
        return None
    order = order_of(mailing.issue, mailing.audience)
    if mailing.scheduled_for is None:
        return phrase("`ruhrmail send {slug}` goes on", slug=order)
    at = shown(mailing.scheduled_for).replace(" ", "T")
    return phrase("scheduled for {time}, and not begun unless you say `ruhrmail send {slug} --at {at}` there",
                  time=shown(mailing.scheduled_for), slug=order, at=at)  # fmt: skip


def has_store(config: Config) -> bool:
    """Whether there is a store that a backup would replace."""
    return exists(config.store)
