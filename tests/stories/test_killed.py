"""kill -9 at any moment: nobody is mailed twice, nobody is lost, the doubtful are named."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.driver.accounts import read_log
from tests.driver.hatched import Hatched, start_module
from tests.stories.project import Project, small_project

PEOPLE = 2000
KILLS = 10
CONNECTIONS = 5


@contextmanager
def sink(log: Path, *options: str) -> Iterator[str]:
    """The sink that writes down every acceptance before it answers; gives its address as a relay."""
    with start_module("tests.servers.sink", ["--log", str(log), *options], os.environ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            yield f"smtp://127.0.0.1:{port}?connections={CONNECTIONS}"
        finally:
            process.kill()


def accepted(log: Path) -> Counter[str]:
    """How often each recipient's message was accepted."""
    return Counter(read_log(log))


def standing(project: Project) -> dict[str, object]:
    return json.loads(project.run("status", "kurz", "--format", "json", "--recipients").stdout)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 22))])
def test_ten_kills_lose_nobody_and_mail_nobody_twice(tmp_path: Path, seed: int) -> None:
    project = small_project(tmp_path / "project", PEOPLE)
    dice = random.Random(seed)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    kills = 0
    with sink(log, "--delay", "0.001") as relay:
        while kills < KILLS:
            before = sum(accepted(log).values())
            run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
            wait_until(partial(is_under_way, run, log, before))
            time.sleep(dice.uniform(0, 0.15))
            if run.poll() is not None:
                break
            run.send_signal(signal.SIGKILL)
            run.communicate()
            kills += 1
        last = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert KILLS == kills, "the mailing must outlive every kill, or the test proves less than it says"

    took = accepted(log)
    assert [] == [recipient for recipient, times in took.items() if times > 1], "mailed twice"
    found = standing(project)
    assert "complete" == found["state"]
    assert PEOPLE == found["recipients"] == found["sent"] + found["in_doubt"]
    doubtful = {one["email"] for one in found["deliveries"] if one["state"] == "in_doubt"}
    assert all(took[one["email"]] == 1 for one in found["deliveries"] if one["state"] == "sent"), "lost"
    assert PEOPLE == len(set(took) | doubtful), "lost"
    assert len(doubtful) <= KILLS * 2 * CONNECTIONS
    assert (1 if doubtful else 0) == last.returncode
    assert all(f"in doubt: {email}" in last.stderr for email in list(doubtful)[:40])


def is_under_way(run: "Hatched | subprocess.Popen[str]", log: Path, before: int) -> bool:
    """True once this run had a message accepted, or ended."""
    return sum(accepted(log).values()) > before or run.poll() is not None


def wait_until(done, seconds: float = 60) -> None:
    """Looks again and again, the more rarely the longer a look takes, for others need the processor."""
    end = time.monotonic() + seconds
    began = time.monotonic()
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(min(0.25, max(0.005, 3 * (time.monotonic() - began))))
        began = time.monotonic()


def test_the_doubtful_are_mailed_again_only_on_a_persons_word(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 20)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log, "--fault", "dot;drop-after;1;leser7@") as relay:
        first = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        assert 1 == first.returncode
        assert "in doubt: leser7@liste0.example" in first.stderr
        again = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        skipped = project.run("send", "kurz", "--yes", "--in-doubt", "skip", RUHRMAIL_RELAY=relay)
    assert (1, 1) == (again.returncode, skipped.returncode)
    assert 1 == accepted(log)["leser7@liste0.example"]
    assert ("complete", 1) == (standing(project)["state"], standing(project)["in_doubt"])
    with sink(log) as relay:
        resent = project.run("send", "kurz", "--yes", "--in-doubt", "resend", RUHRMAIL_RELAY=relay)
    assert 0 == resent.returncode, resent.stderr
    assert 2 == accepted(log)["leser7@liste0.example"]
    assert 20 == standing(project)["sent"]


def test_who_says_no_to_the_question_has_ordered_nothing(tmp_path: Path) -> None:
    """The doubtful stay in doubt, and the next send leaves them alone."""
    project = small_project(tmp_path / "project", 5)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log, "--fault", "dot;drop-after;1;leser2@;1") as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        rehearsed = project.run("send", "kurz", "--in-doubt", "resend", "--dry-run", RUHRMAIL_RELAY=relay)
        declined = answer(project, "n", "send", "kurz", "--in-doubt", "resend", RUHRMAIL_RELAY=relay)
        again = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert "recipients: 1 (on the list: 5, new: 0, unfinished: 1)" in rehearsed.stderr
    assert "Send to 1 recipients?" in declined.stderr
    assert (1, 1) == (declined.returncode, again.returncode)
    assert 1 == accepted(log)["leser2@liste2.example"]
    assert 1 == standing(project)["in_doubt"]


def answer(project: Project, said: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command on a terminal of its own where somebody types an answer."""
    ours, theirs = os.openpty()
    try:
        os.write(ours, f"{said}\n".encode())
        return subprocess.run(
            project.command(*arguments), env={**project.environ, **environ}, stdin=theirs, capture_output=True,
            text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)


def test_the_first_signal_drains_and_a_second_send_goes_on(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 400)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log, "--delay", "0.2") as slow, sink(log) as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=slow)
        wait_until(lambda: sum(accepted(log).values()) > 20)
        second = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
        assert 1 == run.returncode, out + err
        assert "stopping" in err
        found = standing(project)
        assert 0 == found["in_doubt"] == found["claimed"] == found["in_flight"], "a drained run leaves nothing hanging"
        assert sum(accepted(log).values()) == found["sent"] < 400
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 1 == second.returncode
    assert f"process {run.pid}" in second.stderr
    assert 0 == done.returncode, done.stderr
    assert (400, 1) == (len(accepted(log)), max(accepted(log).values()))


def test_after_a_second_signal_who_was_in_flight_is_in_doubt_and_named_at_once(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 3)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log, "--fault", "dot;silence-after;1;leser1@") as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until(lambda: 3 == sum(accepted(log).values()) and 2 == standing(project)["sent"])
        run.send_signal(signal.SIGINT)
        for line in run.stderr:
            if "stopping" in line:
                break
        run.send_signal(signal.SIGTERM)
        _, err = run.communicate(timeout=60)
    assert 1 == run.returncode, err
    assert "in doubt: leser1@liste1.example" in err
    assert "goes on" not in err, "nobody is left to mail"
    found = standing(project)
    assert ("complete", 2, 1, 0) == (found["state"], found["sent"], found["in_doubt"], found["in_flight"])
