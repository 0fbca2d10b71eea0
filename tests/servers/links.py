"""Networks of their own on this machine, each at the end of a link that can be cut (Linux, root).

`with hub() as middle, linked(middle, 0) as link:` makes one. What runs in it reaches `link.here` in the middle, where
proxies listen, and nothing else. The machine's own network has no part in it: a device that comes or goes there makes
browsers break off what they load.
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
OURS = Path("/proc/thread-self/ns/net")


@dataclass(frozen=True, slots=True)
class Link:
    """A network's `name`, that of the `middle`, the link's `device` there, and its address as seen from the network."""

    name: str
    middle: str
    device: str
    here: str

    def cut(self) -> None:
        """Nothing passes any more, and nobody is told."""
        ip("-n", self.middle, "link", "set", self.device, "down")

    def mend(self) -> None:
        """It passes again."""
        ip("-n", self.middle, "link", "set", self.device, "up")


@contextmanager
def hub() -> Iterator[str]:
    """The network that links lead to, gone afterwards; skips where that is not allowed (in CI as root it fails)."""
    name = f"ruhrmail-{os.getpid():x}"
    try:
        try:
            ip("netns", "add", name)
        except (OSError, subprocess.CalledProcessError) as error:
            refuse(error)
        ip("-n", name, "link", "set", "lo", "up")
        yield name
    finally:
        with suppress(OSError, subprocess.CalledProcessError):
            ip("netns", "del", name)


@contextmanager
def linked(middle: str, number: int) -> Iterator[Link]:
    """A network at the end of a link, gone afterwards."""
    link = Link(f"{middle}-{number}", middle, f"link{number}", f"10.0.{number}.1")
    ip("netns", "add", link.name)
    try:
        ip("-n", middle, "link", "add", link.device, "type", "veth", "peer", "name", "eth0", "netns", link.name)
        ip("-n", middle, "addr", "add", f"{link.here}/30", "dev", link.device)
        link.mend()
        ip("-n", link.name, "addr", "add", f"10.0.{number}.2/30", "dev", "eth0")
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
    """Puts this thread into a network. Raises OSError."""
    go_to(FOLDER / name)


@contextmanager
def visiting(name: str) -> Iterator[None]:
    """Lets this thread make its sockets in a network, where one is named. Raises OSError."""
    with OURS.open("rb") as before:
        if name:
            enter(name)
        try:
            yield
        finally:
            if name:
                go_to(Path(f"/proc/self/fd/{before.fileno()}"))


def go_to(network: Path) -> None:
    """Puts this thread into a network. Raises OSError."""
    with network.open("rb") as found:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(found.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def ip(*arguments: str) -> None:
    """Runs `ip`. Raises CalledProcessError."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
