"""Public issues while several threads ask and somebody writes: what is not public is never shown."""

import os
import threading
from datetime import UTC, datetime

import pytest

from ruhrmail.config import load_config
from ruhrmail.flows.public import PublicIssues
from ruhrmail.store import open_store
from tests.stories.project import small_project

SLUG = "kurz"


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project", 0)


@pytest.fixture
def store(project):
    with open_store(project.store, now=datetime(2026, 11, 22, tzinfo=UTC), randomness=os.urandom) as store:
        yield store


def write(project, first_line):
    file = project.folder / "issues" / SLUG / "issue.yaml"
    rest = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("published")]
    file.write_text("\n".join([first_line, *rest, ""]), encoding="utf-8")


class Meanwhile:
    """A lock; before somebody gets it for the first time something happens."""

    def __init__(self, act):
        self.act, self.lock = act, threading.Lock()

    def __enter__(self):
        act, self.act = self.act, lambda: None
        act()
        self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()


def test_an_issue_that_is_withdrawn_while_somebody_asks_is_not_shown_then_nor_once_it_is_broken(project, store):
    write(project, "published: true")
    lock = Meanwhile(lambda: write(project, "published: false"))
    public = PublicIssues(load_config(project.folder, {}), store, lock=lock)
    assert public.page(SLUG) is None
    write(project, "published: [")
    assert public.page(SLUG) is None


def test_an_issue_that_is_withdrawn_and_broken_while_another_thread_asks_is_shown_no_more(project, store):
    """The other thread has let go of it before this one has the lock."""
    write(project, "published: true")
    public = PublicIssues(load_config(project.folder, {}), store)
    assert public.page(SLUG)

    def withdraw():
        write(project, "published: false")
        assert public.page(SLUG) is None

    public.lock = Meanwhile(withdraw)
    assert public.page(SLUG) is None


def test_an_issue_that_another_thread_lets_go_of_meanwhile_is_answered(project, store):
    class Fleeting(dict):
        """Gone as soon as it was looked up."""

        def get(self, key, default=None):
            return self.pop(key, default)

    write(project, "published: true")
    public = PublicIssues(load_config(project.folder, {}), store, kept=Fleeting())
    assert [True, True] == [public.page(SLUG) is not None for _ in range(2)]
