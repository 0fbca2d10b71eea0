"""A million readers: how soon the first message leaves, how much memory it takes, and whether the pace holds.

The list is new at first: `ruhrmail send` reads it, stores it, builds, enrols and begins, and is interrupted after its
first messages. Then another issue goes to the same list, now unchanged, and runs to its end, or for LIMIT seconds.
A small letter to the lean sink, so that what is measured is ledger and sender, not the copying of bytes.
"""

import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.letter import FIRST_ISSUE, SECOND_ISSUE, sizes, write_project
from benchmarks.receivers import SENDER_CORE, Receiver, lean_sink, on_core
from benchmarks.rounds import Effort
from benchmarks.senders import environment, relay_at
from benchmarks.timing import PROJECT

LIMIT = 420
"""Seconds after which the long run is interrupted, so that the whole measurement ends within ten minutes."""
TICK = 100
"""Milliseconds between two counts of the sink."""
GRACE = 60
"""Seconds that an interrupted run may take to end."""
TENTHS = 10


@dataclass(slots=True)
class Watched:
    """A run of `ruhrmail send` as seen from outside; times are seconds since its command began.

    `counts` are pairs of time and messages accepted, `memory` pairs of time and resident bytes.
    """

    begun: float = field(default_factory=time.monotonic)
    first: float | None = None
    ended: float = 0.0
    counts: list[tuple[float, int]] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Messages accepted at the last count."""
        return self.counts[-1][1] if self.counts else 0

    def reached(self, messages: float) -> float:
        """When so many had been accepted, between two counts by proportion."""
        before = (self.first or 0.0, 0)
        for when, count in self.counts:
            if count >= messages:
                share = (messages - before[1]) / max(1, count - before[1])
                return before[0] + share * (when - before[0])
            before = (when, count)
        return before[0]

    def rate_between(self, start: float, end: float) -> float:
        """Messages a second between two shares of all that were sent."""
        return (end - start) * self.sent / max(1e-9, self.reached(end * self.sent) - self.reached(start * self.sent))


def measure_million(effort: Effort) -> None:
    """Prints both runs."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        project = Path(folder) / "project"
        config = write_project(project, effort.messages)
        print(f"{effort.messages:,} readers; {sizes(config, FIRST_ISSUE)}", flush=True)
        fresh = watch_send(project, FIRST_ISSUE, only_first=True)
        print_start("new list", fresh)
        steady = watch_send(project, SECOND_ISSUE, only_first=False)
        print_start("list unchanged since it was read", steady)
        print_course(steady, effort.messages)


def watch_send(project: Path, slug: str, *, only_first: bool) -> Watched:
    """Runs `ruhrmail send` to a lean sink; interrupts it after the first message, or when its time is up."""
    with lean_sink("-i", str(TICK)) as sink:
        command = [sys.executable, "-m", "ruhrmail", "--project", str(project), "send", slug, "--yes"]
        seen = Watched()
        listener = threading.Thread(target=listen, args=(sink, seen))
        listener.start()
        with subprocess.Popen(
            on_core(SENDER_CORE, command),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            env=environment(relay_at(sink.port)),
        ) as sender:
            watch_memory(sender, seen, only_first=only_first)
        seen.ended = time.monotonic() - seen.begun
        time.sleep(2 * TICK / 1000)  # the last count
        assert sink.process is not None
        sink.process.terminate()
        listener.join()
    return seen


def listen(sink: Receiver, seen: Watched) -> None:
    """Notes what the sink says until it ends."""
    assert sink.process is not None and sink.process.stdout is not None
    for line in sink.process.stdout:
        match line.split():
            case ["first", when]:
                seen.first = float(when) - seen.begun
            case ["count", when, count] if int(count) and int(count) != seen.sent:
                seen.counts.append((float(when) - seen.begun, int(count)))


def watch_memory(sender: subprocess.Popen[bytes], seen: Watched, *, only_first: bool) -> None:
    """Looks at the sender's memory each second until it ends."""
    while sender.poll() is None:
        so_far = time.monotonic() - seen.begun
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
            seen.memory.append((so_far, resident(sender.pid)))
        if (only_first and seen.first is not None) or so_far > LIMIT:
            end_soon(sender)
            return
        with suppress(subprocess.TimeoutExpired):
            sender.wait(timeout=1)


def end_soon(sender: subprocess.Popen[bytes]) -> None:
    """Interrupts a run as a person would; one that does not end is killed and named."""
    sender.send_signal(signal.SIGINT)
    try:
        sender.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        sender.kill()
        print(f"`ruhrmail send` did not end within {GRACE} s of its interruption and was killed")


def resident(process: int) -> int:
    """Bytes of a process in memory; 0 once it is a zombie."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    return 1024 * int(found[1]) if found else 0


def print_start(name: str, seen: Watched) -> None:
    """When the first message had arrived, and the most memory of that run."""
    if seen.first is None:
        raise SystemExit(f"{name}: `ruhrmail send` ended without a message; run it by hand to see why")
    most = max(size for _, size in seen.memory)
    print(f"{name + ': first message after':48} {seen.first:8.1f} s   memory at most {most / 1e6:.0f} MB", flush=True)


def print_course(seen: Watched, readers: int) -> None:
    """Pace and memory by tenths of what was sent."""
    part = "" if seen.sent == readers else f" (of {readers:,}: interrupted after {LIMIT} s)"
    print(f"sent {seen.sent:,}{part} in {seen.ended:.0f} s, the whole process")
    shares = [number / TENTHS for number in range(TENTHS + 1)]
    rates = [seen.rate_between(start, end) for start, end in pairwise(shares)]
    sizes_then = [memory_at(seen, seen.reached(end * seen.sent)) for end in shares[1:]]
    print_row("tenth", [str(number) for number in range(1, TENTHS + 1)])
    print_row("msg/s", [f"{rate:,.0f}" for rate in rates])
    print_row("memory at its end, MB", [f"{size / 1e6:.0f}" for size in sizes_then])
    print(f"{'last tenth / first tenth':48} {rates[-1] / rates[0]:8.2f}   median {statistics.median(rates):,.0f} msg/s")


def print_row(name: str, cells: Sequence[str]) -> None:
    print(f"{name:24}" + "".join(f"{cell:>9}" for cell in cells))


def memory_at(seen: Watched, when: float) -> int:
    """The sample nearest to a moment."""
    return min((sample for sample in seen.memory if sample[1]), key=lambda sample: abs(sample[0] - when))[1]
