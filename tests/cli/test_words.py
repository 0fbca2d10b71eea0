"""What editors read and answer while they send: the question, test mails, figures, and builds."""

import io
from pathlib import Path

import pytest

from ruhrmail.cli.plan import ask
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.model.phrase import phrase
from tests.stories.project import Project, small_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("j", True), ("Ja", True), ("y", True), ("yes", True), ("", False), ("n", False), ("nein", False), ("x", False)],
)
def test_the_question_takes_a_yes_in_both_languages_and_nothing_else(monkeypatch, answer, expected):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    terminal = Terminal(io.StringIO(), io.StringIO(), translator("de"), color=False)
    assert expected == ask(terminal, phrase("Send to {count} recipients? [y/N] ", count=30))


def test_the_question_shows_the_answers_of_its_language():
    question = "Send to {count} recipients? [y/N] "
    assert "An 30 Empfänger senden? [j/N] " == translator("de")(question, count=30)


def test_a_test_mail_tells_its_outcome_in_the_readers_language(project: Project) -> None:
    done = project.run("send", "kurz", "--test", "ich@kurzbrief.example", RUHRMAIL_LANG="de")
    assert "ich@kurzbrief.example: gesendet (250 kept in the Maildir)\n" == done.stdout


def test_recipients_are_indented_below_their_mailing(project: Project) -> None:
    project.run("send", "kurz", "--yes")
    lines = project.run("status", "kurz", "--recipients").stdout.splitlines()
    assert ["  leser0@liste0.example", "  leser1@liste1.example", "  leser2@liste2.example"] == [
        line[:23] for line in lines[3:]
    ]


def test_build_counts_in_a_form_that_needs_no_plural(project: Project) -> None:
    assert project.run("build", "kurz").stdout.rstrip().endswith("KB, pictures: 0)")
