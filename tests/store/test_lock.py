"""One sender per store."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import ruhrmail
from ruhrmail.errors import StoreError, StoreLocked
from ruhrmail.model.phrase import phrase
from ruhrmail.store import find_sender, sender_lock
from tests.store.samples import NOW, on_sqlite

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ruhrmail.__file__).parents[1])}
HOLDER = """
import sys, time, os
from ruhrmail.store import find_sender, sender_lock
from tests.store.samples import NOW, on_sqlite
with sender_lock(sys.argv[1], now=NOW, pid=os.getpid()):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_the_second_sender_is_refused_with_the_first_one_named_and_a_kill_frees_the_lock(url):
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "ready\n"
        with pytest.raises(StoreLocked) as caught, sender_lock(url, now=NOW, pid=1):
            pass
        holder.send_signal(signal.SIGKILL)
    assert caught.value.message.values == {"pid": str(holder.pid), "since": f"{NOW.astimezone():%Y-%m-%d %H:%M:%S}"}
    with sender_lock(url, now=NOW, pid=1):
        pass


@on_sqlite
def test_the_lock_is_free_after_its_block_and_its_note_is_gone(url):
    folder = Path(url.removeprefix("sqlite:///")).parent
    for _ in range(2):
        with sender_lock(url, now=NOW, pid=1):
            files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
            assert files == {"state.db.sender.lock": 0o600, "state.db.sender.json": 0o600}
    assert not (folder / "state.db.sender.json").exists()


@on_sqlite
def test_a_holder_that_left_no_note_yet_is_refused_without_a_name(url):
    with sender_lock(url, now=NOW, pid=1):
        Path(url.removeprefix("sqlite:///") + ".sender.json").unlink()
        with pytest.raises(StoreLocked, match="another process is sending"), sender_lock(url, now=NOW, pid=2):
            pass


@on_sqlite
def test_a_note_that_cannot_be_removed_hides_no_error_and_keeps_no_lock(url):
    with pytest.raises(StoreError, match="the disk broke"), sender_lock(url, now=NOW, pid=1):
        note = next(Path(url.removeprefix("sqlite:///")).parent.glob("*.json"))
        note.unlink()
        note.mkdir()
        raise StoreError(phrase("the disk broke"))
    note.rmdir()
    with sender_lock(url, now=NOW, pid=1):
        pass


def test_a_holder_is_named_with_its_machine_where_there_may_be_many(url):
    """A store in a file has all its processes on one machine."""
    with sender_lock(url, now=NOW, pid=7, host="versand2"):
        found = find_sender(url)
        assert found is not None
        expected = ("7 (versand2)", "versand2") if url.startswith("postgresql") else ("7", "")
        assert expected == (found.name, found.host)
        with pytest.raises(StoreLocked) as caught, sender_lock(url, now=NOW, pid=8, host="versand1"):
            pass
        assert expected[0] == caught.value.message.values["pid"]
