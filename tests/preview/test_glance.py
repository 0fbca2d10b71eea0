"""What is looked at now and then: no change is overlooked for good."""

import asyncio
import os

import pytest

from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.flows.proof import Proofs
from ruhrmail.preview.glance import Glance, stamps
from ruhrmail.preview.press import Press
from ruhrmail.preview.windows import Windows
from tests.preview.conftest import make_project

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND + 123_456_789


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path)


def write(file, text, at):
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(at, at))


@pytest.mark.parametrize(("written", "later"), [(NOW - 1_000_000, SECOND), (NOW // SECOND * SECOND, 3 * SECOND)])
def test_two_changes_within_a_tick_of_the_clock_are_both_seen(project, written, later):
    """A mailing's last commits: the log of the database has the size and time of before the look. Then it is quiet."""
    file, now = project / "state.db-wal", [NOW]
    proofs = Proofs(project, {}, project / ".ruhrmail" / "pictures")
    glance = Glance(
        Press(proofs, Newsroom(project), Windows()), project / "inbox", asyncio.Event(), clock=lambda: now[0]
    )
    seen = []
    for text in ("one", "two"):
        write(file, text, written)
        seen.append(glance.is_new("store", stamps([file])))
    for _ in range(3):
        now[0] += later
        seen.append(glance.is_new("store", stamps([file])))
    assert [False, True, True, False, False] == seen


def test_what_the_store_held_before_it_changed_is_not_shown_though_it_was_read_last(project):
    """A mailing ends while it is being counted; nothing changes after that, so nobody says so again."""
    proofs = Proofs(project, {}, project / ".ruhrmail" / "pictures")
    proofs.open()
    held = ["sending"]

    def read(_config):
        found = tuple(held)
        if held == ["sending"]:
            held[0] = "complete"
            newsroom.forget()
        return found

    newsroom = Newsroom(project, read)
    assert [("sending",), ("complete",)] == [newsroom.mailings(proofs.config) for _ in range(2)]
