"""The ledger's figures, and who works on a mailing, without changing anything or being in anybody's way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.ledger import Delivery, Figures
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Destination,
    Holder,
    all_figures,
    figures,
    find_mailing,
    find_sender,
    find_waiting,
    open_store_readonly,
    read_deliveries,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailing: its figures, the process that sends it or waits for its time (None: nobody does), and each recipient
    where they were asked for."""

    figures: Figures
    process: Holder | None = None
    deliveries: tuple[Delivery, ...] = ()


def read_all_standings(config: Config) -> Sequence[Standing]:
    """Every mailing, the latest first; none where nothing was ever sent. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return ()
    with store:
        return [Standing(one, find_process(config, one)) for one in all_figures(store)]


def read_standing(config: Config, slug: str, *, recipients: bool) -> Standing:
    """An issue's mailing, else its trial. Raises RuhrmailError where neither began, StoreError."""
    store = open_store_readonly(config.store)
    if store is not None:
        with store:
            for destination in destinations():
                found = figures(store, slug, destination)
                mailing = find_mailing(store, slug, destination=destination)
                if found is not None and mailing is not None:
                    listed = tuple(read_deliveries(store, mailing)) if recipients else ()
                    return Standing(found, find_process(config, found), listed)
    raise no_mailing(slug)


def find_process(config: Config, mailing: Figures) -> Holder | None:
    """The process that sends a mailing, or waits for its time; None where nobody does, after a kill too."""
    sender = find_sender(config.store)
    if sender is not None and sender.mailing == mailing.mailing:
        return sender
    return find_waiting(config.store, mailing.mailing) if mailing.scheduled_for else None


def no_mailing(slug: str) -> RuhrmailError:
    """The error for an issue that was neither sent nor scheduled."""
    return RuhrmailError(
        phrase("no mailing of {slug} began", slug=slug), hint=phrase("`ruhrmail send {slug}` begins it", slug=slug)
    )


def destinations() -> Iterator[Destination]:
    """Where to look, the real mailing first."""
    yield "relay"
    yield "maildir"
