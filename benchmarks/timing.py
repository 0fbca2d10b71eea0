"""Wall times of whole processes and of functions, in turn, as medians."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def run_once(command: Sequence[str]) -> float:
    """Seconds that a command takes as a whole process. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def call_once(function: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def report(name: str, seconds: Sequence[float]) -> None:
    """One line: median, least and most in milliseconds."""
    median, least, most = (1000 * of(seconds) for of in (statistics.median, min, max))
    print(f"{name:48} median {median:8.1f} ms   min {least:8.1f}   max {most:8.1f}   n {len(seconds)}")


def ruhrmail(*arguments: str) -> list[str]:
    """The command line of this checkout's program."""
    return [sys.executable, "-m", "ruhrmail", "--project", str(PROJECT), *arguments]
