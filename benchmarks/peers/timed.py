"""The seconds and the CPU seconds of sending, without what a process needs to start."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def cpu_seconds() -> float:
    """User and system time of this process and its threads so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def print_timed(messages: int, send: Callable[[], object]) -> None:
    """Calls `send`, which sends so many messages, and prints what that took."""
    cpu, start = cpu_seconds(), time.perf_counter()
    send()
    spent = {"messages": messages, "seconds": time.perf_counter() - start, "cpu": cpu_seconds() - cpu}
    print(json.dumps(spent))


def arguments() -> tuple[int, int, Path]:
    """Port, number of messages and folder from the command line."""
    port, count, folder = sys.argv[1:4]
    return int(port), int(count), Path(folder)
