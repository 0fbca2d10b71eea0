"""A mailing is halted, planned, interrupted and taken up again, and status tells who works on it."""

import json
import signal
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_killed import accepted, answer, sink, standing, wait_until

SLOW = ("--delay", "0.2")
"""A mailing of 400 lasts long enough for other commands to see it."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", 12)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "accepted.jsonl"
    path.touch()
    return path


def seconds_ahead(count: float) -> str:
    """So far from now, as --at takes it: local time to the second."""
    return (datetime.now() + timedelta(seconds=count)).strftime("%Y-%m-%dT%H:%M:%S")


def took(log: Path) -> int:
    return sum(accepted(log).values())


def figures(project: Project) -> dict[str, object]:
    return json.loads(project.run("status", "kurz", "--format", "json").stdout)


def settings(project: Project, more: str) -> None:
    """More settings of delivery."""
    path = project.folder / "ruhrmail.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("delivery: {", f"delivery: {{{more}, "), encoding="utf-8")


def quiet_now() -> str:
    """Quiet hours that began an hour ago and end in two."""
    now = datetime.now()
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    return f'quiet_hours: {{from: "{begin:%H:%M}", to: "{end:%H:%M}"}}'


def edit(project: Project, old: str, new: str) -> None:
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def ended(run: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = run.communicate(timeout=60)
    assert "Traceback" not in err
    return run.returncode, out, err


def running(project: Project, log: Path, relay: str) -> "subprocess.Popen[str]":
    """A `send` of 400 that is under way."""
    project.write_list(400)
    run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    wait_until(lambda: took(log) > 20)
    return run


def test_a_stop_from_elsewhere_drains_a_running_mailing_and_send_goes_on(project: Project, log: Path) -> None:
    with sink(log, *SLOW) as slow, sink(log) as relay:
        run = running(project, log, slow)
        stopped = project.run("stop", "kurz")
        code, out, err = ended(run)
        found = figures(project)
        again = project.run("stop", "kurz")
        text = project.run("status", "kurz").stdout
        assert took(log) == found["sent"] < 400
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert (0, 1) == (stopped.returncode, code), stopped.stderr + out + err
    assert f"process {run.pid}, at work since" in stopped.stdout
    assert "somebody stopped the mailing" in err
    assert ("stopped", None) == (found["state"], found["process"])
    assert found["reason"].startswith("`ruhrmail stop` on ")
    assert found["reason"] in text
    assert 0 == found["in_doubt"] == found["claimed"] == found["in_flight"], "a drained run leaves nothing hanging"
    assert 0 == again.returncode
    assert "is stopped already" in again.stdout
    assert 0 == done.returncode, done.stderr
    assert found["reason"] in done.stderr, "whoever goes on sees why it was stopped"
    assert (400, 1) == (len(accepted(log)), max(accepted(log).values()))
    assert ("complete", None, None) == tuple(figures(project)[key] for key in ("state", "reason", "stopped_at"))


def test_there_is_nothing_to_stop_of_a_mailing_that_is_unknown_or_complete(project: Project) -> None:
    unknown = project.run("stop", "kurz")
    assert not (project.folder / ".ruhrmail").exists(), "looking for a mailing makes no store"
    project.run("send", "kurz", "--yes")
    complete = project.run("stop", "kurz")
    assert (1, 1) == (unknown.returncode, complete.returncode)
    assert "no mailing of kurz began" in unknown.stderr
    assert "is complete" in complete.stderr


def test_a_stopped_mailing_goes_on_only_after_a_yes(project: Project, log: Path) -> None:
    with sink(log, *SLOW) as relay:
        run = running(project, log, relay)
        project.run("stop", "kurz")
        ended(run)
        before = took(log)
        declined = answer(project, "n", "send", "kurz", RUHRMAIL_RELAY=relay)
        unasked = project.run("send", "kurz", RUHRMAIL_RELAY=relay)
    assert (1, 2, before) == (declined.returncode, unasked.returncode, took(log))
    assert "stopped:" in declined.stderr
    assert "stopped" == figures(project)["state"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_status_tells_who_sends_and_that_nobody_does(project: Project, log: Path, number: signal.Signals) -> None:
    with sink(log, *SLOW) as relay:
        run = running(project, log, relay)
        while_it_runs, text = figures(project), project.run("status", "kurz").stdout
        run.send_signal(number)
        run.communicate(timeout=60)
    after, text_after = figures(project), project.run("status", "kurz").stdout
    assert ("open", run.pid) == (while_it_runs["state"], while_it_runs["process"]["pid"])
    assert f"process {run.pid} has been working on it since" in text
    assert ("open", None, None) == (after["state"], after["process"], after["reason"])
    assert ("last minute" in text, "last minute" in text_after) == (True, False)
    assert "nobody is sending: `ruhrmail send kurz` goes on" in text_after


def test_an_engine_that_stops_the_run_says_why_for_good(project: Project, log: Path) -> None:
    with sink(log, "--fault", "rcpt;550 5.7.26 unauthenticated mail") as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    found = figures(project)
    assert (1, "stopped") == (done.returncode, found["state"]), done.stderr
    assert "5.7.26" in found["reason"]
    assert "the mailing was stopped: the next mails would be refused like these: 550 5.7.26" in done.stderr
    assert "failed: leser0@liste0.example 550 5.7.26 unauthenticated mail" in done.stderr
    assert "5.7.26" in project.run("status", "kurz").stdout
    with sink(log) as relay:
        again = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert "5.7.26" in again.stderr
    assert "complete" == figures(project)["state"]


def test_those_who_failed_are_mailed_again_on_a_persons_word(project: Project, log: Path) -> None:
    faults = ("--fault", "rcpt;550 5.2.2 full;1;leser3@", "--fault", "rcpt;550 5.1.1 unknown;1;leser4@")
    with sink(log, *faults) as relay:
        first = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        plain = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    with sink(log) as relay:
        rehearsed = project.run("send", "kurz", "--retry-failed", "--dry-run", RUHRMAIL_RELAY=relay)
        assert 2 == standing(project)["failed"]
        again = project.run("send", "kurz", "--yes", "--retry-failed", RUHRMAIL_RELAY=relay)
    assert "failed:     1; they are left alone unless you say --retry-failed" in plain.stderr
    assert "recipients: 1 (on the list: 11, new: 0, unfinished: 1)" in rehearsed.stderr
    assert (1, 1, 1) == (first.returncode, plain.returncode, again.returncode)
    found = standing(project)
    assert (11, 1) == (found["sent"], found["failed"]), "whom a 5.1.1 suppressed stays so"
    assert 2 == next(one["attempts"] for one in found["deliveries"] if one["email"].startswith("leser3@"))
    assert (11, 1) == (len(accepted(log)), max(accepted(log).values()))


def test_a_mailing_waits_for_its_time_and_newcomers_get_it_too(project: Project, log: Path) -> None:
    with sink(log) as relay:
        run = project.start("send", "kurz", "--yes", "--at", seconds_ahead(15), RUHRMAIL_RELAY=relay)
        told = until_it_waits(run)
        found = figures(project)
        project.write_list(13)
        assert 0 == took(log)
        code, out, err = ended(run)
    assert ("open", 0, None, run.pid) == tuple(
        found[key] if key != "process" else found[key]["pid"]
        for key in ("state", "recipients", "started_at", "process")
    )
    assert found["scheduled_for"] is not None
    assert "begins:" in told
    assert 0 == code, out + err
    assert 13 == took(log)
    assert ("complete", None) == (figures(project)["state"], figures(project)["scheduled_for"])
    begun = datetime.fromisoformat(figures(project)["started_at"])
    assert begun >= datetime.fromisoformat(found["scheduled_for"])


def until_it_waits(run: "subprocess.Popen[str]") -> str:
    """Reads what a `send` tells until it waits for its time."""
    told = ""
    for line in run.stderr:
        told += line
        if line.startswith("waiting until"):
            return told
    raise AssertionError(told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_the_mailing_stays_scheduled(
    project: Project, log: Path, number: signal.Signals
) -> None:
    with sink(log) as relay:
        run = project.start("send", "kurz", "--yes", "--at", seconds_ahead(3600), RUHRMAIL_RELAY=relay)
        until_it_waits(run)
        run.send_signal(number)
        code, _, err = ended(run)
        found, text = figures(project), project.run("status", "kurz").stdout
        too_early = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        declined = answer(project, "n", "send", "kurz", RUHRMAIL_RELAY=relay)
        assert 0 == took(log)
        anyway = project.run("send", "kurz", "--yes", "--anyway", RUHRMAIL_RELAY=relay)
    assert 1 == code
    assert "stays scheduled" in err
    assert found["scheduled_for"] is not None
    assert "nobody waits for it" in text
    assert (2, 1, 0) == (too_early.returncode, declined.returncode, anyway.returncode), anyway.stderr
    assert "it is scheduled for" in too_early.stderr
    assert "nevertheless?" in declined.stderr
    assert 12 == took(log)


def test_nothing_begins_late_or_in_quiet_hours_unless_somebody_says_so(project: Project) -> None:
    settings(project, quiet_now())
    late = project.run("send", "kurz", "--yes", "--at", seconds_ahead(-7200), RUHRMAIL_RELAY="maildir:sent")
    assert 2 == late.returncode
    assert "it was to be sent at" in late.stderr
    relay = {"RUHRMAIL_RELAY": "maildir:sent"}
    refused = project.run("send", "kurz", "--yes", **relay)
    ahead = project.run("send", "kurz", "--yes", "--at", seconds_ahead(60), **relay)
    declined = answer(project, "n", "send", "kurz", "--yes", **relay)
    dry = project.run("send", "kurz", "--dry-run", **relay)
    assert (2, 2, 1, 0) == (refused.returncode, ahead.returncode, declined.returncode, dry.returncode)
    assert "quiet hours" in refused.stderr
    assert "quiet hours" in dry.stderr
    assert [] == read_maildir(project.folder / "sent")
    assert 0 == project.run("send", "kurz", "--yes", "--anyway", **relay).returncode
    assert 12 == len(read_maildir(project.folder / "sent"))
    assert 0 == project.run("send", "kurz", "--yes").returncode, "a trial disturbs nobody"


@pytest.mark.parametrize(
    "given",
    [("--at", "morgen"), ("--at", ""), ("--at", "2026-02-30T08:00"), ("--at", "08:00", "--test", "a@b.example")],
)
def test_times_that_cannot_be_are_wrong_usage(project: Project, given: tuple[str, ...]) -> None:
    done = project.run("send", "kurz", "--yes", *given)
    assert 2 == done.returncode
    assert "try: " in done.stderr
    assert 1 == project.run("status", "kurz").returncode


def test_the_words_are_german_too(project: Project) -> None:
    project.environ["RUHRMAIL_LANG"] = "de"
    settings(project, quiet_now())
    refused = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY="maildir:sent")
    assert "Ruhezeit" in refused.stderr
    assert "Tipp: " in refused.stderr


def test_an_issue_that_got_another_name_goes_to_nobody_twice(tmp_path: Path, log: Path) -> None:
    project = small_project(tmp_path / "renamed", 2)
    with sink(log) as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        (project.folder / "issues" / "kurz").rename(project.folder / "issues" / "lang")
        settings = project.folder / "ruhrmail.yaml"
        settings.write_text(settings.read_text(encoding="utf-8") + "redirects: {kurz: lang}\n", encoding="utf-8")
        again = project.run("send", "lang", "--yes", RUHRMAIL_RELAY=relay)
    unknown = project.run("report", "langg")
    assert (1, 2) == (again.returncode, len(accepted(log)))
    assert "lang was sent as kurz" in again.stderr
    assert "there is no issue langg" in unknown.stderr
