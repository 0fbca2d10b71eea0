"""Commands as children of a process that has read the libraries: real processes, started in a tenth of the time."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Self

REPOSITORY = Path(__file__).parents[2]
FRESH = "FRESH_COMMANDS"
"""Set, each command reads the libraries itself."""
INTERPRETERS = ("PYTHON", "LC_", "LANG", "LD_")
"""How variables begin that Python reads when it starts: a command with others than the tests' own must be fresh."""


class Hatched:
    """One command, under way or over; has what tests use of `subprocess.Popen`, with text in pipes."""

    def __init__(self, args: Sequence[str], pid: int, out: int, err: int, status: int) -> None:
        self.args, self.pid, self.returncode = args, pid, None
        self.stdout: IO[str] = os.fdopen(out, encoding="utf-8")
        self.stderr: IO[str] = os.fdopen(err, encoding="utf-8")
        self.status: int | None = status

    def poll(self) -> int | None:
        """Its exit code, negative for the signal that ended it; nothing as long as it runs."""
        return self.returncode if self.ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """The same at its end."""
        if not self.ended(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def ended(self, timeout: float | None) -> bool:
        if self.status is not None and select.select([self.status], [], [], timeout)[0]:
            told = os.read(self.status, 16)
            assert told, "the process that has the commands as its children is gone"
            self.returncode = int(told)
            os.close(self.status)
            self.status = None
        return self.status is None

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it still says, until it ends."""
        said = ["", ""]

        def listen(number: int, stream: IO[str]) -> None:
            said[number] = stream.read()

        listeners = [
            threading.Thread(target=listen, args=item, daemon=True) for item in enumerate((self.stdout, self.stderr))
        ]
        end = None if timeout is None else time.monotonic() + timeout
        for listener in listeners:
            listener.start()
        for listener in listeners:
            listener.join(None if end is None else max(0, end - time.monotonic()))
            if listener.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0, said[0], said[1])
        self.wait(None if end is None else max(0, end - time.monotonic()))
        return said[0], said[1]

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ended just now, and nobody was told yet
                os.kill(self.pid, which)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait()


class Brooder:
    """The other end of `tests.driver.brooder`, which ends with this process."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.driver.brooder", str(theirs.fileno())]
        environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        with theirs:
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environ, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        atexit.register(self.end)

    def end(self) -> None:
        """No more orders, so it ends."""
        self.orders.close()
        self.process.wait(60)

    def hatch(self, module: str, arguments: Sequence[str], environ: Mapping[str, str], cwd: Path | None) -> Hatched:
        """Starts `python -m MODULE ARGUMENTS` without a terminal."""
        order = {"module": module, "arguments": arguments, "environ": dict(environ), "cwd": str(cwd or Path.cwd())}
        (out, their_out), (err, their_err), (status, their_status) = os.pipe(), os.pipe(), os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        theirs = [nothing, their_out, their_err, their_status]
        with self.turn:
            socket.send_fds(self.orders, [json.dumps(order).encode()], theirs)
            pid = int(self.orders.recv(16))
        for descriptor in theirs:
            os.close(descriptor)
        return Hatched(["python", "-m", module, *arguments], pid, out, err, status)


@cache
def brooder() -> Brooder:
    """One for each process that runs tests."""
    return Brooder()


def start_module(
    module: str, arguments: Sequence[str], environ: Mapping[str, str], cwd: Path | None = None
) -> "Hatched | subprocess.Popen[str]":
    """Starts `python -m MODULE ARGUMENTS` without a terminal, its output in pipes."""
    if os.environ.get(FRESH) or of_interpreter(environ) != of_interpreter(os.environ):
        ours = {"PYTHONPATH": str(REPOSITORY), **environ}
        return start_fresh([sys.executable, "-m", module, *arguments], ours, cwd)
    return brooder().hatch(module, arguments, environ, cwd)


def start_fresh(command: Sequence[str], environ: Mapping[str, str], cwd: Path | None = None) -> "subprocess.Popen[str]":
    """Starts a command that reads everything itself, in the same way."""
    return subprocess.Popen(
        command, env=dict(environ), cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip


def of_interpreter(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that Python reads when it starts, but for where our own modules are."""
    return {key: value for key, value in environ.items() if key.startswith(INTERPRETERS) and key != "PYTHONPATH"}
