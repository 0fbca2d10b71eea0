"""The ledger's figures for Prometheus, as the web service answers them."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ruhrmail import __version__
from ruhrmail.errors import StoreError
from ruhrmail.exposition import Family, Sample, expose
from ruhrmail.flows.fleet import read_fleet
from ruhrmail.flows.machine import Machine
from ruhrmail.model.ledger import Figures
from ruhrmail.model.post import PostState
from ruhrmail.store import (
    Reason,
    Store,
    count_posts,
    count_records,
    count_returns,
    count_suppressions,
    count_waiting,
    list_size,
    oldest_post,
    read_answers,
    recent_figures,
)

MAILINGS = 5
KEPT = 10.0
SHARE = 20
"""Answers are kept for ten seconds, and at least twenty times as long as counting took."""


@dataclass(slots=True)
class LedgerMetrics:
    """Counts at most now and then, whoever asks how often; several threads may ask. Takes no lock of the store's.

    `fleet`: whether workers send from the store.
    """

    store: Store
    machine: Machine
    fleet: bool = False
    clock: Callable[[], float] = time.monotonic
    kept: str = ""
    until: float = float("-inf")
    counting: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> str:
        """The text of a scrape. Raises StoreError."""
        with self.counting:
            began = self.clock()
            if began >= self.until:
                self.kept = expose(self.families())
                ended = self.clock()
                self.until = ended + max(KEPT, SHARE * (ended - began))
            return self.kept

    def families(self) -> Iterator[Family]:
        """List, suppressions and the latest mailings."""
        yield Family("ruhrmail_build_info", "gauge", "The version that runs.", [Sample(1, {"version": __version__})])
        yield Family(
            "ruhrmail_list_size", "gauge", "People who would be mailed today.", [Sample(list_size(self.store))]
        )
        reasons = count_suppressions(self.store)
        yield Family("ruhrmail_suppressions", "gauge", "Addresses that get nothing, by reason.", [
            Sample(reasons.get(reason.value, 0), {"reason": reason.value}) for reason in Reason
        ])  # fmt: skip
        yield from outbox_families(self.store, self.machine)
        yield from people_families(self.store)
        found = recent_figures(self.store, MAILINGS)
        yield from mailing_families([figures for figures, _ in found])
        if self.fleet:
            yield from fleet_families(self.store)
        now = self.machine.now()
        yield Family("ruhrmail_oldest_intent_age_seconds", "gauge", "Age of the oldest message in flight.", [
            Sample(round((now - oldest).total_seconds(), 1), {"mailing": figures.mailing})
            for figures, oldest in found if oldest is not None
        ])  # fmt: skip


class FleetMetrics(LedgerMetrics):
    """The same for a worker: who sends, and whether the store answers."""

    def families(self) -> Iterator[Family]:
        """The workers; that the store is away is a figure too."""
        yield Family("ruhrmail_build_info", "gauge", "The version that runs.", [Sample(1, {"version": __version__})])
        try:
            found = list(fleet_families(self.store))
        except StoreError:
            found = []
        yield Family("ruhrmail_store_up", "gauge", "1 where the store answers.", [Sample(1 if found else 0)])
        yield from found


def fleet_families(store: Store) -> Iterator[Family]:
    """Workers, what they hold and how fast they send, and how much waits for them. Raises StoreError."""
    fleet = read_fleet(store)
    yield Family("ruhrmail_workers", "gauge", "Workers, by whether they were heard of in the last seconds.", [
        Sample(len(fleet.alive), {"state": "alive"}), Sample(len(fleet.silent), {"state": "silent"})
    ])  # fmt: skip
    yield Family("ruhrmail_oldest_heartbeat_age_seconds", "gauge", "For how long the most silent worker is so.", [
        Sample(max((round(one.age.total_seconds(), 1) for one in fleet.workers), default=0))
    ])  # fmt: skip
    yield Family("ruhrmail_slots", "gauge", "Into how many slots limits are divided; 0 while no worker takes any.", [
        Sample(fleet.total)
    ])  # fmt: skip
    yield Family("ruhrmail_slots_held", "gauge", "Slots that workers hold.", [Sample(fleet.held())])
    names = [(one, {"host": one.host, "pid": str(one.pid)}) for one in fleet.workers]
    yield Family("ruhrmail_worker_sent_total", "counter", "Messages since a worker started.", [
        Sample(one.sent, labels) for one, labels in names
    ])  # fmt: skip
    yield Family("ruhrmail_worker_messages_per_second", "gauge", "How fast a worker sends, by its last word.", [
        Sample(round(one.rate, 2), labels) for one, labels in names
    ])  # fmt: skip
    yield Family("ruhrmail_worker_hindrances", "gauge", "What keeps a worker from sending: see status.", [
        Sample(len(one.hindrances), labels) for one, labels in names
    ])  # fmt: skip
    yield Family("ruhrmail_jobs_waiting", "gauge", "Jobs that no worker has taken yet, by queue.", [
        Sample(count, {"queue": queue}) for queue, count in count_waiting(store).items()
    ])  # fmt: skip


def outbox_families(store: Store, machine: Machine) -> Iterator[Family]:
    """Mails about joining that wait, and for how long."""
    posts = count_posts(store)
    yield Family("ruhrmail_outbox", "gauge", "Mails about joining, by state.", [
        Sample(posts.get(state, 0), {"state": state.value}) for state in PostState
    ])  # fmt: skip
    oldest = oldest_post(store)
    age = (machine.now() - oldest).total_seconds() if oldest else 0
    yield Family("ruhrmail_outbox_oldest_age_seconds", "gauge", "Age of the oldest that waits.", [
        Sample(round(age, 1))
    ])  # fmt: skip


def people_families(store: Store) -> Iterator[Family]:
    """What people did, what came back from them, and what their requests were answered with."""
    yield Family("ruhrmail_consent_records", "gauge", "What people agreed to and withdrew: records by kind.", [
        Sample(count, {"kind": kind.value}) for kind, count in count_records(store).items()
    ])  # fmt: skip
    yield Family("ruhrmail_returned", "gauge", "What came back and was written down, by kind and decision.", [
        Sample(count, {"kind": kind.value, "decision": decision.value})
        for (kind, decision), count in count_returns(store).items()
    ])  # fmt: skip
    yield Family("ruhrmail_posts_total", "counter", "Forms and one-click requests answered, by page and status.", [
        Sample(count, {"page": page, "code": str(status)}) for (page, status), count in read_answers(store).items()
    ])  # fmt: skip


def mailing_families(mailings: list[Figures]) -> Iterator[Family]:
    """Recipients by state, and when each mailing began and ended."""
    yield Family("ruhrmail_recipients", "gauge", "Recipients of the latest mailings, by state.", [
        Sample(count, {"mailing": one.mailing, "state": state.value})
        for one in mailings for state, count in one.counts.items()
    ])  # fmt: skip
    yield Family("ruhrmail_mailing_state", "gauge", "1 for the state a mailing is in.", [
        Sample(1, {"mailing": one.mailing, "state": one.state}) for one in mailings
    ])  # fmt: skip
    yield Family("ruhrmail_mailing_started_timestamp_seconds", "gauge", "When a mailing began.", [
        Sample(one.started_at.timestamp(), {"mailing": one.mailing}) for one in mailings if one.started_at
    ])  # fmt: skip
    yield Family("ruhrmail_mailing_finished_timestamp_seconds", "gauge", "When nobody was open any more.", [
        Sample(one.finished_at.timestamp(), {"mailing": one.mailing}) for one in mailings if one.finished_at
    ])  # fmt: skip
