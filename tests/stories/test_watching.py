"""Whoever looks on while a mailing goes out sees what goes on, and no address where none belongs."""

import contextlib
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.stories.project import Project, small_project
from tests.stories.test_killed import sink

ECHO = "rcpt;550 5.1.1 <leser3@liste3.example>: no mailbox leser3 here;1;leser3@"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", 20)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "attempts.jsonl"


def read_log(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_log_has_a_line_for_each_attempt_and_no_address_in_any_byte(project: Project, log: Path) -> None:
    with sink(log.with_name("taken"), "--fault", ECHO, "--fault", "rcpt;451 4.7.1 wait leser4;1;leser4@;1") as relay:
        done = project.run("send", "kurz", "--yes", "--log", str(log), RUHRMAIL_RELAY=relay)
    assert 1 == done.returncode
    found = read_log(log)
    assert {"sent": 19, "deferred": 1, "failed": 1} == Counter(one["outcome"] for one in found)
    assert [1, 2] == [one["attempt"] for one in found if one["domain"] == "liste4.example"][:1] + [
        one["attempt"] for one in found if one["attempt"] != 1
    ]
    assert 20 == len({one["message_id"] for one in found})
    assert ["<***>: no mailbox *** here"] == [one["text"] for one in found if one["outcome"] == "failed"]
    content = log.read_bytes()
    assert [] == re.findall(rb"(?i)leser\d|leser%|leser=", content)
    assert set() == {found for found in re.findall(rb"[^\s\"<>]+@[^\s\"<>]+", content) if b"@kurzbrief" not in found}


def test_message_ids_in_the_log_are_those_of_status_and_of_the_messages(project: Project, log: Path) -> None:
    taken = log.with_name("taken")
    with sink(taken) as relay:
        project.run("send", "kurz", "--yes", "--log", str(log), "--log-addresses", RUHRMAIL_RELAY=relay)
    logged = {(one["email"], one["message_id"]) for one in read_log(log)}
    accepted = {(one["recipient"], one["message_id"]) for one in read_log(taken)}
    status = json.loads(project.run("status", "kurz", "--recipients", "--format", "json").stdout)
    assert logged == accepted == {(one["email"], one["message_id"]) for one in status["deliveries"]}


def test_a_full_disk_for_the_log_is_told_once_and_everybody_gets_the_mail(project: Project, log: Path) -> None:
    with sink(log.with_name("taken")) as relay:
        done = project.run("send", "kurz", "--yes", "--log", "/dev/full", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    assert 1 == done.stderr.count("warning: the log ends here, and the mailing goes on: No space left on device")
    assert 20 == len(read_log(log.with_name("taken")))


def test_a_log_on_standard_error_is_whole_lines(project: Project, log: Path) -> None:
    with sink(log.with_name("taken")) as relay:
        done = project.run("send", "kurz", "--yes", "--log", "-", RUHRMAIL_RELAY=relay)
    assert 20 == len([json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")])


def test_a_log_that_cannot_be_opened_mails_nobody(project: Project, log: Path) -> None:
    with sink(log.with_name("taken")) as relay:
        done = project.run("send", "kurz", "--yes", "--log", str(log / "x"), RUHRMAIL_RELAY=relay)
    assert (1, False) == (done.returncode, log.with_name("taken").exists())
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize(
    "options", [("--log-addresses",), ("--log", "x", "--dry-run"), ("--metrics", "0", "--test", "a@b.example")]
)
def test_options_that_do_not_fit_together_are_wrong_usage(project: Project, options: tuple[str, ...]) -> None:
    assert 2 == project.run("send", "kurz", "--yes", *options).returncode


def test_prometheus_reads_a_run_while_it_goes_on(project: Project, log: Path) -> None:
    project.write_list(400)
    with sink(log.with_name("taken"), "--delay", "0.01", "--fault", ECHO) as relay:
        process = project.start("send", "kurz", "--yes", "--metrics", "0", RUHRMAIL_RELAY=relay)
        assert process.stderr is not None
        url = re.search(r"http://\S+/metrics", process.stderr.readline())
        assert url, process.communicate()
        scrapes = [scraped for _ in range(400) if process.poll() is None and (scraped := scrape(url[0]))]
        process.communicate(timeout=60)
    halfway = [one for one in scrapes if 0 < one.get("ruhrmail_run_attempts_total sent", 0) < 399]
    assert halfway, scrapes[:3]
    for one in halfway:
        answered = sum(value for name, value in one.items() if name.startswith("ruhrmail_run_attempts_total"))
        assert 1 >= abs(400 - answered - one["ruhrmail_run_open_recipients"])
    sent = [one["ruhrmail_run_attempts_total sent"] for one in halfway]
    assert sorted(sent) == sent


def scrape(url: str) -> dict[str, float]:
    """The figures by name and outcome; nothing once the run is over."""
    time.sleep(0.02)
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            text = client.get(url).text
    except httpx.HTTPError:
        return {}
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    return {" ".join(filter(None, (one.name, one.labels.get("outcome")))): one.value for one in samples}


def test_the_service_answers_with_the_ledgers_figures_to_this_machine_only(project: Project, log: Path) -> None:
    with sink(log.with_name("taken"), "--fault", ECHO) as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    with project.service("serve", "--port", "0", ready=r"http://\S+") as url:
        answers = [
            httpx.get(f"{url}/metrics", headers=headers, trust_env=False, timeout=60)
            for headers in ({}, {"Host": "kurzbrief.example"}, {"X-Forwarded-For": "192.0.2.7"})
        ]
    assert [200, 401, 401] == [answer.status_code for answer in answers]
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answers[0].text)
        for sample in family.samples
    }
    assert (19, 1) == tuple(found["ruhrmail_recipients", "kurz", state] for state in ("sent", "failed"))
    assert (19, 1) == (found["ruhrmail_list_size",], found["ruhrmail_suppressions", "bounced"])
    assert 1 == found["ruhrmail_mailing_state", "kurz", "complete"]


def test_a_token_that_can_be_guessed_does_not_start_the_service(project: Project) -> None:
    assert 2 == project.run("serve", "--port", "0", RUHRMAIL_METRICS_TOKEN="short").returncode


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_a_terminal_shows_a_run_live_and_keeps_what_is_said_above(project: Project, log: Path) -> None:
    project.write_list(400)
    faults = ("--delay", "0.01", "--fault", "rcpt;421 4.7.0 slow down;1;leser30@;1")
    with sink(log.with_name("taken"), *faults) as relay:
        shown = run_on_terminal(project, "send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert re.search(r"\d+/400 ", shown)
    assert re.search(r"\d+ a second, \d:\d\d:\d\d left", shown)
    assert "asked for less: " in shown
    assert re.search(r"400 of 400 in \d:\d\d:\d\d: \d+ a second", shown)
    assert 10 * 15 > shown.count("400 ")
    assert "\x1b[?25h" in shown, "the cursor is back"


def run_on_terminal(project: Project, *arguments: str, **environ: str) -> str:
    """What a command writes to a terminal."""
    master, slave = pty.openpty()
    environ = {**project.environ, **environ, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(project.command(*arguments), env=environ, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # Linux ends a pseudo terminal with an error
        while data := os.read(master, 65536):
            shown += data
    os.close(master)
    assert 0 == process.wait(60), shown
    return shown.decode()


@pytest.mark.parametrize("format_", ["json", "csv", "text"])
def test_recipients_are_listed_by_state(project: Project, log: Path, format_: str) -> None:
    with sink(log.with_name("taken"), "--fault", ECHO) as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    listed = project.run("status", "kurz", "--state", "failed", "--state", "deferred", "--format", format_).stdout
    match format_:
        case "json":
            rows = json.loads(listed)["deliveries"]
        case "csv":
            rows = list(csv.DictReader(io.StringIO(listed)))
        case _:
            rows = [{"email": line.split()[0]} for line in listed.splitlines() if "@" in line.split()[0]]
    assert ["leser3@liste3.example"] == [row["email"] for row in rows]


def test_status_tells_what_was_refused_without_naming_anybody(project: Project, log: Path) -> None:
    with sink(log.with_name("taken"), "--fault", ECHO) as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    text = project.run("status", "kurz").stdout
    assert "  refused for good: 1 × 550 5.1.1 <***>: no mailbox leser3 here\n" in text
    assert "  liste3.example: failed 1, deferred 0\n" in text
    found = json.loads(project.run("status", "kurz", "--format", "json").stdout)
    assert [("failed", 550, "5.1.1", 1)] == [
        (one["state"], one["code"], one["enhanced_code"], one["count"]) for one in found["refusals"]
    ]
    assert [{"domain": "liste3.example", "failed": 1, "deferred": 0}] == found["domains"]


@pytest.mark.parametrize("options", [("--state", "sent"), ("--format", "csv")])
def test_recipients_of_every_mailing_at_once_are_wrong_usage(project: Project, options: tuple[str, ...]) -> None:
    assert 2 == project.run("status", *options).returncode
