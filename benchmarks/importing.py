"""`ruhrmail subscribers import` of a million rows: the whole command, new and again, with the memory it takes.

Again means that every row is compared with what is stored, and none differs. `--messages` says how many rows. On
PostgreSQL also the enrolling of everybody, which is what `send` does before it mails or enqueues.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.database import measured_server, processor_time
from benchmarks.letter import FIRST_ISSUE, write_project
from benchmarks.rounds import Effort
from benchmarks.senders import environment
from benchmarks.timing import PROJECT
from ruhrmail.config import load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.mailing import draft_mailing
from ruhrmail.store import begin_mailing, enrol, figures, open_store

COLUMNS = "email,salutation,first_name,last_name,company,language,tags,ort\n"
TAGS = ("kultur", "wirtschaft", "kultur wirtschaft")
NOTHING = 0.0


def measure_importing(effort: Effort) -> None:
    """Prints both runs on SQLite."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        measure_runs(Path(folder), effort.messages, {}, lambda: NOTHING)


def measure_importing_on_postgresql(effort: Effort) -> None:
    """Prints both runs on PostgreSQL, then the enrolling."""
    with measured_server() as server, tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        store = {"RUHRMAIL_STORE": server.database()}
        measure_runs(Path(folder), effort.messages, store, lambda: processor_time(server))
        print_enrolling(Path(folder) / "project", store, lambda: processor_time(server))


def measure_runs(folder: Path, rows: int, store: Mapping[str, str], server: Callable[[], float]) -> None:
    """A file of so many rows, imported twice; `server` tells the CPU seconds of the database's server so far."""
    project, file = folder / "project", folder / "list.csv"
    write_project(project, 1)
    write_rows(file, rows)
    size, load = file.stat().st_size / 1e6, os.getloadavg()[0]
    print(f"{rows:,} rows, {size:.0f} MB; load {load:.1f}", flush=True)
    for name in ("new", "again, unchanged"):
        print_run(name, project, file, store, server)


def write_rows(file: Path, count: int) -> None:
    """A list of that many people, as a customer database exports it."""
    with file.open("w", encoding="utf-8") as out:
        out.write(COLUMNS)
        for number in range(count):
            name = f"Frau,Vorname{number % 5000},Nachname{number % 9000},Firma {number % 300}"
            out.write(f"leser{number}@liste{number % 997}.example,{name},de,{TAGS[number % 3]},Essen\n")


def print_run(name: str, project: Path, file: Path, store: Mapping[str, str], server: Callable[[], float]) -> None:
    """Runs the command and prints what it took."""
    command = [sys.executable, "-m", "ruhrmail", "--project", str(project), "subscribers", "import", str(file)]
    before, theirs, begun = resource.getrusage(resource.RUSAGE_CHILDREN), server(), time.monotonic()
    subprocess.run(
        [*command, "--basis", "Messe"], cwd=PROJECT, env=environment(store), check=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    most = after.ru_maxrss / 1e3  # of the largest child so far
    print_line(name, took, worked, server() - theirs, f"   memory at most {most:.0f} MB")


def print_enrolling(project: Path, store: Mapping[str, str], server: Callable[[], float]) -> None:
    """Enrols everybody on the list, and prints what it took."""
    config, machine = load_config(project, {**os.environ, **store}), this_machine()
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as opened:
        draft = draft_mailing(config, FIRST_ISSUE, "relay", machine)
        mailing = begin_mailing(opened, draft.new, draft.messages, machine.now())
        theirs, worked, begun = server(), time.process_time(), time.monotonic()
        count = enrol(opened, mailing, machine.now())
        took, worked = time.monotonic() - begun, time.process_time() - worked
        print_line(f"enrolling {count:,}", took, worked, server() - theirs, "")
        begun = time.monotonic()
        figures(opened, FIRST_ISSUE)
        print_line("their figures", time.monotonic() - begun, NOTHING, NOTHING, "")


def print_line(name: str, took: float, worked: float, server: float, more: str) -> None:
    """What something took, and how busy the machine was."""
    load = os.getloadavg()[0]
    print(f"{name:24} {took:8.1f} s   processor {worked:6.1f} s   server {server:6.1f} s{more}   load {load:.1f}",
          flush=True)  # fmt: skip
