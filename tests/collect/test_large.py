"""Mailboxes of any size in the same memory."""

import subprocess
import sys
from pathlib import Path

import pytest

MORE = 24_000
"""Kilobytes that reading may take beside what the program takes by itself."""
SCRIPT = """
import resource, sys
from pathlib import Path
from ruhrmail.collect.maildir import Maildir
from ruhrmail.collect.mbox import Mbox
path = Path(sys.argv[1])
reader = Maildir(path, delete=False) if path.is_dir() else Mbox(path, delete=False)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count, position = 0, {}
for found in reader.read(position):
    count, position = count + 1, found.position
again = sum(1 for _ in reader.read(position))
print(count, again, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
LETTER = (
    b"From MAILER-DAEMON Fri Nov  6 10:00:00 2026\nTo: u+%d@kurzbrief.example\nSubject: Undelivered\n\n"
    + b"x\n" * 20
    + b"\n"
)


def read(path: Path) -> tuple[int, int, int]:
    """Messages, those that are read again behind the last position, kilobytes of memory."""
    command = [sys.executable, "-c", SCRIPT, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    count, again, memory = map(int, done.stdout.split())
    return count, again, memory


def write_mbox(path: Path, count: int) -> Path:
    with path.open("wb") as file:
        for start in range(0, count, 1000):
            file.write(b"".join(LETTER % number for number in range(start, start + 1000)))
    return path


@pytest.mark.parametrize("count", [200_000, pytest.param(1_000_000, marks=pytest.mark.soak)])
def test_an_mbox_is_read_in_constant_memory(tmp_path, count):
    found, again, memory = read(write_mbox(tmp_path / "box", count))
    assert (count, 0, True) == (found, again, memory < MORE)


@pytest.mark.parametrize("count", [25_000, pytest.param(300_000, marks=pytest.mark.soak)])
def test_a_maildir_is_read_in_constant_memory(tmp_path, count):
    for name in ("new", "cur"):
        (tmp_path / name).mkdir()
    for number in range(count):
        (tmp_path / "new" / f"{number:07}").write_bytes(b"x")
    found, _, memory = read(tmp_path)
    assert (count, True) == (found, memory < MORE)
