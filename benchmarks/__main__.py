"""`python -m benchmarks [NAME…]`: runs the measurements and prints medians and ratios."""

import argparse
from collections.abc import Callable, Mapping

from benchmarks.checking import measure_checking
from benchmarks.commands import measure_commands
from benchmarks.composing import measure_composing
from benchmarks.delivery import measure_delivery, measure_distance
from benchmarks.desk import measure_desk
from benchmarks.fleet import measure_fleet
from benchmarks.importing import measure_importing, measure_importing_on_postgresql
from benchmarks.leaving import measure_leaving, measure_leaving_on_postgresql
from benchmarks.ledger import measure_ledger
from benchmarks.million import measure_million
from benchmarks.previewing import measure_previewing
from benchmarks.receivers import Missing
from benchmarks.rendering import measure_rendering
from benchmarks.returns import measure_returns
from benchmarks.rounds import Effort
from benchmarks.signing import measure_signing

MEASUREMENTS: Mapping[str, Callable[[Effort], None]] = {
    "commands": lambda effort: measure_commands(),
    "rendering": lambda effort: measure_rendering(),
    "checking": lambda effort: measure_checking(),
    "previewing": lambda effort: measure_previewing(),
    "desk": lambda effort: measure_desk(),
    "ledger": lambda effort: measure_ledger(),
    "leaving": measure_leaving,
    "leaving-postgresql": measure_leaving_on_postgresql,
    "composing": lambda effort: measure_composing(),
    "delivery": measure_delivery,
    "signing": measure_signing,
    "distance": measure_distance,
    "returns": measure_returns,
    "fleet": measure_fleet,
}
ASKED_FOR: Mapping[str, Callable[[Effort], None]] = {
    "importing": measure_importing,
    "importing-postgresql": measure_importing_on_postgresql,
    "million": measure_million,
}
"""Take long: only run when they are named."""


def main() -> None:
    every = {**MEASUREMENTS, **ASKED_FOR}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(every)}; without: all but the last three")
    parser.add_argument("--messages", type=int, help="for the fastest sender a round (10,000; the last three: readers)")
    parser.add_argument("--rounds", type=int, default=5, help="of each pair (5)")
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.names) - set(every))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    for name in wanted.names or MEASUREMENTS:
        print(f"== {name}", flush=True)
        try:
            every[name](Effort(wanted.messages or (1_000_000 if name in ASKED_FOR else 10_000), wanted.rounds))
        except Missing as reason:
            print(f"skipped: {reason}")


if __name__ == "__main__":
    main()
