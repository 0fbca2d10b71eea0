"""The ledger's figures, without taking a lock or changing anything."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.ledger import Delivery, Figures, State
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Destination,
    Mailing,
    Pace,
    Store,
    Troubles,
    all_figures,
    figures,
    find_mailing,
    open_store_readonly,
    read_deliveries,
    read_in_state,
    read_pace,
    read_troubles,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailing: its figures, how fast it went, who refused what; who it is reads `deliveries` on the way."""

    figures: Figures
    pace: Pace | None
    troubles: Troubles
    deliveries: Iterator[Delivery]


def read_all_figures(config: Config) -> Sequence[Figures]:
    """The figures of every mailing, the latest first; none where nothing was ever sent. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return ()
    with store:
        return all_figures(store)


@contextmanager
def opened_standing(config: Config, slug: str, now: datetime, states: Collection[State] = ()) -> Iterator[Standing]:
    """How an issue's mailing stands, else its trial; `deliveries` are of these states only, without any of all.

    They are read while they are asked for, inside the block. Raises RuhrmailError where neither began, StoreError.
    """
    store = open_store_readonly(config.store)
    if store is not None:
        with store:
            for destination in destinations():
                found = figures(store, slug, destination)
                mailing = find_mailing(store, slug, destination=destination)
                if found is not None and mailing is not None:
                    pace, troubles = read_pace(store, mailing, now), read_troubles(store, mailing)
                    yield Standing(found, pace, troubles, deliveries_of(store, mailing, states))
                    return
    raise RuhrmailError(
        phrase("no mailing of {slug} began", slug=slug), hint=phrase("`ruhrmail send {slug}` begins it", slug=slug)
    )


def deliveries_of(store: Store, mailing: Mailing, states: Collection[State]) -> Iterator[Delivery]:
    """The recipients in some states, one state after the other; without a state everybody."""
    if not states:
        return read_deliveries(store, mailing)
    return chain.from_iterable(read_in_state(store, mailing, state) for state in dict.fromkeys(states))


def destinations() -> Iterator[Destination]:
    """Where to look, the real mailing first."""
    yield "relay"
    yield "maildir"
