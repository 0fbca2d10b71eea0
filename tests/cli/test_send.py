"""What `send`, `status` and `stop` say of a mailing to an audience: every command they name can be typed as it is."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ruhrmail.cli import app
from tests.stories.project import Project, small_project

ROWS = "email,first_name,tags\nada@hafen.example,Ada,kultur\nben@zeche.example,Ben,\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two people on the list, one of them with a tag; mail goes into a Maildir and counts as sent."""
    found = small_project(tmp_path / "project")
    (found.folder / "subscribers.csv").write_text(ROWS, encoding="utf-8")
    found.environ["RUHRMAIL_RELAY"] = "maildir:sent"
    return found


def run(project: Project, *arguments: str) -> Result:
    """A command within this process."""
    return CliRunner().invoke(app, ["--project", str(project.folder), *arguments], env=project.environ)


@pytest.mark.parametrize("command", ["status", "stop"])
def test_the_way_to_begin_a_mailing_to_an_audience_is_told_as_send_takes_it(project, command):
    done = run(project, command, "kurz/tag:kultur or tag:sport")
    assert (1, "") == (done.exit_code, done.stdout)
    assert "`ruhrmail send kurz --audience 'tag:kultur or tag:sport'` begins it" in done.stderr


def test_a_stopped_mailing_to_an_audience_is_called_by_its_whole_name(project):
    assert 0 == run(project, "send", "kurz", "--audience", "tag:kultur", "--yes").exit_code
    rewrite(project, "UPDATE deliveries SET state = 'pending'", "UPDATE mailings SET state = 'open'")
    stopped, again = run(project, "stop", "kurz"), run(project, "stop", "kurz/tag:kultur")
    assert "kurz/tag:kultur is stopped; nobody was sending it" == stopped.stdout.splitlines()[0]
    assert "kurz/tag:kultur is stopped already" == again.stdout.splitlines()[0]


def test_whom_the_list_is_too_long_to_name_status_names_for_that_mailing(project):
    rows = "".join(f"p{number}@zeche.example,,kultur sport\n" for number in range(60))
    (project.folder / "subscribers.csv").write_text("email,first_name,tags\n" + rows, encoding="utf-8")
    chosen = ("--audience", "tag:kultur and tag:sport")
    run(project, "send", "kurz", "--yes", *chosen)
    rewrite(project, "UPDATE deliveries SET state = 'in_doubt'")
    again = run(project, "send", "kurz", "--yes", *chosen)
    assert "… and 10 more: ruhrmail status 'kurz/tag:kultur and tag:sport' --recipients\n" in again.stderr


def test_where_everybody_got_the_issue_with_another_audience_nobody_is_left(project):
    assert 0 == run(project, "send", "kurz", "--yes").exit_code
    done = run(project, "send", "kurz", "--yes", "--audience", "tag:kultur")
    assert (0, "nobody is left to mail\n") == (done.exit_code, done.stdout)
    nobody = run(project, "send", "kurz", "--yes", "--audience", "tag:sport")
    assert (0, "nobody is on the list: nothing was sent\n") == (nobody.exit_code, nobody.stdout)


def test_a_rehearsal_for_nobody_gives_machines_an_object_too(project):
    done = run(project, "rehearse", "kurz", "--audience", "tag:sport", "--format", "json")
    assert 0 == done.exit_code
    found = json.loads(done.stdout)
    assert ("kurz", 0, 0, 0, []) == tuple(found[key] for key in ("issue", "recipients", "once", "lost", "providers"))


def test_recipients_without_an_issue_are_wrong_usage(project):
    done = run(project, "status", "--recipients")
    assert (2, "") == (done.exit_code, done.stdout)
    assert "recipients are listed for one issue" in done.stderr


def test_an_impossible_test_address_is_told_with_what_to_do(project):
    done = run(project, "send", "kurz", "--test", "Ada <ada@hafen.example>")
    assert (2, "") == (done.exit_code, done.stdout)
    assert "try: write it as name@domain, without a display name" in done.stderr


def rewrite(project: Project, *statements: str) -> None:
    """Changes the ledger, as a mailing that was interrupted would leave it."""
    with sqlite3.connect(project.folder / ".ruhrmail" / "state.db") as store:
        for statement in statements:
            store.execute(statement)
