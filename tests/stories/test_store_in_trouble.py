"""A store that cannot be written ends a run with a reason; afterwards the same command goes on, nobody twice."""

import resource
import sqlite3
from pathlib import Path

import pytest

from tests.stories.project import Project, small_project
from tests.stories.test_killed import accepted, sink, standing, wait_until

PEOPLE = 1500
ROOM = 65536
"""Bytes that the store may still grow by: not enough for the whole mailing."""
CONNECTIONS = 5


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", PEOPLE)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "accepted.jsonl"
    path.touch()
    return path


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits a process that runs")
def test_files_that_may_not_grow_end_the_run_and_lose_nobody(project: Project, log: Path) -> None:
    """As a full disk or a quota does, for every user: the system refuses to write beyond the limit."""
    journal = project.folder / ".ruhrmail" / "state.db-wal"
    with sink(log, "--delay", "0.005") as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until(lambda: len(accepted(log)) > 20)
        limit = journal.stat().st_size + ROOM
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (limit, limit))
        out, err = run.communicate(timeout=120)
        assert len(accepted(log)) < PEOPLE, "the limit must strike in the middle, or the test proves less than it says"
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 1 == run.returncode, out + err
    assert "the disk with the store" in err
    assert "try: " in err
    assert "Traceback" not in err
    found = standing(project)
    assert PEOPLE == found["sent"] + found["in_doubt"], done.stderr
    assert found["in_doubt"] <= 2 * CONNECTIONS
    assert 1 == max(accepted(log).values())


@pytest.mark.soak
def test_another_program_that_holds_the_store_ends_the_run_and_loses_nobody(project: Project, log: Path) -> None:
    """It has to hold it for more than a minute: so long a run waits for whoever writes."""
    with sink(log, "--delay", "0.005") as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until(lambda: len(accepted(log)) > 20)
        with sqlite3.connect(project.folder / ".ruhrmail" / "state.db", timeout=30, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            out, err = run.communicate(timeout=120)
            other.execute("ROLLBACK")
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 1 == run.returncode, out + err
    assert "another program holds the store" in err
    assert "Traceback" not in err
    found = standing(project)
    assert PEOPLE == found["sent"] + found["in_doubt"], done.stderr
    assert 1 == max(accepted(log).values())
