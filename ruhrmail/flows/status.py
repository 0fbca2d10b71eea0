"""The ledger's figures, and who works on a mailing, without changing anything or being in anybody's way."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.fleet import find_obstacle, fleet_of
from ruhrmail.flows.mailing import content_hash
from ruhrmail.flows.shares import slots_of
from ruhrmail.model.account import Approval
from ruhrmail.model.bounce import Share
from ruhrmail.model.fleet import Fleet, Worker
from ruhrmail.model.ledger import Delivery, Figures, State, order_of
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.parse import issue_path
from ruhrmail.store import (
    Destination,
    Holder,
    Mailing,
    Pace,
    Store,
    Troubles,
    all_figures,
    figures,
    find_mailing,
    find_sender,
    find_waiting,
    mailings_of,
    open_store_readonly,
    read_approvals,
    read_deliveries,
    read_domain_shares,
    read_in_state,
    read_pace,
    read_troubles,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailing: its figures, and the process that sends it or waits for its time (None: nobody does).

    Where workers send, `fleet` are all of them, `slots` is into how many parts the limits are divided, and `obstacle`
    why none of them is at it.
    """

    figures: Figures
    process: Holder | None = None
    fleet: Fleet | None = None
    slots: int = 0
    obstacle: Phrase | None = None

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Those that send it now."""
        return self.fleet.working_on(self.figures.mailing) if self.fleet else ()


@dataclass(frozen=True, slots=True)
class Details(Standing):
    """Besides, who approved its content, how fast it went, who refused what, and from which domains mail came back; who
    it is reads `deliveries` on the way."""

    pace: Pace | None = None
    returned: tuple[Share, ...] = ()
    approvals: tuple[Approval, ...] = ()
    troubles: Troubles = field(kw_only=True)
    deliveries: Iterator[Delivery] = field(kw_only=True)


def read_all_standings(config: Config, now: datetime) -> tuple[Sequence[Standing], Fleet | None]:
    """Every mailing, the latest first, none where nothing was ever sent; the workers where there are any.

    Raises StoreError.
    """
    store = open_store_readonly(config.store)
    if store is None:
        return (), None
    with store:
        fleet = fleet_of(config, store)
        return [standing_of(config, store, one, fleet, now) for one in all_figures(store)], fleet


def read_all_figures(config: Config) -> Sequence[Figures]:
    """The figures alone, the latest mailing first; none where nothing was ever sent. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return ()
    with store:
        return all_figures(store)


def standing_of(config: Config, store: Store, found: Figures, fleet: Fleet | None, now: datetime) -> Standing:
    """A mailing with who works on it. Raises StoreError."""
    process = find_process(config, found)
    if fleet is None or found.mailing.endswith("@maildir"):
        return Standing(found, process)
    mailing = find_mailing(store, found.issue, found.audience)
    obstacle = find_obstacle(config, store, mailing, fleet, now) if mailing else None
    return Standing(found, process, fleet, fleet.total or slots_of(config), obstacle)


def is_worked_on(config: Config, store: Store, found: Figures, now: datetime) -> bool:
    """Whether a process or a worker sends a mailing, or waits for its time. Raises StoreError."""
    standing = standing_of(config, store, found, fleet_of(config, store), now)
    return standing.process is not None or bool(standing.workers)


@contextmanager
def opened_standing(config: Config, slug: str, now: datetime, states: Collection[State] = ()) -> Iterator[Details]:
    """How an issue's mailing stands, else its trial; `deliveries` are of these states only, without any of all.

    They are read while they are asked for, inside the block. Raises RuhrmailError where neither began, StoreError.
    """
    with opened_mailing(config, slug) as (store, mailing, found):
        standing = standing_of(config, store, found, fleet_of(config, store), now)
        yield Details(
            found,
            standing.process,
            standing.fleet,
            standing.slots,
            standing.obstacle,
            read_pace(store, mailing, now),
            read_domain_shares(store, mailing.id),
            approvals_of(store, mailing),
            troubles=read_troubles(store, mailing),
            deliveries=deliveries_of(store, mailing, states),
        )


def approvals_of(store: Store, mailing: Mailing) -> tuple[Approval, ...]:
    """Who approved exactly what this mailing sends, oldest first."""
    wanted = content_hash(mailing.manifest)
    return tuple(one for one in read_approvals(store, mailing.issue) if one.sha256 == wanted)


def read_standing(config: Config, slug: str, now: datetime) -> Standing:
    """An issue's mailing, else its trial. Raises RuhrmailError where neither began, StoreError."""
    with opened_mailing(config, slug) as (store, _, found):
        return standing_of(config, store, found, fleet_of(config, store), now)


@contextmanager
def opened_mailing(config: Config, slug: str) -> Iterator[tuple[Store, Mailing, Figures]]:
    """The store with the issue's mailing, else its trial. Raises RuhrmailError where neither began, StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        raise no_mailing(config, slug)
    issue, _, audience = slug.partition("/")
    with store:
        for destination in destinations():
            mailing = find_mailing(store, issue, audience, destination) or only_audience(store, slug, destination)
            found = figures(store, issue, destination, mailing.audience) if mailing else None
            if found is not None and mailing is not None:
                yield store, mailing, found
                return
        raise no_mailing(config, slug)


def only_audience(store: Store, slug: str, destination: Destination) -> Mailing | None:
    """The mailing of an issue that went to an audience only. Raises RuhrmailError where there are several."""
    found = mailings_of(store, slug, destination)
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        message = phrase("{slug} went to several audiences: {names}", slug=slug, names=names)
        raise RuhrmailError(message, hint=phrase("say which, such as {name}", name=found[0].name.partition("@")[0]))
    return found[0] if found else None


def find_process(config: Config, mailing: Figures) -> Holder | None:
    """The process that sends a mailing, or waits for its time; None where nobody does, after a kill too."""
    sender = find_sender(config.store)
    if sender is not None and sender.mailing == mailing.mailing:
        return sender
    return find_waiting(config.store, mailing.mailing) if mailing.scheduled_for else None


def no_mailing(config: Config, slug: str) -> RuhrmailError:
    """The error for an issue that was neither sent nor scheduled. Raises RuhrmailError where there is no such issue."""
    issue, _, audience = slug.partition("/")
    issue_path(config.project, issue)
    hint = phrase("`ruhrmail send {slug}` begins it", slug=order_of(issue, audience))
    return RuhrmailError(phrase("no mailing of {slug} began", slug=slug), hint=hint)


def deliveries_of(store: Store, mailing: Mailing, states: Collection[State]) -> Iterator[Delivery]:
    """The recipients in some states, one state after the other; without a state everybody."""
    if not states:
        return read_deliveries(store, mailing)
    return chain.from_iterable(read_in_state(store, mailing, state) for state in dict.fromkeys(states))


def destinations() -> Iterator[Destination]:
    """Where to look, the real mailing first."""
    yield "relay"
    yield "maildir"
