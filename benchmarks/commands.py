"""Whole processes: `--help` beside an empty typer program, and `build` of the full sample issue."""

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import report, ruhrmail, run_once

RUNS = 15
EMPTY = """\
import typer
app = typer.Typer()
@app.command()
def one(number: int = 1) -> None: ...
@app.command()
def two(number: int = 1) -> None: ...
app()
"""


def measure_commands() -> None:
    """Prints the times of `--help`, its ratio to an empty program in pairs, and of `build`."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")
        plain = [sys.executable, str(empty), "--help"]
        ours = ruhrmail("--help")
        build = ruhrmail("build", "2026-11", "--out", str(Path(folder) / "build"))
        for command in (plain, ours, build):
            run_once(command)  # fills the caches of the system
        pairs = [(run_once(ours), run_once(plain)) for _ in range(RUNS)]
        builds = [run_once(build) for _ in range(RUNS)]
    report("ruhrmail --help", [one for one, _ in pairs])
    report("empty typer program --help", [other for _, other in pairs])
    print(f"{'ratio, median of pairs':42} {statistics.median(one / other for one, other in pairs):.2f}")
    report("ruhrmail build 2026-11 (nine pictures)", builds)
