"""Who copies a store has to know whether anybody can leave there meanwhile."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

import ruhrmail
from ruhrmail.errors import StoreLocked
from ruhrmail.store import ensure_no_services, find_services, serving_lock
from tests.store.samples import NOW, on_sqlite
from tests.stories.test_killed import wait_until

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ruhrmail.__file__).parents[1])}
SERVICE = """
import os, sys, time
from ruhrmail.store import serving_lock
from tests.store.samples import NOW
with serving_lock(sys.argv[1], now=NOW, pid=os.getpid(), host="essen", randomness=os.urandom):
    print("ready", flush=True)
    time.sleep(60)
"""


def serving(url: str, pid: int):
    return serving_lock(url, now=NOW, pid=pid, host="essen", randomness=os.urandom)


def pids(url: str) -> set[int]:
    return {one.pid for one in find_services(url)}


def test_any_number_may_serve_and_each_is_known_until_it_ends(url):
    assert set() == pids(url)
    with ExitStack() as stack:
        stack.enter_context(serving(url, 7))
        with serving(url, 8):
            assert {7, 8} == pids(url)
            with pytest.raises(StoreLocked, match=r"the web service answers for this store: 7.*, 8"):
                ensure_no_services(url)
        assert {7} == pids(url)
    assert set() == pids(url)
    ensure_no_services(url)


def test_a_killed_one_counts_no_more(url):
    command = [sys.executable, "-c", SERVICE, url]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as service, serving(url, 7):
        assert service.stdout.readline() == "ready\n"
        assert {7, service.pid} == pids(url)
        service.kill()
        service.wait()
        wait_until(lambda: pids(url) == {7})
    assert set() == pids(url)


@on_sqlite
def test_nothing_of_dead_ones_stays_beside_the_file(url):
    folder = Path(url.removeprefix("sqlite:///")).parent
    with serving(url, 7):
        [note] = folder.glob("*.json")
        lost = note.with_name(note.name.replace(".serving-", ".serving-dead"))
        lost.write_text(note.read_text())
        lost.with_suffix(".lock").touch()
        assert {7} == pids(url)
    assert [] == list(folder.glob("*.serving-*"))
