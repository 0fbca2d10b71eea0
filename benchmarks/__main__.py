"""`python -m benchmarks [NAME…]`: runs the measurements and prints medians and ratios."""

import sys
from collections.abc import Callable, Mapping

from benchmarks.commands import measure_commands
from benchmarks.composing import measure_composing
from benchmarks.rendering import measure_rendering

MEASUREMENTS: Mapping[str, Callable[[], None]] = {
    "commands": measure_commands,
    "composing": measure_composing,
    "rendering": measure_rendering,
}


def main() -> None:
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"== {name}", flush=True)
        MEASUREMENTS[name]()


if __name__ == "__main__":
    main()
