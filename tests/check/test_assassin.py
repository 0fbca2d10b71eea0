"""SpamAssassin is asked offline, without anybody's settings, and its report is read whatever stands in it."""

import os
import stat

import pytest

from ruhrmail.check import assassin, open_assassin
from ruhrmail.check.assassin import Hit, SpamReport, read_reports
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.check import check_project
from tests.check.desk import write_project
from tests.stories.project import Project, environment, sample_project

REPORT = """\
Subject: x

m 7 m
m 0

m HTML_MESSAGE=0.001|NO_RELAYS=-0.001|DATE_IN_PAST_96_XX=3.4|DKIM_INVALID=0.1|LONG_ONE=1.5|ODD=-0.25|BARE=1
 0.0 HTML_MESSAGE           BODY: HTML included in message
 1.5 LONG_ONE               Says one thing
                            and another
-0.2 ODD                    No description available.
1000 BARE                   A whole number

m
m 1

m none
m
"""


def program(folder, text):
    """A program of this name that prints what it is told to."""
    path = folder / "spamassassin"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(folder)}


def test_a_report_is_read_without_what_only_delivered_mail_can_be_asked():
    expected = (
        Hit("LONG_ONE", 1.5, "Says one thing and another"),
        Hit("BARE", 1.0, "A whole number"),
        Hit("HTML_MESSAGE", 0.001, "HTML included in message"),
        Hit("ODD", -0.25),
    )
    assert {0: SpamReport(expected), 1: SpamReport(())} == dict(read_reports(REPORT, "m"))
    assert 2.251 == SpamReport(expected).score


def test_every_message_gets_its_own_report():
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    head = b"From: a@post.example\nTo: b@leser.example\nSubject: Halle\nDate: Fri, 06 Nov 2026 12:00:00 +0000\n\n"
    messages = {"": head + b"Die Halle ist voll.\n", "kultur": head + gtube, "sport": head + b"Das Boot ist leer.\n"}
    reports = open_assassin(os.environ)(messages)
    assert (["", "kultur", "sport"], True, True, True) == (
        list(reports),
        reports[""].score < 2,
        reports["kultur"].score > 500,
        reports["sport"].score < 2,
    )


def test_nobodys_own_settings_count_and_nothing_is_written(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".spamassassin").mkdir(parents=True)
    (home / ".spamassassin" / "user_prefs").write_text("score HTML_MESSAGE 40\n")
    monkeypatch.setenv("HOME", str(home))
    raw = b"From: a@post.example\nSubject: Halle\nContent-Type: text/html\n\n<p>Die Halle ist voll.</p>\n"
    report = open_assassin(os.environ)({"": raw})[""]
    assert (True, ["user_prefs"]) == (
        all(hit.points < 5 for hit in report.hits),
        [path.name for path in home.rglob("*") if path.is_file()],
    )


def test_the_sample_issues_pass(tmp_path):
    assert [] == check_project(sample_project(tmp_path).folder, {}, [], ["spam"])


def test_without_the_program_the_error_says_what_to_install(tmp_path):
    project = Project(write_project(tmp_path, {}), environment())
    done = project.run("check", "--spam", PATH=str(tmp_path))
    assert (1, "", True) == (done.returncode, done.stdout, "apt-get install spamassassin" in done.stderr)


@pytest.mark.parametrize("text", ["exit 0", "echo broken >&2; exit 3", "kill -9 $$", "echo m 0"])
def test_a_program_that_fails_is_an_error(text, tmp_path):
    with pytest.raises(RuhrmailError, match="no report"):
        open_assassin(program(tmp_path, text))({"": b"Subject: x\n\nx"})


def test_a_program_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(assassin, "SECONDS", 0.2)
    monkeypatch.setattr(assassin, "SECONDS_EACH", 0.1)
    with pytest.raises(RuhrmailError, match="did not answer"):
        open_assassin(program(tmp_path, "exec sleep 20"))({"": b"Subject: x\n\nx"})


def test_a_program_that_is_none_is_an_error(tmp_path):
    environ = program(tmp_path, "")
    (tmp_path / "spamassassin").write_bytes(b"\x7fELF nonsense")
    with pytest.raises(RuhrmailError, match="cannot be started"):
        open_assassin(environ)({"": b"Subject: x\n\nx"})


def test_a_program_that_fails_ends_a_run_with_an_error_and_no_report(tmp_path):
    project = Project(write_project(tmp_path / "project", {}), environment())
    path = f"{program(tmp_path, 'echo broken >&2; exit 3')['PATH']}{os.pathsep}{os.environ['PATH']}"
    done = project.run("check", "--spam", "--format", "json", PATH=path)
    assert (1, "", "SpamAssassin gave no report: broken") == (
        done.returncode,
        done.stdout,
        done.stderr.splitlines()[0],
    )
