"""A question leaves standard output alone, and whoever does not answer it has said no."""

import io
import sys

import pytest

from ruhrmail.cli.asking import ask, read_answer
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.model.phrase import phrase
from tests.stories.project import Project, small_project
from tests.stories.test_killed import answer

QUESTION = phrase("Send to {count} recipients? [y/N] ", count=3)


class Interrupted(io.StringIO):
    """A terminal at which somebody presses Ctrl+C."""

    def readline(self, *_: object) -> str:
        raise KeyboardInterrupt


@pytest.fixture
def terminal() -> Terminal:
    return Terminal(io.StringIO(), io.StringIO(), translator("en"), color=False)


@pytest.mark.parametrize(("typed", "expected"), [("y\n", True), (" JA \n", True), ("\n", False), ("yessir\n", False)])
def test_only_a_clear_yes_is_one(terminal, monkeypatch, typed, expected):
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert expected is ask(terminal, QUESTION)
    assert ("", "Send to 3 recipients? [y/N] ") == (terminal.out.getvalue(), terminal.err.getvalue())


@pytest.mark.parametrize("stdin", [io.StringIO(""), Interrupted()])
def test_ctrl_d_and_ctrl_c_say_nothing_and_end_the_line(terminal, monkeypatch, stdin):
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "" == read_answer(terminal, QUESTION)
    assert "Send to 3 recipients? [y/N] \n" == terminal.err.getvalue()


@pytest.fixture
def project(tmp_path) -> Project:
    found = small_project(tmp_path / "project")
    found.environ["RUHRMAIL_RELAY"] = "maildir:sent"
    return found


def test_a_question_at_a_terminal_leaves_nothing_on_standard_output(project):
    done = answer(project, "\x04", "send", "kurz")
    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.endswith("? [y/N] \nnothing was sent\n")
