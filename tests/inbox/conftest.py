"""The inbox, running in a process of its own."""

import json
import os
import smtplib
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.driver.hatched import Hatched, start_module


@dataclass(frozen=True)
class Inbox:
    folder: Path
    address: str
    process: Hatched | subprocess.Popen

    def connect(self):
        host, port = self.address.split(":")
        return smtplib.SMTP(host, int(port), timeout=60)

    def said(self):
        """The next message's summary."""
        return json.loads(self.process.stdout.readline())

    def files(self, name="new"):
        return sorted((self.folder / name).iterdir())


@contextmanager
def open_inbox(folder, *limit):
    with start_module("tests.inbox.trial_inbox", [str(folder), "127.0.0.1", *map(str, limit)], os.environ) as process:
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
