"""The web service's life: mails leave by themselves, whatever else goes on, and it stops in order and in time."""

import os
import signal
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ruhrmail.config import load_config
from ruhrmail.flows.joining import Request, ask_to_join
from ruhrmail.flows.machine import this_machine
from ruhrmail.store import count_posts, open_store, sender_lock
from ruhrmail.tokens import Keyring
from tests.servers.smtp_sink import free_port
from tests.stories.project import SECRET, Project, read_maildir, small_project
from tests.stories.test_killed import accepted, sink

PAGE = "https://kurzbrief.example/subscribe"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


@contextmanager
def opened(project: Project):
    config = load_config(project.folder, project.environ)
    with open_store(config.store, now=datetime.now(UTC), randomness=os.urandom) as store:
        yield config, store


def ask(project: Project, count: int) -> None:
    """So many people enter their address."""
    with opened(project) as (config, store):
        for number in range(count):
            request = Request(f"neu{number}@halde.example", PAGE)
            ask_to_join(config, store, Keyring((SECRET.encode(),)), this_machine(), request)


def posts(project: Project) -> dict[str, int]:
    with opened(project) as (_, store):
        return count_posts(store)


def wait_until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


@contextmanager
def served(project: Project, *options: str, **environ: str):
    """A running service, its address in `address`; killed in the end if it still lives."""
    process = project.start("serve", "--port", "0", *options, **environ)
    try:
        yield process, process.stdout.readline().rpartition(" ")[2].strip()
    finally:
        process.kill()
        process.communicate()


def test_mails_leave_by_themselves_while_somebody_sends_a_mailing(project):
    config = load_config(project.folder, project.environ)
    with (
        served(project, RUHRMAIL_RELAY=f"maildir:{project.folder}/out"),
        sender_lock(config.store, now=datetime.now(UTC), pid=os.getpid(), mailing="kurz"),
    ):
        ask(project, 3)
        wait_until(lambda: posts(project) == {"sent": 3})
    assert [f"neu{number}@halde.example" for number in range(3)] == [
        mail["To"].addresses[0].addr_spec for mail in read_maildir(project.folder / "out")
    ]


def test_two_services_on_one_store_send_each_mail_once(project, tmp_path):
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with (
        sink(log, "--delay", "0.005") as relay,
        served(project, "--processes", "2", RUHRMAIL_RELAY=relay),
        served(project, RUHRMAIL_RELAY=relay),
    ):
        ask(project, 100)
        wait_until(lambda: posts(project) == {"sent": 100})
    assert (100, {1}) == (len(accepted(log)), set(accepted(log).values()))


def test_a_relay_that_is_down_is_told_once_and_without_addresses(project):
    ask(project, 2)
    with served(project, RUHRMAIL_RELAY=f"smtp://127.0.0.1:{free_port()}") as (process, _):
        said = process.stderr.readline()
        time.sleep(4)
        process.terminate()
        said += process.communicate(timeout=60)[1]
    assert (1, True, False) == (said.count("2 mails about joining wait"), "refuses connections" in said, "@" in said)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_relay_that_never_answers_does_not_keep_the_service_alive(project, tmp_path, processes):
    """The mail is given back, and goes out when the service comes again."""
    log = tmp_path / "accepted.jsonl"
    log.touch()
    ask(project, 1)
    with (
        sink(log, "--fault", "dot;silence") as relay,
        served(project, "--processes", processes, RUHRMAIL_RELAY=relay) as (process, _),
    ):
        wait_until(lambda: posts(project) == {"sending": 1})
        began = time.monotonic()
        process.terminate()
        assert 0 == process.wait(10)
    assert (True, {"pending": 1}) == (time.monotonic() - began < 10, posts(project))
    with served(project, RUHRMAIL_RELAY=f"maildir:{project.folder}/out"):
        wait_until(lambda: posts(project) == {"sent": 1})


def test_the_store_may_go_away_for_a_while(project):
    folder = project.folder / ".ruhrmail"
    with served(project, RUHRMAIL_RELAY=f"maildir:{project.folder}/out") as (process, _):
        ask(project, 1)
        wait_until(lambda: posts(project) == {"sent": 1})
        (folder / "state.db").rename(folder / "aside.db")
        time.sleep(1.5)
        (folder / "aside.db").rename(folder / "state.db")
        ask(project, 2)
        wait_until(lambda: posts(project) == {"sent": 2} or posts(project) == {"sent": 3})
        assert process.poll() is None


def test_while_it_lingers_balancers_hear_that_it_stops_and_readers_nothing(project):
    with served(project, "--linger", "5") as (process, address), httpx.Client(trust_env=False, timeout=60) as client:
        assert (200, 200) == (client.get(f"{address}/healthz").status_code, client.get(address).status_code)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: client.get(f"{address}/healthz").status_code == 503)
        answer = client.get(f"{address}/healthz")
        assert (503, "stopping", 200) == (answer.status_code, answer.json()["status"], client.get(address).status_code)
        assert 0 == process.wait(10)


def test_a_reader_at_the_terminal_does_not_wait_for_the_balancers(project):
    with served(project, "--linger", "60") as (process, _):
        process.send_signal(signal.SIGINT)
        assert 0 == process.wait(10)
