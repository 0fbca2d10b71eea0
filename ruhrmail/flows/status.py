"""The ledger's figures, without taking a lock or changing anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.ledger import Delivery, Figures
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Destination, all_figures, figures, find_mailing, open_store_readonly, read_deliveries


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailing: its figures, and each recipient where they were asked for."""

    figures: Figures
    deliveries: tuple[Delivery, ...] = ()


def read_all_figures(config: Config) -> Sequence[Figures]:
    """The figures of every mailing, the latest first; none where nothing was ever sent. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return ()
    with store:
        return all_figures(store)


def read_standing(config: Config, slug: str, *, recipients: bool) -> Standing:
    """The figures of an issue's mailing, else of its trial. Raises RuhrmailError where neither began, StoreError."""
    store = open_store_readonly(config.store)
    if store is not None:
        with store:
            for destination in destinations():
                found = figures(store, slug, destination)
                mailing = find_mailing(store, slug, destination=destination)
                if found is not None and mailing is not None:
                    return Standing(found, tuple(read_deliveries(store, mailing)) if recipients else ())
    raise RuhrmailError(
        phrase("no mailing of {slug} began", slug=slug), hint=phrase("`ruhrmail send {slug}` begins it", slug=slug)
    )


def destinations() -> Iterator[Destination]:
    """Where to look, the real mailing first."""
    yield "relay"
    yield "maildir"
