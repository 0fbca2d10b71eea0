"""The rules over issues that are rendered already, each rule for itself, and `check` as a whole process."""

import os
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.rendering import write_project
from benchmarks.timing import PROJECT, call_once, report
from ruhrmail.check import RULES, Dossier, run
from ruhrmail.config import Config, load_config
from ruhrmail.flows.check import Inspection
from ruhrmail.flows.dossier import find_neighbours, make_dossier

RUNS = 20
SLOWEST = 5


def measure_checking() -> None:
    """Prints the medians: our rules on an issue of twelve sections and on the sample, and the slowest rules."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as shelf:
        measure_issue(write_project(Path(folder)), "zwoelf", Path(shelf))
        measure_issue(load_config(PROJECT, os.environ), "2026-11", Path(shelf))


def measure_issue(config: Config, slug: str, shelf: Path) -> None:
    """One issue: reading its sheets, all rules, and the slowest of them."""
    inspection = Inspection(config, None, (), tuple(find_neighbours(config.project)), shelf)
    made = inspection.make(slug, marked=True)
    gather = partial(make_dossier, config, made, inspection.neighbours, (), partial(inspection.make, slug))
    dossier = gather()
    report(f"{slug}: rendering with source marks", measure(partial(inspection.make, slug, marked=True)))
    report(f"{slug}: the dossier", measure(gather))
    report(f"{slug}: {len(RULES)} rules", measure(lambda: run(dossier, RULES, config.settings.check)))
    for name, median in sorted(times_of(dossier).items(), key=lambda pair: -pair[1])[:SLOWEST]:
        print(f"    {name:44} {median * 1000:.2f} ms")


def times_of(dossier: Dossier) -> dict[str, float]:
    """The median of each rule."""
    return {rule.id: statistics.median(measure(lambda rule=rule: list(rule.find(dossier)))) for rule in RULES}


def measure(function: Callable[[], object]) -> list[float]:
    """The times of some calls after one that does not count."""
    call_once(function)
    return [call_once(function) for _ in range(RUNS)]
