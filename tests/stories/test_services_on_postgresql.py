"""Web services on several ports over one store in PostgreSQL, as on several machines: any of them may answer."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers.postgresql import QUICK, Server, postgresql
from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_joining import filled_in
from tests.stories.test_killed import CONNECTIONS, accepted, sink
from tests.stories.test_service_life import ask, posts, served, wait_until

NEW = "Ada.Zechenkind@grubenlicht.example"
CONFIRM = re.compile(r"https://kurzbrief\.example(/confirm/[A-Za-z0-9_-]{44})")
LEAVE = re.compile(r"<https://kurzbrief\.example(/u/[A-Za-z0-9_-]+)>")
LATER = "UPDATE outbox SET lease_until = 0, next_at = 0 WHERE state IN ('sending', 'pending')"
"""As if the quarter of an hour had passed in which whoever took a mail out may still send it."""


@pytest.fixture
def project(tmp_path: Path, database: str) -> Project:
    made = small_project(tmp_path / "project", 2)
    made.environ["RUHRMAIL_STORE"] = database
    return made


@contextmanager
def two_services(project: Project):
    """One of two processes and one of one, and a client for each."""
    with served(project, "--processes", "2") as (_, one), served(project) as (_, two), ExitStack() as stack:
        yield [stack.enter_context(httpx.Client(base_url=each, timeout=60, trust_env=False)) for each in (one, two)]


def state_of(project: Project, address: str) -> str:
    """How somebody stands, and why they get no mail."""
    shown = json.loads(project.run("subscribers", "show", address, "--format", "json").stdout)
    return str(shown["suppression"]["reason"] if shown["suppression"] else shown["state"])


def mail_to(folder: Path, address: str):
    """The newest mail of a Maildir to an address, once there is one."""
    found: list = []

    def came() -> bool:
        found[:] = [mail for mail in read_maildir(folder) if mail["To"].addresses[0].addr_spec == address]
        return bool(found)

    wait_until(came)
    return found[-1]


def test_who_joins_at_one_confirms_at_the_other_and_leaves_at_either(project, tmp_path):
    joining, issues = tmp_path / "joining", tmp_path / "issues"
    project.environ["RUHRMAIL_RELAY"] = f"maildir:{joining}"
    with two_services(project) as (here, there):
        assert 303 == here.post("/subscribe", data=filled_in(here, address=NEW)).status_code
        link = CONFIRM.search(mail_to(joining, NEW).get_content())[1]
        assert "unconfirmed" == state_of(project, NEW)
        assert 200 == there.post(link).status_code
        assert "subscribed" == state_of(project, NEW)
        assert "Sie sind dabei" in here.get(link).text
        for command in (("send", "kurz", "--yes"), ("worker", "--once")):
            done = project.run(*command, RUHRMAIL_RELAY=f"maildir:{issues}")
            assert 0 == done.returncode, done.stderr
        everybody = (NEW, "leser0@liste0.example", "leser1@liste1.example")
        for service, address in zip((here, there, here), everybody, strict=True):
            link = LEAVE.search(mail_to(issues, address)["List-Unsubscribe"])[1]
            assert 200 == service.post(link, data={"List-Unsubscribe": "One-Click"}).status_code
        assert ["unsubscribed"] * 3 == [state_of(project, address) for address in everybody]
        again = [service.post(link, data={"List-Unsubscribe": "One-Click"}).status_code for service in (here, there)]
    assert [200, 200] == again


def test_mails_about_joining_leave_once_while_sessions_are_cut(project, tmp_path, cluster, database):
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with (
        sink(log, "--delay", "0.01") as relay,
        served(project, "--processes", "2", RUHRMAIL_RELAY=relay),
        served(project, RUHRMAIL_RELAY=relay),
    ):
        ask(project, 60)
        for _ in range(4):
            cut_sessions(cluster, database)
            time.sleep(0.3)
        wait_until_sent(project, cluster, 60)
    assert (60, {1}) == (len(accepted(log)), set(accepted(log).values()))


def wait_until_sent(project: Project, server: Server, count: int) -> None:
    """Until every mail has left. The time that those lie which nobody sends any more is cut short."""
    for _ in range(12):
        seen = None
        while (found := posts(project)) != {"sent": count} and found != seen:
            seen = found
            time.sleep(5)
        if found == {"sent": count}:
            return
        server.execute(LATER, database=name_of(project.store))
    raise AssertionError(found)


def cut_sessions(cluster: Server, database: str) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"
    cluster.execute(ended.format(name_of(database)))


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture
def durable():
    """A server whose word is good: what it says is written is on the disk."""
    with postgresql() as server:
        yield server


def test_after_a_kill_and_a_restart_of_the_server_nobody_waits_in_vain(
    project: Project, tmp_path: Path, durable: Server
) -> None:
    """What the killed one had sent and not written down leaves again: at most two mails for each of its connections."""
    project.environ["RUHRMAIL_STORE"] = durable.database()
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with (
        sink(log, "--delay", "0.01") as relay,
        served(project, RUHRMAIL_RELAY=relay) as (killed, _),
        served(project, RUHRMAIL_RELAY=relay) as (_, stays),
        httpx.Client(base_url=stays, timeout=60, trust_env=False) as client,
    ):
        ask(project, 60)
        wait_until(lambda: len(accepted(log)) > 5)
        killed.send_signal(signal.SIGKILL)
        durable.restart(signal.SIGQUIT)
        wait_until(lambda: client.get("/healthz").status_code == 200, 30)
        wait_until_sent(project, durable, 60)
        assert 200 == client.get("/subscribe").status_code
    twice = [address for address, times in accepted(log).items() if times > 1]
    assert (60, True) == (len(accepted(log)), len(twice) <= 2 * CONNECTIONS), twice


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """A server that takes connections and answers nobody while the block runs."""
    first = server.process.pid
    all_of_it = [first, *(int(one) for one in Path(f"/proc/{first}/task/{first}/children").read_text().split())]
    for pid in all_of_it:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in all_of_it:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.soak
def test_while_the_database_hangs_pages_that_need_none_are_answered_and_links_say_come_again(
    project: Project, tmp_path: Path
) -> None:
    """More links than the service has threads; the first of them wait for eight seconds."""
    with postgresql(**QUICK) as server:
        project.environ |= {"RUHRMAIL_STORE": server.database(), "RUHRMAIL_RELAY": f"maildir:{tmp_path}/mails"}
        for command in (("send", "kurz", "--yes"), ("worker", "--once")):
            assert 0 == project.run(*command).returncode
        link = LEAVE.search(read_maildir(tmp_path / "mails")[0]["List-Unsubscribe"])[1]
        with (
            served(project) as (_, address),
            httpx.Client(
                base_url=address, timeout=30, trust_env=False, limits=httpx.Limits(max_connections=100)
            ) as one,
            ThreadPoolExecutor(60) as readers,
        ):
            assert 200 == one.get(link).status_code
            with frozen(server):
                looking = [readers.submit(one.get, link) for _ in range(50)]
                leaving = [readers.submit(one.post, link) for _ in range(10)]
                assert 200 == one.get("/subscribe", timeout=5).status_code
                answers = [each.result() for each in looking + leaving]
                assert (503, "30") == (one.get(link, timeout=5).status_code, answers[0].headers["Retry-After"])
                assert 503 == one.get("/healthz", timeout=5).status_code
            assert {503} == {each.status_code for each in answers}
            wait_until(lambda: one.get(link).status_code == 200)
            assert 200 == one.post(link).status_code
