"""The fleet: what a message costs a worker on PostgreSQL beside `send` on SQLite, and what more workers bring.

Real commands throughout: `ruhrmail send` queues, `ruhrmail worker` sends, PostgreSQL keeps its word (fsync on). Workers
are halted while the mailing is queued, so that what is measured begins with the first claim. Two unbounded workers, the
database and the receiver want more than two cores: so workers are compared with a fifth of a core each (control groups,
needs root), where nothing but the fleet itself could hold them up.
"""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.database import SPENT, TICKS, measured_server, processor_time, stat_of
from benchmarks.delivery import letters_for
from benchmarks.letter import LETTER, Letters
from benchmarks.million import Watched, listen
from benchmarks.quota import allotted
from benchmarks.receivers import SENDER_CORE, Missing, Receiver, at_distance, lean_sink, on_core
from benchmarks.rounds import Effort, in_turn, median
from benchmarks.senders import Sender, Spent, copy_shortened, environment, send_prepared
from benchmarks.timing import PROJECT
from tests.servers.postgresql import Server

COST, EACH_SENDS = 4_000, 2_000
"""Messages of a run at most; of the comparisons for each worker, so that all runs last about as long."""
MOST = 3
"""Workers."""
PORTION = 0.2
"""Of a core, for each of the workers that are compared."""
ONE_WAY = 20
"""Milliseconds: half of the round trip."""
EACH = 20
"""Connections for each worker at a distance."""
PATIENCE = 90.0
STEP = 0.02


@dataclass(frozen=True, slots=True)
class Flight:
    """One mailing sent by a fleet: seconds from the first acceptance to the last; CPU seconds; bytes of WAL and its
    flushes; transactions; the share of the ledger's updates that touched no index."""

    messages: int
    seconds: float
    workers: float
    database: float
    wal: int
    flushes: int
    commits: int
    hot: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """How to send: workers, connections of all together, and what each worker may take of a core (0: all of one)."""

    workers: int = 1
    connections: int = 20
    portion: float = 0.0
    core: int | None = None


def measure_fleet(effort: Effort) -> None:
    """Prints all three."""
    rounds = min(effort.rounds, 3)
    with measured_server() as server, letters_for(Effort(max(COST, MOST * EACH_SENDS), 1)) as letters:
        report_cost(server, letters, min(effort.messages, COST), rounds)
        for measure in (report_scale, report_distance):
            try:
                measure(server, letters, min(effort.messages, EACH_SENDS))
            except Missing as reason:
                print(f"skipped: {reason}")


def report_cost(server: Server, letters: Letters, messages: int, rounds: int) -> None:
    """One worker beside the embedded mode, in turn; both have one core for themselves."""
    pairs: list[tuple[Spent, Flight]] = []
    embedded = Sender("embedded", send_prepared)
    for _ in range(rounds):
        [found] = in_turn([embedded], letters, lean_sink, Effort(messages, 1))
        with lean_sink("-i", "20") as sink:
            pairs.append((found["embedded"], fly(server, letters, messages, sink, Plan(core=SENDER_CORE))))
    print(f"-- one worker beside the embedded mode, lean sink, {rounds} rounds of {messages}, load {load()}")
    alone = median(one.cost for one, _ in pairs)
    print(f"{'send on SQLite, CPU us a message':48} {alone:8.0f}   {median(one.rate for one, _ in pairs):,.0f} msg/s")
    ours = [1e6 * flight.workers / messages for _, flight in pairs]
    rates = median(flight.rate for _, flight in pairs)
    print(f"{'worker on PostgreSQL, CPU us a message':48} {statistics.median(ours):8.0f}   {rates:,.0f} msg/s")
    print(f"{'PostgreSQL itself, CPU us a message':48} {median(1e6 * f.database / messages for _, f in pairs):8.0f}")
    ratio = median(1e6 * flight.workers / messages / one.cost for one, flight in pairs)
    print(f"{'worker / embedded, median of rounds':48} {ratio:8.2f}")
    print(in_database(pairs[-1][1]), flush=True)


def in_database(flight: Flight) -> str:
    """What the database did for each message, in words."""
    count = flight.messages
    return (
        f"{'database, for each message':48} {flight.wal / count:8,.0f} bytes of WAL, {flight.flushes / count:.3f}"
        f" flushes, {flight.commits / count:.3f} transactions; HOT updates {100 * flight.hot:.0f} %"
    )


def report_scale(server: Server, letters: Letters, messages: int) -> None:
    """One, two and three workers with a fifth of a core each."""
    print(f"-- workers with {PORTION} of a core each, lean sink, {messages} messages for each, load {load()}")
    base = 0.0
    for workers in range(1, MOST + 1):
        with lean_sink("-i", "20") as sink:
            flight = fly(server, letters, messages * workers, sink, Plan(workers, portion=PORTION))
        base = base or flight.rate
        name = f"{workers} workers" if workers > 1 else "one worker"
        print(f"{name:48} {flight.rate:8,.0f} msg/s {flight.rate / base:8.2f} x one", flush=True)


def report_distance(server: Server, letters: Letters, messages: int) -> None:
    """Workers that bring twenty connections each to a receiver far away, beside what reckoning promises."""
    trip = 2 * ONE_WAY / 1000
    print(f"-- {EACH} connections a worker, round trip {2 * ONE_WAY} ms, {messages} messages for each, load {load()}")
    for workers in range(1, MOST + 1):
        with lean_sink("-i", "20") as sink, at_distance(sink, ONE_WAY) as far:
            flight = fly(server, letters, messages * workers, far, Plan(workers, EACH * workers))
        promised = EACH * workers / trip
        name = f"{workers} workers, {EACH * workers} connections"
        beside = f"reckoned {promised:,.0f}: {flight.rate / promised:.2f}"
        cost, database = (1e6 * spent / flight.messages for spent in (flight.workers, flight.database))
        print(f"{name:48} {flight.rate:8,.0f} msg/s, {beside}; CPU us: worker {cost:.0f}, PostgreSQL {database:.0f}")
        print(in_database(flight), flush=True)


def load() -> str:
    """The system's load over a minute."""
    return f"{os.getloadavg()[0]:.1f}"


def fly(server: Server, letters: Letters, messages: int, sink: Receiver, plan: Plan) -> Flight:
    """One mailing to so many readers, from the first claim to the last outcome. Raises ValueError if it fails."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ruhrmail-bench-")))
        copy_shortened(letters.project, folder / "project", messages)
        url = server.database()
        stack.callback(server.drop, url)
        relay = f"smtp://127.0.0.1:{sink.port}?connections={plan.connections}"
        environ = environment(
            {"RUHRMAIL_STORE": url, "RUHRMAIL_RELAY": relay, "RUHRMAIL_SECRET": "0123456789abcdef" * 4,
             "RUHRMAIL_LANG": "en"}
        )  # fmt: skip
        program = [sys.executable, "-m", "ruhrmail", "--project", str(folder / "project")]
        subprocess.run([*program, "status"], env=environ, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False)
        workers = [stack.enter_context(hired(program, environ, folder / f"{n}", plan)) for n in range(plan.workers)]
        seen = Watched()
        listener = threading.Thread(target=listen, args=(sink, seen), daemon=True)
        listener.start()
        for one in workers:
            one.send_signal(signal.SIGSTOP)
        done = subprocess.run(
            [*program, "send", LETTER, "--yes"], env=environ, cwd=PROJECT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ValueError(f"send ended with {done.returncode}: {done.stderr}")
        before = standing(server, url, workers)
        for one in workers:
            one.send_signal(signal.SIGCONT)
        wait_until(lambda: seen.sent >= messages and is_complete(server, url), f"{messages} sent")
        after = standing(server, url, workers)
        return flight_of(messages, seen, before, after)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was spent until now."""

    workers: float
    database: float
    lsn: int
    flushes: int
    commits: int
    updates: int
    hot: int


def flight_of(messages: int, seen: Watched, before: Standing, after: Standing) -> Flight:
    """What lies between two standings."""
    first = seen.first or 0.0
    updates = after.updates - before.updates
    return Flight(
        messages, seen.reached(messages) - first, after.workers - before.workers, after.database - before.database,
        after.lsn - before.lsn, after.flushes - before.flushes, after.commits - before.commits,
        (after.hot - before.hot) / updates if updates else 0.0,
    )  # fmt: skip


FIGURES = """
SELECT pg_current_wal_lsn() - '0/0'::pg_lsn, (SELECT wal_sync FROM pg_stat_wal),
  (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()), n_tup_upd, n_tup_hot_upd
FROM pg_stat_user_tables WHERE relname = 'deliveries'
"""


def standing(server: Server, url: str, workers: Sequence["subprocess.Popen[bytes]"]) -> Standing:
    """Now. The server's statistics lag behind by up to a second, its processor time does not."""
    spent = sum(processor_seconds(one.pid) for one in workers)
    database = processor_time(server)
    time.sleep(1.2)
    [row] = server.execute(FIGURES, database=url.rpartition("/")[2])
    return Standing(spent, database, *(int(str(value)) for value in row))


def processor_seconds(pid: int) -> float:
    """CPU seconds of a process so far."""
    return sum(map(int, stat_of(pid)[SPENT])) / TICKS


def is_complete(server: Server, url: str) -> bool:
    """Whether the mailing is."""
    return server.execute("SELECT state FROM mailings", database=url.rpartition("/")[2]) == [("complete",)]


@contextmanager
def hired(
    program: Sequence[str], environ: dict[str, str], log: Path, plan: Plan
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker that is ready; afterwards it is told to leave."""
    command = [*program, "worker"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command if plan.core is None else on_core(plan.core, command),
            stdout=output, stderr=subprocess.STDOUT, cwd=PROJECT, env=environ,
        ) as worker,
    ):  # fmt: skip
        try:
            wait_until(lambda: b"is ready" in log.read_bytes(), "ready")
            with allotted(worker.pid, plan.portion):  # its start has the whole core
                yield worker
        finally:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
            worker.wait(30)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Until something is so. Raises ValueError after a while."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise ValueError(f"not {what} within {PATIENCE:.0f} s")
        time.sleep(STEP)
