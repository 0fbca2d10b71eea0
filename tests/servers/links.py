"""Networks of their own on this machine, each at the end of a link that can be cut (Linux, root).

`with linked(0) as link:` makes one. What runs in it reaches this machine at `link.here` and nothing else.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

CLONE_NEWNET = 0x40000000
FOLDER = Path("/run/netns")


@dataclass(frozen=True, slots=True)
class Link:
    """A network's `name`, the link's `device` on this side, and the address of this machine as seen from there."""

    name: str
    device: str
    here: str

    def cut(self) -> None:
        """Nothing passes any more, and nobody is told."""
        ip("link", "set", self.device, "down")

    def mend(self) -> None:
        """It passes again."""
        ip("link", "set", self.device, "up")


@contextmanager
def linked(number: int) -> Iterator[Link]:
    """A network of this process's own, gone afterwards; skips where that is not allowed (in CI as root it fails)."""
    mark = f"{os.getpid() % 0x10000:x}{number}"
    link = Link(f"ruhrmail-{mark}", f"rm{mark}", f"10.{os.getpid() // 256 % 256}.{os.getpid() % 256}.{4 * number + 1}")
    try:
        try:
            ip("netns", "add", link.name)
            ip("link", "add", link.device, "type", "veth", "peer", "name", "eth0", "netns", link.name)
        except (OSError, subprocess.CalledProcessError) as error:
            refuse(error)
        ip("addr", "add", f"{link.here}/30", "dev", link.device)
        link.mend()
        there = f"{link.here.rpartition('.')[0]}.{4 * number + 2}"
        ip("-n", link.name, "addr", "add", f"{there}/30", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", link.name, "link", "set", device, "up")
        yield link
    finally:
        with suppress(OSError, subprocess.CalledProcessError):
            ip("netns", "del", link.name)


def refuse(error: Exception) -> None:
    """Skips, or fails where it should have worked."""
    why = f"no network of its own: {getattr(error, 'stderr', '') or error}"
    (pytest.fail if os.environ.get("CI") and os.getuid() == 0 else pytest.skip)(why)


def enter(name: str) -> None:
    """Puts this process into a network. Raises OSError."""
    with (FOLDER / name).open("rb") as network:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(network.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def ip(*arguments: str) -> None:
    """Runs `ip`. Raises CalledProcessError."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
