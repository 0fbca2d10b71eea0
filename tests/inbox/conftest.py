"""The inbox, running in a process of its own."""

import json
import smtplib
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("trial_inbox.py")


@dataclass(frozen=True)
class Inbox:
    folder: Path
    address: str
    process: subprocess.Popen

    def connect(self):
        host, port = self.address.split(":")
        return smtplib.SMTP(host, int(port), timeout=10)

    def said(self):
        """The next message's summary."""
        return json.loads(self.process.stdout.readline())

    def files(self, name="new"):
        return sorted((self.folder / name).iterdir())


@contextmanager
def open_inbox(folder, *limit):
    command = [sys.executable, str(SCRIPT), str(folder), "127.0.0.1", *map(str, limit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Inbox(folder, process.stdout.readline().strip(), process)
        finally:
            process.kill()


@pytest.fixture
def inbox(tmp_path):
    """An inbox with room."""
    with open_inbox(tmp_path / "maildir") as inbox:
        yield inbox


@pytest.fixture
def small_inbox(tmp_path):
    """An inbox on a disk that takes no file over 20,000 bytes."""
    with open_inbox(tmp_path / "maildir", 20_000) as inbox:
        yield inbox
