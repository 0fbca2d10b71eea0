"""Who takes the mail: a lean sink and a delaying proxy in C, compiled here, and Postfix's `smtp-sink`."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.timing import PROJECT

SOURCES = Path(__file__).parent / "sink"
POSTFIX = "/usr/sbin:/usr/bin"
CORES = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]
SENDER_CORE, RECEIVER_CORE = CORES[0], CORES[-1]


class Missing(Exception):
    """Something that a measurement needs is not on this machine; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A running server on loopback; `process` is None where it does not say what it accepted."""

    name: str
    port: int
    process: subprocess.Popen[str] | None = None


def on_core(core: int, command: list[str]) -> list[str]:
    """The command, held to one core."""
    return [program("taskset", "util-linux"), "--cpu-list", str(core), *command]


def program(name: str, package: str) -> str:
    """Where a program lies. Raises Missing with the package that has it."""
    found = shutil.which(name) or shutil.which(name, path=POSTFIX)
    if not found:
        raise Missing(f"{name} is missing; on Debian: apt-get install {package}")
    return found


@cache
def compiled(name: str) -> str:
    """One of the C programs, compiled once a run. Raises Missing."""
    target = PROJECT / "build" / "benchmarks" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    compiler = program("cc", "gcc libc6-dev")
    subprocess.run([compiler, "-O3", "-Wall", "-Wextra", "-o", target, SOURCES / f"{name}.c"], check=True)
    return str(target)


@contextmanager
def lean_sink(*options: str) -> Iterator[Receiver]:
    """Ours: costs less than any sender, and counts what it accepted."""
    with serving([compiled("lean_sink"), *options], stdout=subprocess.PIPE) as process:
        yield Receiver("lean sink", read_port(process), process)


@contextmanager
def smtp_sink() -> Iterator[Receiver]:
    """Postfix's test server; it costs more than a good sender."""
    port = free_port()
    privileges = ["-u", "nobody"] if os.geteuid() == 0 else []
    with serving([program("smtp-sink", "postfix"), *privileges, f"127.0.0.1:{port}", "1024"]):
        wait_for(port)
        yield Receiver("smtp-sink", port)


@contextmanager
def at_distance(receiver: Receiver, milliseconds: int) -> Iterator[Receiver]:
    """The same receiver, so many milliseconds away in each direction."""
    command = [compiled("delay_proxy"), str(receiver.port), str(milliseconds)]
    with serving(command, stdout=subprocess.PIPE) as process:
        yield Receiver(f"{receiver.name}, round trip {2 * milliseconds} ms", read_port(process), receiver.process)


def accepted(receiver: Receiver) -> int | None:
    """Ends a lean sink and gives what it accepted; None for one that does not say."""
    if receiver.process is None:
        return None
    receiver.process.terminate()
    assert receiver.process.stdout is not None
    return int(receiver.process.stdout.read().split()[-1])


@contextmanager
def serving(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """A server on the receivers' core, ended with the block."""
    process = subprocess.Popen(on_core(RECEIVER_CORE, command), stdout=stdout, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def read_port(process: subprocess.Popen[str]) -> int:
    """The port that a server of ours says first."""
    assert process.stdout is not None
    return int(process.stdout.readline().removeprefix("port "))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens, five seconds at most."""
    end = time.monotonic() + 5
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
