"""Only what somebody approved goes out where the project demands it; tests and rehearsals are free."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.stories.project import Project, small_project
from tests.stories.test_killed import accepted, sink

ISSUE = "issues/kurz/issue.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = small_project(tmp_path / "project")
    settings = project.folder / "ruhrmail.yaml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}approval: required\n", encoding="utf-8")
    return project


def edit(project: Project, old: str, new: str) -> None:
    path = project.folder / ISSUE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def approve(project: Project, *more: str) -> "subprocess.CompletedProcess[str]":
    return project.run("approve", "kurz", "--by", "Mara Beispiel", *more)


def test_send_mails_only_what_somebody_approved_and_status_and_report_say_who(project, tmp_path):
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log) as url:
        relay = {"RUHRMAIL_RELAY": url}
        refused = project.run("send", "kurz", "--yes", **relay)
        assert (1, 0) == (refused.returncode, len(accepted(log))), refused.stderr
        assert "kurz is not approved, and this project demands it" in refused.stderr
        done = approve(project, "--yes")
        assert 0 == done.returncode, done.stderr
        edit(project, "Das ist alles.", "Das ist noch nicht alles.")
        changed = project.run("send", "kurz", "--yes", **relay)
        assert (1, 0) == (changed.returncode, len(accepted(log))), changed.stderr
        assert f"changed since: {ISSUE}\n" in changed.stderr
        assert "ask Mara Beispiel to look again" in changed.stderr
        edit(project, "Das ist noch nicht alles.", "Das ist alles.")
        sent = project.run("send", "kurz", "--yes", **relay)
        assert (0, 3) == (sent.returncode, sum(accepted(log).values())), sent.stderr
    (project.folder / "approvals" / "kurz.yaml").unlink()
    assert "approved by Mara Beispiel on" in project.run("status", "kurz").stdout
    report = json.loads(project.run("report", "kurz", "--format", "json").stdout)
    assert [("Mara Beispiel", 3)] == [(one["by"], one["recipients"]) for one in report["approvals"]]


def test_an_approval_from_git_reaches_a_machine_with_another_store(project, tmp_path):
    assert 0 == approve(project, "--yes").returncode
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log) as url:
        elsewhere = {"RUHRMAIL_RELAY": url, "RUHRMAIL_STORE": f"sqlite:///{tmp_path}/other.db"}
        sent = project.run("send", "kurz", "--yes", **elsewhere)
        assert 0 == sent.returncode, sent.stderr
        status = json.loads(project.run("status", "kurz", "--format", "json", **elsewhere).stdout)
    assert ["Mara Beispiel"] == [one["by"] for one in status["approvals"]]


def test_trials_rehearsals_and_dry_runs_need_no_approval(project):
    dry = project.run("send", "kurz", "--dry-run", RUHRMAIL_RELAY="smtp://127.0.0.1:9")
    assert 0 == dry.returncode and "kurz is not approved" in dry.stderr
    assert 0 == project.run("rehearse", "kurz").returncode
    assert 0 == project.run("send", "kurz", "--test", "ada@kurzbrief.example").returncode
    assert 0 == project.run("send", "kurz", "--yes").returncode


def test_what_check_objects_to_cannot_be_approved(project):
    edit(project, "subject: Kurz und gut", "subject: Kurz {{ gibtesnicht }}")
    refused = approve(project, "--yes")
    assert 1 == refused.returncode and "gibtesnicht" in refused.stderr
    assert not (project.folder / "approvals").exists()


def test_without_a_terminal_and_without_yes_nothing_is_approved(project):
    asked = approve(project)
    assert 2 == asked.returncode and "nobody is there to ask" in asked.stderr
    assert not (project.folder / "approvals").exists()
