"""Postfix's smtp-sink on a free port of loopback."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = shutil.which("smtp-sink", path="/usr/sbin:/usr/lib/postfix/sbin:/usr/bin") or ""
INSTALL = "smtp-sink is missing: apt-get install postfix"
HOST = "127.0.0.1"
EPHEMERAL = 32_768
"""From here on Linux gives ports to whoever wants any (ip_local_port_range)."""
TAKEN: list[socket.socket] = []
"""What this process holds."""


@dataclass(frozen=True, slots=True)
class SmtpSink:
    """A running sink; each message becomes a file in `folder`, with X-Mail-Args and X-Rcpt-Args on top."""

    port: int
    folder: Path

    def messages(self) -> list[bytes]:
        """Everything it took."""
        return [path.read_bytes() for path in sorted(self.folder.iterdir())]


@contextmanager
def smtp_sink(folder: Path, *options: str) -> Iterator[SmtpSink]:
    """Starts it, waits until it listens, and ends it by its pid."""
    if not PROGRAM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    user = ["-u", pwd.getpwuid(os.getuid()).pw_name] if os.getuid() == 0 else []
    command = [PROGRAM, *user, *options, "-d", f"{folder}/%M.", f"127.0.0.1:{port}", "1000"]
    process = subprocess.Popen(command)
    try:
        wait_for(port, process)
        yield SmtpSink(port, folder)
    finally:
        process.terminate()
        process.wait(60)


def free_port() -> int:
    """A port at which nobody listens, and nobody else will while this process lives.

    The system gives none below `EPHEMERAL` to whoever wants any port; whoever asks here holds the UDP port of that
    number, which no server of ours wants, and so keeps other processes that run tests away from it.
    """
    for _ in range(1000):
        port = secrets.choice(range(10_240, EPHEMERAL))
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mark.bind((HOST, port))
            with socket.socket() as probe:
                probe.bind((HOST, port))
        except OSError:
            mark.close()
        else:
            TAKEN.append(mark)
            return port
    raise AssertionError("no port is free")


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")


@dataclass(frozen=True, slots=True)
class Faults:
    """What smtp-sink shall do wrong, by commands in capitals: CONNECT, EHLO, HELO, MAIL, RCPT, DATA, `.`, RSET, QUIT.

    `hard` answers 500 5.3.0, `soft` 450 4.3.0 (both take PIPELINING back), `drop` hangs up without a word, `shut` says
    421 and hangs up; `abort` answers 550 that many seconds after its 354 and reads no further (0 for none); `slow` are
    seconds before the reply to DATA; `plain` announces no PIPELINING.
    """

    hard: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    abort: int = 0
    slow: int = 0
    plain: bool = False

    @property
    def options(self) -> list[str]:
        """For its command line."""
        lists = (("-f", self.hard), ("-r", self.soft), ("-q", self.drop), ("-Q", self.shut))
        numbers = (("-A", self.abort), ("-w", self.slow))
        words = [word for flag, commands in lists if commands for word in (flag, ",".join(commands))]
        words += [word for flag, seconds in numbers if seconds for word in (flag, str(seconds))]
        return [*words, "-p"] if self.plain else words
