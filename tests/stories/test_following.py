"""What people see of a fleet, from the command line: send, status, stop, metrics and what workers say."""

import json
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.smtp_sink import free_port
from tests.stories.project import Project, small_project
from tests.stories.test_killed import accepted, sink, wait_until

PEOPLE = 120
SLOW = ("--delay", "0.05")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "accepted.jsonl"
    path.touch()
    return path


@pytest.fixture
def project(tmp_path: Path, database: str) -> Project:
    project = small_project(tmp_path / "project", PEOPLE)
    project.environ |= {"RUHRMAIL_STORE": database, "RUHRMAIL_RELAY": "smtp://127.0.0.1:1"}
    return project


@contextmanager
def worker(project: Project, *options: str) -> Iterator[list[str]]:
    """A worker while the block runs; afterwards the lines that it said on standard error."""
    process, said = project.start("worker", *options), []
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("the worker is ready: ")
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=60)[1].splitlines()
        assert 0 == process.returncode


def shown(project: Project, slug: str = "kurz") -> dict[str, object]:
    return json.loads(project.run("status", slug, "--format", "json").stdout)


def test_a_queued_mailing_is_told_as_one_that_is_still_to_be_sent(project: Project, log: Path) -> None:
    done = project.run("send", "kurz", "--yes")
    assert (0, f"kurz: queued for workers, recipients: {PEOPLE}\n") == (done.returncode, done.stdout)
    assert "no worker is running, so nothing is sent: start `ruhrmail worker` on any machine\n" in done.stderr
    text = project.run("status", "kurz").stdout
    assert "no worker is running, so nothing is sent" in text
    assert "nobody is sending" not in text
    found = shown(project)
    assert ([], {"held": 0, "total": 4}, None) == (found["workers"], found["slots"], found["process"])
    planned = project.run("send", "kurz", "--yes", "--at", "2036-11-30T08:00")
    assert (0, "kurz: scheduled for 2036-11-30 08:00:00; workers begin it then, this machine need not run\n") == (
        planned.returncode, planned.stdout,
    )  # fmt: skip
    stopped = project.run("stop", "kurz")
    assert "kurz was scheduled for 2036-11-30 08:00:00, and is stopped now" in stopped.stdout
    assert [] == log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("options", [("--log", "log"), ("--metrics", "0"), ("--test", "a@n.example", "--follow")])
def test_options_that_belong_to_workers_or_to_a_list_are_refused(project: Project, options: tuple[str, ...]) -> None:
    done = project.run("send", "kurz", "--yes", *options)
    assert (2, "") == (done.returncode, done.stdout)


def test_who_follows_sees_the_whole_fleet_and_gets_the_code_of_the_end(project: Project, log: Path) -> None:
    with sink(log, *SLOW) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        with worker(project) as said, worker(project) as said_too:
            run = project.start("send", "kurz", "--yes", "--follow")
            wait_until(lambda: any(one["slots"] for one in shown_or_none(project)))
            found, text = shown(project), project.run("status").stdout
            stderr = run.communicate(timeout=60)[1]
    assert 0 == run.returncode
    assert re.search(r"workers send it: \S+ \(\d+\), \S+ \(\d+\); Ctrl\+C ends only the looking on", stderr)
    assert {"name", "host", "pid", "alive", "since", "silent_seconds", "mailing", "slots", "sent",
            "messages_per_second", "hindrances"} == set(found["workers"][0])  # fmt: skip
    assert [True, True] == [one["alive"] for one in found["workers"]]
    assert re.search(r"  worker \S+ \(\d+\), since [-\d]+ [:\d]+: \d of 4 slots, \S+ a second, \d+ sent in all", text)
    assert PEOPLE == sum(int(line.split()[1]) for line in (*said, *said_too) if "sent by this worker" in line)
    assert {1} == set(accepted(log).values())


def shown_or_none(project: Project) -> list[dict[str, object]]:
    done = project.run("status", "kurz", "--format", "json")
    return json.loads(done.stdout)["workers"] if done.returncode == 0 else []


def test_ctrl_c_ends_the_looking_on_and_the_workers_go_on(project: Project, log: Path) -> None:
    with sink(log, *SLOW) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        with worker(project):
            run = project.start("send", "kurz", "--yes", "--follow")
            while "Ctrl+C ends only the looking on" not in (line := run.stderr.readline()):
                assert line, "it ended before it looked on"
            run.send_signal(signal.SIGINT)
            stderr = run.communicate(timeout=60)[1]
            assert (1, True) == (run.returncode, "no longer looking on; the workers go on" in stderr)
            assert 0 == project.run("send", "kurz", "--yes", "--follow").returncode
    assert PEOPLE == len(accepted(log))


def test_a_worker_logs_each_attempt_and_serves_its_own_and_the_fleets_figures(
    project: Project, log: Path, tmp_path: Path
) -> None:
    with sink(log) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        url = f"http://127.0.0.1:{free_port()}/metrics"
        with worker(project, "--log", str(tmp_path / "log"), "--metrics", url.split("/")[2]) as said:
            project.run("send", "kurz", "--yes", "--follow")
            text = urllib.request.urlopen(url, timeout=60).read().decode()
    assert f"metrics: {url}" in said
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert (PEOPLE, {"kurz"}, {"sent"}) == (
        len(lines), {one["mailing"] for one in lines}, {one["outcome"] for one in lines},
    )  # fmt: skip
    assert 'liste1.example"' in (tmp_path / "log").read_text(encoding="utf-8")
    assert "@liste" not in (tmp_path / "log").read_text(encoding="utf-8")
    assert f'outcome="sent"}} {PEOPLE}' in text
    assert 'ruhrmail_workers{state="alive"} 1' in text
    assert "ruhrmail_store_up 1" in text


def test_a_relay_that_is_not_there_does_not_fill_the_log_of_a_worker_and_is_named_until_it_is(
    project: Project, log: Path
) -> None:
    port = free_port()
    project.environ["RUHRMAIL_RELAY"] = f"smtp://127.0.0.1:{port}"
    with worker(project) as said:
        run = project.start("send", "kurz", "--yes", "--follow")
        wait_until(lambda: any(one["hindrances"] for one in shown_or_none(project)))
        [[told]] = [one["hindrances"] for one in shown_or_none(project)]
        text = project.run("status").stdout
        time.sleep(5)
        with sink(log, "--port", str(port)):
            stderr = run.communicate(timeout=60)[1]
            wait_until(lambda: not any(one["hindrances"] for one in shown_or_none(project)))
    assert (0, PEOPLE) == (run.returncode, len(accepted(log)))
    assert (f"127.0.0.1:{port}", True) == (told["relay"], "refuses connections" in told["reason"])
    assert re.search(r"^worker \S+ \(\d+\), since .*: the relay \S+ refuses connections\ntry: ", text, re.MULTILINE)
    assert re.search(r"^worker \S+ \(\d+\), since .*: the relay \S+ refuses connections\ntry: ", stderr, re.MULTILINE)
    assert 3 >= len([line for line in said if "refuses connections" in line]), said
