"""The walk of docs/operating/fleet.md: from SQLite to a database with three workers and two services, and back."""

import json
import signal
from contextlib import ExitStack
from pathlib import Path

import httpx

from ruhrmail.model.ledger import State
from tests.driver.nursery import Nursery
from tests.driver.yard import yard
from tests.stories.test_fleet import Fleet, until
from tests.stories.test_service_life import served

PEOPLE = 400


def test_a_newsletter_moves_to_three_workers_and_two_services_and_back(
    children: Nursery, tmp_path: Path, database: str
) -> None:
    with yard(children, tmp_path, PEOPLE, ("--pipelining", "--delay", "0.03")) as place, ExitStack() as stack:
        project = place.project
        assert 0 == project.run("subscribers", "import", str(project.folder / "subscribers.csv")).returncode
        before = project.run("subscribers", "stats").stdout
        assert 0 == project.run("store", "backup", str(tmp_path / "before.db")).returncode
        copied = project.run("store", "copy", project.store, database)
        assert 0 == copied.returncode, copied.stderr
        project.environ["RUHRMAIL_STORE"] = database
        assert before == project.run("subscribers", "stats").stdout

        services = stack.enter_context(ExitStack())
        addresses = [services.enter_context(served(project))[1] for _ in range(2)]
        here, there = (httpx.get(f"{one}/healthz", trust_env=False, timeout=60).json() for one in addresses)
        assert here == there

        ours = Fleet(place)
        ours.hire(3)
        ours.send()
        until(lambda: ours.sent() > 30, "begun", ours)
        ours.workers[0].send_signal(signal.SIGTERM)  # a new version, one machine after the other
        assert 0 == ours.workers[0].wait(60)
        ours.hire()
        ours.finish()
        assert PEOPLE == place.accounts.count(State.SENT)
        ours.dismiss()

        back = f"sqlite:///{tmp_path}/back.db"
        refused = project.run("store", "copy", database, back)
        assert (1, True) == (refused.returncode, "the web service answers for this store" in refused.stderr)
        services.close()
        assert 0 == project.run("store", "copy", database, back).returncode
        project.environ["RUHRMAIL_STORE"] = back
        found = json.loads(project.run("status", "kurz", "--format", "json").stdout)
        assert ("complete", PEOPLE) == (found["state"], found["sent"])
