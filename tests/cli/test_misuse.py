"""A command line that is not understood is told in the reader's language, with exit code 2 and what to do."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ruhrmail.cli import app
from tests.stories.project import Project, small_project

RUNNER = CliRunner()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


@pytest.mark.parametrize(
    ("words", "german", "english"),
    [
        ("send --hlp", "es gibt keine Option --hlp", "there is no option --hlp"),
        ("send --zzz", "es gibt keine Option --zzz", "there is no option --zzz"),
        ("--pro", "es gibt keine Option --pro", "there is no option --pro"),
        ("sned", "es gibt keinen Befehl sned", "there is no command sned"),
        ("send", "SLUG fehlt", "SLUG is missing"),
        ("send x --test", "--test braucht einen Wert", "--test needs a value"),
        ("-C", "-C braucht einen Wert", "-C needs a value"),
        ("send x y z", "zu viel in der Befehlszeile: y z", "too much on the command line: y z"),
        ("send x --in-doubt no", "--in-doubt kann nicht no sein", "--in-doubt cannot be no"),
        ("serve --port abc", "--port muss eine ganze Zahl sein", "--port must be a whole number"),
        (
            "serve --port 99999",
            "--port liegt außerhalb des Erlaubten (Grenze: 65535)",
            "--port is out of range (bound: 65535)",
        ),
    ],
)
def test_a_mistake_is_told_in_both_languages(words, german, english):
    for language, expected in (("de", german), ("en", english)):
        done = RUNNER.invoke(app, words.split(), env={"RUHRMAIL_LANG": language})
        assert (2, expected, "") == (done.exit_code, done.stderr.splitlines()[0], done.stdout)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("send --hlp", "Tipp: meinten Sie --help?"),
        ("sned", "Tipp: meinten Sie send?"),
        ("send x --in-doubt no", "Tipp: eines von: skip, resend"),
        ("send", "send --help zeigt, was es gibt"),
        ("xyzzy", "--help zeigt, was es gibt"),
    ],
)
def test_a_mistake_comes_with_a_way_out(words, hint):
    done = RUNNER.invoke(app, words.split(), env={"RUHRMAIL_LANG": "de"})
    assert done.stderr.splitlines()[-1].endswith(hint)


def test_a_mistake_speaks_the_newsletters_language(project: Project) -> None:
    done = project.run("send", "--hlp", RUHRMAIL_LANG="")
    assert (2, "es gibt keine Option --hlp\nTipp: meinten Sie --help?\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize("words", [["--help"], ["send", "--help"], ["serve", "--help"], ["schema", "--help"]])
def test_help_shows_no_type_beside_switches_and_speaks_german_when_asked(project: Project, words: list[str]) -> None:
    done = project.run(*words, RUHRMAIL_LANG="de")
    english = (
        "<bool>",
        "Usage:",
        "[required]",
        "Show this message",
        "Install completion",
        "Arguments",
        "Commands",
        "─ Options",
    )
    assert [] == [text for text in english if text in done.stdout]
    assert "Optionen" in done.stdout
