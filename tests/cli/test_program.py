"""The program from outside: light, in two languages, with the exit codes and forms that scripts rely on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ruhrmail import __version__
from tests.stories.project import Project, environment, small_project

HEAVY = ("pydantic", "yaml", "jinja2", "starlette", "sqlalchemy", "mjml", "babel", "PIL", "aiosmtplib", "cryptography")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_no_heavy_library(option):
    script = (
        "import sys\nfrom ruhrmail.cli import app\n"
        f"try:\n    app([{option!r}])\nfinally:\n    print('LOADED', sorted(set(sys.modules) & set({HEAVY!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    assert done.stdout.rstrip().endswith("LOADED []")


def test_version_is_printed(project: Project) -> None:
    assert f"ruhrmail {__version__}\n" == project.run("--version").stdout


def test_help_speaks_german_when_asked(project: Project) -> None:
    assert "Ausgaben als Mail" in project.run("--help", RUHRMAIL_LANG="de").stdout
    assert "Render issues" in project.run("--help").stdout


def test_messages_follow_the_newsletters_language(project: Project) -> None:
    del project.environ["RUHRMAIL_LANG"]
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text("datum: x\n", encoding="utf-8")
    told = project.run("build", "kurz").stderr
    assert "issues/kurz/issue.yaml:1:1: unbekannter Schlüssel: datum" in told
    assert "Tipp: meinten Sie date?" in told


def test_outside_a_project_is_wrong_usage(tmp_path: Path) -> None:
    done = Project(tmp_path, environment()).run("build")
    assert (2, True) == (done.returncode, "ruhrmail.yaml" in done.stderr)


WRONG = [("send",), ("frobnicate",), ("build", "--nonsense"), ("check", "--format", "xml"), ("status", "--recipients")]


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage_is_exit_code_2(project: Project, arguments: tuple[str, ...]) -> None:
    assert 2 == project.run(*arguments).returncode


def test_an_unknown_issue_is_named_with_those_there_are(project: Project) -> None:
    done = project.run("build", "lang")
    assert 1 == done.returncode
    assert ["there is no issue lang", "try: there are: kurz"] == done.stderr.splitlines()


def test_new_makes_an_issue_that_checks_and_builds(project: Project) -> None:
    made = project.run("new", "2026-12")
    assert (0, True) == (made.returncode, "issues/2026-12/issue.yaml" in made.stdout)
    assert 0 == project.run("check", "2026-12", "--strict").returncode
    assert 0 == project.run("build", "2026-12").returncode
    assert (project.folder / "build" / "2026-12" / "mail.html").is_file()
    again = project.run("new", "2026-12")
    assert (1, True) == (again.returncode, "already" in again.stderr)


def test_new_takes_the_projects_own_pattern(project: Project) -> None:
    (project.folder / "templates").mkdir()
    (project.folder / "templates" / "issue.yaml").write_text("number: $number\ndate: $date\n", encoding="utf-8")
    project.run("new", "2026-12")
    text = (project.folder / "issues" / "2026-12" / "issue.yaml").read_text(encoding="utf-8")
    assert text.startswith("number: 1\ndate: 20")


def test_check_gives_json_of_the_agreed_form(project: Project) -> None:
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace("preheader:", "preheadr:"), encoding="utf-8")
    done = project.run("check", "kurz", "--format", "json")
    assert 1 == done.returncode
    found = json.loads(done.stdout)
    assert {"findings", "summary"} == set(found)
    assert {"error": 1, "warning": 0, "info": 0} == found["summary"]
    assert [
        {
            "rule": "schema/unknown",
            "severity": "error",
            "file": "issues/kurz/issue.yaml",
            "line": 3,
            "column": 1,
            "message": "unknown key: preheadr",
            "hint": "did you mean preheader?",
        }
    ] == found["findings"]


def test_check_text_ends_the_line_in_severity_and_rule(project: Project) -> None:
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    text = issue.read_text(encoding="utf-8").replace("preheader: Ein kurzer Brief\n", "")
    issue.write_text(text, encoding="utf-8")
    first = project.run("check", "kurz").stdout.splitlines()[0]
    assert first.startswith("issues/kurz/issue.yaml:1:1: there is no preheader")
    assert first.endswith(" warning [preheader/missing]")
    assert (0, 1) == (project.run("check").returncode, project.run("check", "--strict").returncode)


def test_build_is_the_same_byte_for_byte(project: Project, tmp_path: Path) -> None:
    for name, zone in (("one", "UTC"), ("two", "America/New_York")):
        project.run("build", "--out", str(tmp_path / name), TZ=zone, PYTHONHASHSEED=str(len(zone)))
    one, two = (read_tree(tmp_path / name) for name in ("one", "two"))
    assert {"mail.html", "mail.txt", "mail.eml", "index.html"} <= {path.name for path in one}
    assert one == two


def read_tree(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_status_is_of_the_agreed_form(project: Project) -> None:
    assert 1 == project.run("status", "kurz").returncode
    assert "[]\n" == project.run("status", "--format", "json").stdout
    project.run("send", "kurz", "--yes")
    found = json.loads(project.run("status", "kurz", "--format", "json", "--recipients").stdout)
    assert [
        "issue", "mailing", "state", "recipients", "pending", "claimed", "in_flight", "in_doubt", "deferred", "sent",
        "failed", "suppressed", "started_at", "finished_at", "scheduled_for", "stopped_at",
        "reason", "unchecked_at", "bounced", "complained", "process", "first_attempt_at", "last_attempt_at",
        "attempts_per_second", "fastest_minute", "last_minute", "refusals", "domains", "returned_domains",
        "approvals", "deliveries",
    ] == list(found)  # fmt: skip
    assert ["email", "state", "attempts", "code", "enhanced_code", "text", "relay", "message_id", "at"] == list(
        found["deliveries"][0]
    )
