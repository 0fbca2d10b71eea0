"""Warm rendering: YAML to HTML, text and web page in one process, pictures fitted before."""

import os

from benchmarks.timing import PROJECT, call_once, report
from ruhrmail.config import load_config
from ruhrmail.flows.edition import make_edition

RUNS = 50


def measure_rendering() -> None:
    """Prints the time of the full sample issue from its file to the edition."""
    config = load_config(PROJECT, os.environ)
    for _ in range(3):
        make_edition(config, "2026-11", None)
    report(
        "YAML to HTML, text, page (2026-11)",
        [call_once(lambda: make_edition(config, "2026-11", None)) for _ in range(RUNS)],
    )
