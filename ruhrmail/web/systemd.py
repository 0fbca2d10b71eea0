"""What a service manager is told and hands over: sd_notify(3) and sd_listen_fds(3), spoken by hand.

Each is a datagram or an environment variable; a library would be longer than this.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

SOCKET, INTERVAL, INTERVAL_FOR = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
HANDED_OVER, HANDED_TO = "LISTEN_FDS", "LISTEN_PID"
FIRST_HANDED_OVER = 3
"""The number of the first file that a service manager hands over (SD_LISTEN_FDS_START)."""


@dataclass(slots=True)
class Systemd:
    """The service manager, or nobody. `interval`: seconds within which it wants to hear that we live, 0 for never."""

    address: str = ""
    interval: float = 0.0
    heard_at: float = float("-inf")

    def ready(self) -> None:
        """Readers are answered from now on."""
        self.send("READY=1")

    def stopping(self) -> None:
        """The service ends."""
        self.send("STOPPING=1")

    def alive(self) -> None:
        """The service turns; may be said as often as one likes."""
        if self.interval and time.monotonic() - self.heard_at >= self.interval / 2:
            self.heard_at = time.monotonic()
            self.send("WATCHDOG=1")

    def send(self, state: str) -> None:
        """One datagram. A manager that is gone cannot be told, and that is no reason to answer nobody."""
        if sys.platform == "win32" or not self.address:
            return
        # An address that begins with @ stands for one that begins with a zero byte: an abstract socket (unix(7)).
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(state.encode(), address)


def systemd_of(environ: Mapping[str, str], pid: int) -> Systemd:
    """Whom to tell, as the environment says."""
    address, meant = environ.get(SOCKET, ""), environ.get(INTERVAL_FOR, str(pid)) == str(pid)
    microseconds = environ.get(INTERVAL, "")
    wanted = meant and microseconds.isascii() and microseconds.isdigit()
    return Systemd(address if address[:1] in ("/", "@") else "", int(microseconds) / 1e6 if wanted else 0.0)


def inherited_listener(environ: Mapping[str, str], pid: int) -> socket.socket | None:
    """The listening socket that the service manager handed over, None where it did not. Raises UsageError."""
    if environ.get(HANDED_TO) != str(pid) or environ.get(HANDED_OVER, "0") == "0":
        return None
    if environ[HANDED_OVER] != "1":
        raise UsageError(
            phrase("the service manager hands over {count} sockets", count=environ[HANDED_OVER]),
            hint=phrase("let its socket unit name one ListenStream"),
        )
    os.set_inheritable(FIRST_HANDED_OVER, False)
    listener = socket.socket(fileno=FIRST_HANDED_OVER)
    listener.setblocking(False)
    return listener
