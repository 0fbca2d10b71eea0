"""The tutorial leads from nothing to a published issue, and shows what its commands print."""

import os
import sys

from tests.stories.project import REPOSITORY
from tools.lesson import PAGE, begin_lesson, read_steps, take_lesson


def test_the_tutorial_shows_what_its_commands_print(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with begin_lesson(tmp_path, [sys.executable, "-m", "ruhrmail"], environ) as lesson:
        take_lesson(lesson, page)
    assert [] == lesson.wrong
    project = tmp_path / "ruhrpost"
    assert 4 == len(list((project / "inbox" / "new").iterdir()))  # one to oneself, three to the list
    assert (project / "public" / "archive" / "2026-12" / "index.html").is_file()


def test_the_tutorial_takes_every_step_of_an_issue():
    steps = read_steps(PAGE.read_text(encoding="utf-8"))
    done = [step.command.split()[1] for step in steps if step.command]
    order = ["init", "new", "preview", "check", "send", "inbox", "status", "report", "publish"]
    assert order == list(dict.fromkeys(done))
