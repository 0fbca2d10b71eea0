"""Postfix itself as relay: its own settings, queue and spool in a temporary folder, on a port of loopback.

`with postfix(...) as relay:` starts it and ends it; the system's own instance is neither used nor touched. Submission
wants STARTTLS and a login; whatever is for `*.example` lands in one Maildir, anything else is refused.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
import trustme

from tests.servers.postfix_settings import Rules, write_settings
from tests.servers.smtp_sink import free_port

NEEDED = {
    "postfix": "postfix",
    "saslpasswd2": "sasl2-bin",
    "/usr/lib/*/sasl2/libplain.so": "libsasl2-modules",
    "/usr/lib/*/sasl2/libsasldb.so": "libsasl2-modules-db",
}
SEARCHED = "/usr/sbin:/usr/bin:/usr/lib/postfix/sbin"
USER, PASSWORD = "anna", "g3heim/wort:ä"
DELIVERED_TO = re.compile(rb"^Delivered-To: (.+)$", re.MULTILINE)
TAKEN_AS = re.compile(rb"^Received: .*?\(Postfix\)\s.*?id (\w+)", re.MULTILINE | re.DOTALL)
"""The queue's name for the message, in the topmost field."""
QUEUES = ("maildrop", "incoming", "active", "deferred")


@dataclass(slots=True)
class Postfix:
    """A relay in `folder`. `authority` is the file that SSL_CERT_FILE names."""

    folder: Path
    port: int
    rules: Rules

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def log(self) -> str:
        """What Postfix wrote down."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def url(self, connections: int = 5) -> str:
        """For RUHRMAIL_RELAY, login included."""
        return f"smtp+starttls://{USER}:{quote(PASSWORD, safe='')}@localhost:{self.port}?connections={connections}"

    def start(self) -> None:
        """Returns once it listens. Raises RuntimeError with its log."""
        self.drop_unfinished()
        write_settings(self.folder, self.port, self.rules)
        command = [find("master"), "-c", str(self.folder / "etc"), "-w"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"Postfix does not start: {done.stderr}{self.log}")

    def drop_unfinished(self) -> None:
        """Deletes what was being written when it was stopped: nobody was told that it was taken, a real server leaves
        it alone for days, and who waits for an empty queue would wait for ever."""
        for folder in ("maildrop", "incoming"):
            for path in (self.folder / "queue" / folder).rglob("*"):
                if path.is_file() and not path.stat().st_mode & stat.S_IXUSR:
                    path.unlink()

    def stop(self) -> None:
        """At once, whatever it is doing; the queue stays."""
        if pid := self.pid():
            os.kill(pid, signal.SIGTERM)
            self.wait_until(lambda: self.pid() == 0)

    def restart(self) -> None:
        """As a machine does that goes down and comes up again."""
        self.stop()
        self.start()

    def obey(self, rules: Rules) -> None:
        """Goes on with these rules."""
        if rules != self.rules:
            self.rules = rules
            self.restart()

    def pid(self) -> int:
        """The number of its master process, 0 when there is none."""
        try:
            pid = int((self.folder / "queue" / "pid" / "master.pid").read_text())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return 0
        return pid

    def settle(self, seconds: float = 60) -> None:
        """Waits until everything in the queue has been delivered."""
        self.wait_until(lambda: not self.queued(), seconds)

    def wait_until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        """Waits, and shows what Postfix wrote down and what is in its queue where that was in vain."""
        try:
            wait_until(done, seconds)
        except AssertionError as error:
            waiting = [f"{path}: {path.stat()}" for path in self.queue_files()]
            raise AssertionError("\n".join([str(error), *waiting, self.log])) from None

    def queued(self) -> int:
        """How many messages wait in the queue."""
        return len(self.queue_files())

    def queue_files(self) -> list[Path]:
        """The messages that wait, those included that are being written."""
        return [path for name in QUEUES for path in (self.folder / "queue" / name).rglob("*") if path.is_file()]

    def files(self) -> list[bytes]:
        """Everything delivered, Postfix's own header fields on top."""
        return [path.read_bytes() for path in sorted((self.folder / "mail" / "box" / "new").glob("*"))]

    def recipients(self) -> Counter[str]:
        """How many messages each recipient got. One that was taken once and delivered again, as the relay was stopped
        before it had written down that it had delivered it, counts once."""
        taken = {
            tuple(cast("re.Match[bytes]", one.search(file))[1] for one in (DELIVERED_TO, TAKEN_AS))
            for file in self.files()
        }
        return Counter(recipient.decode() for recipient, _ in taken)

    def empty(self) -> None:
        """Forgets what was delivered."""
        for path in (self.folder / "mail" / "box" / "new").glob("*"):
            path.unlink()


@contextmanager
def postfix(rules: Rules | None = None) -> Iterator[Postfix]:
    """A running Postfix. Skips the test where it cannot run; in CI a missing part is a failure."""
    require()
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)  # its processes are other users
    relay = Postfix(folder, free_port(), rules or Rules())
    try:
        prepare(relay)
        relay.start()
        yield relay
    finally:
        relay.stop()
        shutil.rmtree(folder)


def require() -> None:
    """Skips or fails unless every part is there and we are root."""
    missing = [package for part, package in NEEDED.items() if not is_there(part)]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"missing: apt-get install {' '.join(missing)}")
    if os.getuid() != 0:
        pytest.skip("Postfix starts as root only")


def is_there(part: str) -> bool:
    return any(Path("/").glob(part.lstrip("/"))) if part.startswith("/") else bool(find(part))


def find(program: str) -> str:
    return shutil.which(program, path=SEARCHED) or ""


def prepare(relay: Postfix) -> None:
    """Folders, certificate, login; `postfix check` makes the folders of the queue."""
    for name in ("etc", "etc/sasl", "queue", "data", "mail"):
        (relay.folder / name).mkdir()
    shutil.chown(relay.folder / "data", "postfix")
    shutil.chown(relay.folder / "mail", "nobody")
    (relay.folder / "log").touch()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(relay.authority)
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(relay.folder / "etc" / "tls.pem")
    accounts = relay.folder / "etc" / "sasl" / "accounts"
    command = [find("saslpasswd2"), "-p", "-c", "-f", str(accounts), "-u", "relay.example", USER]
    subprocess.run(command, input=PASSWORD.encode(), check=True, timeout=30)
    shutil.chown(accounts, group="postfix")
    write_settings(relay.folder, relay.port, relay.rules)
    subprocess.run([find("postfix"), "-c", str(relay.folder / "etc"), "check"], check=True, timeout=60)


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
