"""A worker in this process: the real one, on a real database, with a Maildir for a relay."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruhrmail.config import Config, load_config
from ruhrmail.flows.housekeeping import Duty
from ruhrmail.flows.keyring import open_keyring
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.model.ledger import State
from ruhrmail.store import Mailing, Store, begin_mailing, enrol, figures, open_store, prepare_engine, sync_roster
from ruhrmail.tokens import Keyring
from ruhrmail.worker import Outfit, Told, run_worker
from tests.store.samples import MESSAGE, crowd, new_mailing
from tests.stories.project import SECRET, Project, small_project


@dataclass(slots=True)
class Crew:
    """One project; `said` is what its workers told."""

    project: Project
    store: Store
    environ: dict[str, str]
    said: list[str] = field(default_factory=list)
    machine: Machine = field(default_factory=this_machine)

    def config(self, **environ: str) -> Config:
        """The project's settings."""
        return load_config(self.project.folder, self.environ | environ)

    def work_once(self, *duties: Duty, **environ: str) -> bool:
        """A worker that sends what is due now, and ends; whether all went well."""
        config, machine = self.config(**environ), self.machine
        outfit = Outfit(
            config, self.store, open_keyring(config, machine), machine, duties, threading.Event(), once=True
        )
        return run_worker(
            outfit, Told(lambda _: None, lambda text: self.said.append(str(text)), lambda _: lambda _: None)
        )

    def keyring(self) -> Keyring:
        """The project's keys."""
        return open_keyring(self.config(), self.machine)

    def begin(self, people: int = 3) -> Mailing:
        """A mailing to so many, not yet queued."""
        now = self.machine.now()
        prepare_engine(self.store)
        sync_roster(self.store, crowd(people), f"of {people}", now)
        mailing = begin_mailing(self.store, new_mailing(), {"": MESSAGE}, now)
        enrol(self.store, mailing, now)
        return mailing

    def put(self, status: str, slot: int = 0, total: int = 4, **args: Any) -> None:
        """A job as somebody else may have written it; without `args` that of a slot."""
        written = json.dumps(args or {"mailing": 1, "slot": slot, "total": total})
        with self.store.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)"
                " VALUES ('slots', 'ruhrmail.slot', %s, %s, %s, %s)",
                (f"slot:{slot}", f"mailing:1:{slot}", written, status),
            )

    def jobs(self) -> list[tuple[Any, ...]]:
        """Slots and totals of all jobs, and how far they are."""
        query = """SELECT (args->>'slot')::int, (args->>'total')::int, status::text FROM procrastinate_jobs
        WHERE queue_name = 'slots' ORDER BY 1, 3"""
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def sent(self) -> int:
        """How many of the mailing are sent."""
        found = figures(self.store, "2026-11")
        return found.counts[State.SENT] if found else 0


@contextmanager
def crew(folder: Path, database: str) -> Iterator[Crew]:
    """On a database of its own."""
    project = small_project(folder / "project", 3)
    environ = {
        "RUHRMAIL_STORE": database,
        "RUHRMAIL_SECRET": SECRET,
        "RUHRMAIL_RELAY": f"maildir:{folder}/taken?connections=8",
    }
    machine = this_machine()
    with open_store(database, now=machine.now(), randomness=machine.randomness) as store:
        prepare_engine(store)
        yield Crew(project, store, environ)
