"""A newsletter whose store is in PostgreSQL: queued as a whole, moved, saved and brought back."""

import random
import signal
import time
from pathlib import Path

from ruhrmail.model.ledger import State
from tests.driver.nursery import Nursery
from tests.driver.yard import yard
from tests.stories.project import small_project
from tests.stories.test_killed import accepted, sink, standing

PIPELINING = ("--pipelining", "--glued", "--delay", "0.002")


def test_a_send_that_is_killed_has_queued_everybody_or_nobody(
    children: Nursery, tmp_path: Path, dice: random.Random, database: str
) -> None:
    with yard(children, tmp_path, 300, PIPELINING) as place:
        place.project.environ["RUHRMAIL_STORE"] = database
        for _ in range(6):
            child = place.start()
            time.sleep(dice.uniform(0.2, 0.9))
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert len(place.accounts.states) in (0, 300)
        assert 0 == place.start().wait()
        worker = place.nursery.run(place.project, "worker", "--once", relay=place.relay)
        assert 0 == worker.code, worker.said
        place.accounts.check_end(300, 0)
        assert 300 == place.accounts.count(State.SENT)


def test_a_newsletter_moves_into_a_database_and_goes_on(tmp_path: Path, database: str) -> None:
    project = small_project(tmp_path / "project", 5)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        assert 0 == project.run("send", "kurz", "--yes").returncode
        copied = project.run("store", "copy", "sqlite:///.ruhrmail/state.db", database)
        assert (0, True) == (copied.returncode, "5 deliveries\n" in copied.stdout), copied.stderr
        project.environ["RUHRMAIL_STORE"] = database
        assert 0 == project.run("send", "kurz", "--yes").returncode
        project.write_list(7)
        assert "new: 2" in project.run("send", "kurz", "--dry-run").stderr
        assert 0 == project.run("send", "kurz", "--yes").returncode
        assert 0 == project.run("worker", "--once").returncode
    assert ("complete", 7) == (standing(project)["state"], standing(project)["sent"])
    assert {1} == set(accepted(log).values())
    refused = project.run("store", "copy", "sqlite:///.ruhrmail/state.db", database)
    assert (1, True) == (refused.returncode, "something already" in refused.stderr)


def test_a_backup_of_a_database_is_restored_into_it(tmp_path: Path, database: str) -> None:
    project = small_project(tmp_path / "project", 3)
    project.environ["RUHRMAIL_STORE"] = database
    assert 0 == project.run("subscribers", "suppress", "leser1@liste1.example", "--reason", "x").returncode
    file = str(tmp_path / "backup.db")
    saved = project.run("store", "backup", file)
    assert 0 == saved.returncode, saved.stderr
    assert 2 == project.run("store", "restore", file).returncode
    restored = project.run("store", "restore", file, "--yes")
    assert (0, True) == (restored.returncode, "kept from the store before" in restored.stdout), restored.stderr


def test_a_server_that_is_not_there_is_said_without_a_password(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 3)
    project.environ["RUHRMAIL_STORE"] = "postgresql://ruhr:streng-geheim@127.0.0.1:1/none"
    for command in (("status", "kurz"), ("send", "kurz", "--yes"), ("subscribers", "stats")):
        done = project.run(*command)
        assert (1, "") == (done.returncode, done.stdout)
        assert "PostgreSQL does not answer" in done.stderr
        assert "geheim" not in done.stderr and "Traceback" not in done.stderr
