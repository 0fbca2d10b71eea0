"""The ledger alone: CPU per recipient of claims, intents and settlements, durable, in one thread and beside a busy one.

Claims come in chunks of 500; then every commit settles one batch and records the intents of the next, as a run does.
"""

import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.mail import Attempt, Outcome, PreparedMessage, Reply
from ruhrmail.model.people import Person
from ruhrmail.store import Ledger, NewMailing, Store, begin_mailing, enrol, open_store, sync_roster

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
RECIPIENTS = 60_000
CHUNK = 500
BATCHES = (20, 50)
SLICE = 10_000
"""Recipients of one measurement."""
REPLY = Reply(250, "2.0.0 Ok: queued as 4cXyZ12345z9QrS", "2.0.0")


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds per recipient of one slice: CPU of the ledger's thread for claims and commits, and wall time."""

    claims: float
    commits: float
    wall: float


def measure_ledger() -> None:
    """Prints µs per recipient for each size of batch, alone and while another Python thread computes."""
    for beside, name in ((idle, "alone"), (busy, "beside a busy thread")):
        for size in BATCHES:
            with tempfile.TemporaryDirectory() as folder, filled(Path(folder), RECIPIENTS) as ledger, beside():
                costs = [deliver(ledger, size, SLICE) for _ in range(RECIPIENTS // SLICE)]
            show(f"batches of {size}, {name}", costs)


def show(name: str, costs: list[Cost]) -> None:
    """One line: medians over the slices."""
    claims, commits, wall = (
        statistics.median(getattr(cost, field) for cost in costs) for field in ("claims", "commits", "wall")
    )
    total = statistics.median(cost.claims + cost.commits for cost in costs)
    print(
        f"{name:38} CPU {total:6.1f} µs a recipient (claim {claims:5.1f}, record {commits:5.1f}), wall {wall:7.1f}"
        f"   first slice {costs[0].claims + costs[0].commits:6.1f}, last {costs[-1].claims + costs[-1].commits:6.1f}",
        flush=True,
    )


@contextmanager
def filled(folder: Path, count: int) -> Iterator[Ledger]:
    """The ledger of a mailing to that many people, in a store of its own."""
    url = f"sqlite:///{folder / 'state.db'}"
    with open_store(url, now=NOW, randomness=secrets.token_bytes) as store:
        sync_roster(store, crowd(count), "one", NOW)
        yield begun(store)


def begun(store: Store) -> Ledger:
    """The ledger of a new mailing to everybody on the list."""
    new = NewMailing("2026-11", "Licht", "Ruhrblick <r@n.example>", "n.example", {})
    mailing = begin_mailing(store, new, {"": PreparedMessage((b"",))}, NOW)
    enrol(store, mailing, NOW)
    return Ledger(store, mailing)


def crowd(count: int) -> Iterator[Person]:
    """People with the columns that a list mostly has."""
    for number in range(count):
        email = f"vorname.nachname{number}@example{number % 50}.org"
        yield Person(
            email, email, "Frau", "", "Gisela", f"Müller{number}", "", "de", ("kultur", "stadt")[: number % 3],
            "2024-05-01T10:00:00+02:00", "https://n.example/form", "Ja, ich möchte den Rundbrief.",
            {"stadt": ("Essen", "Bochum", "Herne")[number % 3]},
        )  # fmt: skip


def deliver(ledger: Ledger, size: int, most: int) -> Cost:
    """Claims, intends and settles as a run does, until `most` recipients are sent."""
    claims_cpu = commits_cpu = 0.0
    done = 0
    start = time.perf_counter()
    settled: list[Result] = []
    while done < most:
        began = time.thread_time()
        held = ledger.claim(CHUNK, NOW)
        assert held, "nobody is left to claim"
        claims_cpu += time.thread_time() - began
        began = time.thread_time()
        for first in range(0, len(held), size):
            settled = commit(ledger, settled, held[first : first + size])
        commits_cpu += time.thread_time() - began
        done += len(held)
    commit(ledger, settled, [])
    wall = time.perf_counter() - start
    return Cost(*(1e6 * seconds / done for seconds in (claims_cpu, commits_cpu, wall)))


def commit(ledger: Ledger, settled: list[Result], claims: list[Claim]) -> list[Result]:
    """One commit, and the results that the relays make of its intents."""
    answers = ledger.record(settled, claims, NOW)
    assert all(answer is Intent.GRANTED for answer in answers.values())
    return [Result(claim, Attempt(Outcome.SENT, "relay-1", REPLY), NOW) for claim in claims]


@contextmanager
def idle() -> Iterator[None]:
    """Nobody else."""
    yield


@contextmanager
def busy() -> Iterator[None]:
    """Another thread computes in Python all the time, as the loop of a run does that merges messages."""
    over = threading.Event()

    def compute() -> None:
        while not over.is_set():
            sum(range(2000))

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
