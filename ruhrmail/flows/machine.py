"""What a run takes from outside: clock, randomness, name and number of the process."""

import os
import re
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Machine:
    """`now` is aware and in UTC; `randomness(n)` gives n unguessable bytes; `hostname` is what EHLO says.

    `cores` is how many processors this process may use.
    """

    now: Callable[[], datetime]
    randomness: Callable[[int], bytes]
    hostname: str
    pid: int
    cores: int = 1


def this_machine() -> Machine:
    """The machine this process runs on."""
    return Machine(
        lambda: datetime.now(UTC), secrets.token_bytes, greeting_name(socket.gethostname()), os.getpid(), count_cores()
    )


def count_cores() -> int:
    """The processors that the system lets this process use; all of the machine's where it does not tell."""
    allowed: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def greeting_name(name: str) -> str:
    """A host name that EHLO may say (RFC 5321 section 4.1.1.1), without asking any name server."""
    return name if HOST_NAME.fullmatch(name) else "localhost"
