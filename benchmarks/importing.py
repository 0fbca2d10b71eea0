"""`ruhrmail subscribers import` of a million rows: the whole command, new and again, with the memory it takes.

Again means that every row is compared with what is stored, and none differs. `--messages` says how many rows.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.letter import write_project
from benchmarks.rounds import Effort
from benchmarks.senders import environment
from benchmarks.timing import PROJECT

COLUMNS = "email,salutation,first_name,last_name,company,language,tags,ort\n"
TAGS = ("kultur", "wirtschaft", "kultur wirtschaft")


def measure_importing(effort: Effort) -> None:
    """Prints both runs."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        project, file = Path(folder) / "project", Path(folder) / "list.csv"
        write_project(project, 1)
        write_rows(file, effort.messages)
        size, load = file.stat().st_size / 1e6, os.getloadavg()[0]
        print(f"{effort.messages:,} rows, {size:.0f} MB; load {load:.1f}", flush=True)
        print_run("new", project, file)
        print_run("again, unchanged", project, file)


def write_rows(file: Path, count: int) -> None:
    """A list of that many people, as a customer database exports it."""
    with file.open("w", encoding="utf-8") as out:
        out.write(COLUMNS)
        for number in range(count):
            name = f"Frau,Vorname{number % 5000},Nachname{number % 9000},Firma {number % 300}"
            out.write(f"leser{number}@liste{number % 997}.example,{name},de,{TAGS[number % 3]},Essen\n")


def print_run(name: str, project: Path, file: Path) -> None:
    """Runs the command and prints what it took."""
    command = [sys.executable, "-m", "ruhrmail", "--project", str(project), "subscribers", "import", str(file)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [*command, "--basis", "Messe"], cwd=PROJECT, env=environment(None), check=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    most = after.ru_maxrss / 1e3  # of the largest child so far
    print(f"{name:24} {took:8.1f} s   processor {worked:6.1f} s   memory at most {most:.0f} MB", flush=True)
