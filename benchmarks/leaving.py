"""Leaving by one-click POST (RFC 8058): `ruhrmail serve` with a list of 100,000, `wrk` posting a token each.

Every answer stands for a durable withdrawal: afterwards the store is counted. Beside it the least a service can do: a
Starlette handler that commits one row (SQLite, WAL, synchronous=FULL) before it answers, without a list, a check or a
page. listmonk, the obvious peer, is a Go program that needs PostgreSQL and its own server; it cannot be had from here.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.database import measured_server
from benchmarks.letter import FIRST_ISSUE, write_project
from benchmarks.receivers import lean_sink, program
from benchmarks.rounds import Effort
from benchmarks.senders import environment, prepare_mailing, relay_at
from benchmarks.timing import PROJECT
from ruhrmail.config import Config, load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.ledger import State
from ruhrmail.store import Reason, Store, count_suppressions, figures, open_store, people
from ruhrmail.tokens import Keyring, Purpose, load_keyring

PEOPLE = 100_000
SCRIPT = Path(__file__).with_name("leaving.lua")
FLOOR = Path(__file__).parent / "peers" / "floor.py"
SECONDS = 6
CONNECTIONS = 64
CALM, PAUSE = 25, 110
"""So many connections, each resting so many milliseconds between requests, make 200 requests a second."""
CHECKS = 100_000
MAILING = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A newsletter, the file with its tokens, and the environment that says where its store is."""

    project: Path
    tokens: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    command: str = "send"
    """What sends its mailing: on PostgreSQL `send` only enqueues."""


def measure_leaving(effort: Effort) -> None:
    """Prints the speed of checking tokens, then the service at its limit, at 200 a second, and beside a mailing."""
    print_checks()
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        place = Place(Path(folder) / "project", Path(folder) / "tokens")
        measure_service(place, effort)
        with served([sys.executable, str(FLOOR), str(Path(folder) / "floor.db")], {}) as url:
            for _ in range(effort.rounds):
                run("Starlette, a commit each", url, place.tokens, 0)


def measure_leaving_on_postgresql(effort: Effort) -> None:
    """The same service on a store in PostgreSQL; the mailing is a worker's."""
    with measured_server() as server, tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        settings = {"RUHRMAIL_STORE": server.database()}
        measure_service(Place(Path(folder) / "project", Path(folder) / "tokens", settings, "worker"), effort)


def measure_service(place: Place, effort: Effort) -> None:
    """The service at its limit, at 200 a second, and that beside a mailing; then the store is counted."""
    fill(place)
    print(f"{PEOPLE:,} people; load {os.getloadavg()[0]:.1f}", flush=True)
    with served(command_of(place, "serve", "--port", "0"), place.settings) as url:
        first = 0
        for _ in range(effort.rounds):
            first = run("ruhrmail serve, at its limit", url, place.tokens, first)
        first = run("ruhrmail serve, 200 a second", url, place.tokens, first, calm=True)
        with sending(place):
            first = run("the same beside a running mailing", url, place.tokens, first, calm=True)
    print(f"withdrawals in the store: {withdrawals(place):,} of {first:,} answers; load {os.getloadavg()[0]:.1f}")


def command_of(place: Place, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "ruhrmail", "--project", str(place.project), *arguments]


def print_checks() -> None:
    """How many tokens one core checks in a second."""
    ring = Keyring((b"a" * 40, b"b" * 40))
    stamp = ring.stamp(Purpose.UNSUBSCRIBE, MAILING, b"abc")
    links = [stamp.sign_link(number.to_bytes(8, "big")) for number in range(CHECKS)]
    begun = time.process_time()
    good = sum(ring.verify_link(link, Purpose.UNSUBSCRIBE) is not None for link in links)
    spent = time.process_time() - begun
    print(f"tokens checked: {good / spent:,.0f} a second ({1e6 * spent / CHECKS:.1f} µs each)", flush=True)


def fill(place: Place) -> None:
    """A project whose mailing to everybody is enrolled, and the unsubscribe token of each of its mails in a file."""
    write_project(place.project, PEOPLE)
    prepare_mailing(place.project, FIRST_ISSUE, place.settings)
    config, machine = config_of(place), this_machine()
    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        stamp = keyring.stamp(Purpose.UNSUBSCRIBE, MAILING, bytes.fromhex(store.id)[:3])
        links = [stamp.sign_link(one.token_id) for one in people(store)]
    random.Random(1).shuffle(links)  # as people leave, not in the order that the mailing goes through
    place.tokens.write_text("\n".join(links) + "\n", encoding="ascii")


@contextmanager
def served(command: list[str], settings: Mapping[str, str]) -> Iterator[str]:
    """A web service in a process of its own; gives its address."""
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment(settings), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://{process.stdout.readline().rpartition('http://')[2].strip()}"
        finally:
            process.terminate()


@contextmanager
def sending(place: Place) -> Iterator[None]:
    """The mailing under way, to a sink that takes everything."""
    with lean_sink() as sink:
        settings = environment({**place.settings, **relay_at(sink.port)})
        command = command_of(place, "send", FIRST_ISSUE, "--yes")
        if place.command == "worker":
            subprocess.run(command, cwd=PROJECT, env=settings, stderr=subprocess.DEVNULL, check=True)
            command = command_of(place, "worker")
        with subprocess.Popen(
            command, cwd=PROJECT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            wait_until(lambda: sent(place) > 0)
            before = sent(place)
            try:
                yield
            finally:
                assert process.poll() is None, "the mailing ended while it was measured beside"
                print(f"mails sent meanwhile: {sent(place) - before:,}", flush=True)
                process.kill()


def wait_until(happened: Callable[[], bool]) -> None:
    """Half a minute at most. Raises TimeoutError."""
    end = time.monotonic() + 30
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("the mailing does not begin")
        time.sleep(0.1)


def sent(place: Place) -> int:
    """How many of the mailing's mails have been sent."""
    with opened(place) as store:
        found = figures(store, FIRST_ISSUE)
        return found.counts[State.SENT] if found else 0


def run(name: str, url: str, tokens: Path, first: int, *, calm: bool = False) -> int:
    """Has `wrk` post the tokens from the `first` one on, prints what it saw, and gives the next one."""
    connections, pause = (CALM, PAUSE) if calm else (CONNECTIONS, 0)
    command = [
        program("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(SCRIPT), url,
        "--", str(tokens), str(first), str(pause),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seen = [int(each) for each in done.rpartition("RESULT")[2].split()]
    requests, spent, median, late, worst, errors = seen
    print(
        f"{name:32} {1e6 * requests / spent:8,.0f}/s   median {median / 1e3:6.1f} ms   p99 {late / 1e3:6.1f} ms"
        f"   worst {worst / 1e3:6.1f} ms   errors {errors}",
        flush=True,
    )
    return first + requests


def withdrawals(place: Place) -> int:
    """How many people the store says have left."""
    with opened(place) as store:
        return count_suppressions(store).get(Reason.UNSUBSCRIBED.value, 0)


def config_of(place: Place) -> Config:
    return load_config(place.project, {**os.environ, **place.settings})


def opened(place: Place) -> Store:
    """The project's store."""
    machine = this_machine()
    return open_store(config_of(place).store, now=machine.now(), randomness=machine.randomness)
