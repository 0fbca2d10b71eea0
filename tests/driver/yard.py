"""A project, the servers that take its mail, and a nursery for whoever sends it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.driver.accounts import Accounts, read_accounts
from tests.driver.hatched import start_module
from tests.driver.nursery import Child, Nursery
from tests.stories.project import Project, small_project

CONNECTIONS = 5
SLOWEST = 10
"""Messages a second that are delivered however busy the machine is."""
QUICK = "delivery: {retry: {gaps: [100ms], for: 20s}, timeout: {connect: 2s, command: 2s, dot: 2s}}\n"


@dataclass(slots=True)
class Yard:
    """`kills` so far; `breaks`: how many connections servers may break over an unanswered body."""

    nursery: Nursery
    project: Project
    people: int
    relay: str
    logs: Sequence[Path]
    connections: int
    kills: int = 0
    breaks: int = 0

    @property
    def bound(self) -> int:
        """How many may be in doubt, as the contract says."""
        return self.kills * 2 * self.connections + self.breaks

    @property
    def patience(self) -> float:
        """Seconds after which a whole mailing must be over."""
        return 60 + self.people / SLOWEST

    @property
    def accounts(self) -> Accounts:
        return read_accounts(self.project, *self.logs)

    def start(self, *options: str, **trouble: object) -> Child:
        return self.nursery.start(self.project, "send", "kurz", "--yes", *options, relay=self.relay, **trouble)

    def send(self, *options: str, **trouble: object) -> Child:
        """To its end, whatever that is; then the books are compared."""
        child = self.start(*options, **trouble)
        self.kills += child.wait(self.patience) < 0
        self.accounts.check(self.people, self.bound)
        return child

    def finish(self, **trouble: object) -> Accounts:
        """One more `send` that nobody disturbs; everybody is accounted for."""
        child = self.send(**trouble)
        assert ": complete, " in child.said, child.said
        found = self.accounts
        found.check_end(self.people, self.bound)
        return found


@contextmanager
def sinks(folder: Path, *options: Sequence[str], connections: int = CONNECTIONS) -> Iterator[tuple[str, list[Path]]]:
    """A sink for each list of options: their addresses for RUHRMAIL_RELAY, and their logs."""
    logs, ports = [], []
    with ExitStack() as stack:
        for number, some in enumerate(options):
            log = folder / f"accepted-{number}.jsonl"
            log.touch()
            process = stack.enter_context(start_module("tests.servers.sink", ["--log", str(log), *some], os.environ))
            stack.callback(process.kill)
            assert process.stdout is not None
            ports.append(process.stdout.readline().strip())
            logs.append(log)
        yield " ".join(f"smtp://127.0.0.1:{port}?connections={connections}" for port in ports), logs


@contextmanager
def yard(
    nursery: Nursery, folder: Path, people: int, *options: Sequence[str], connections: int = CONNECTIONS
) -> Iterator[Yard]:
    """A yard with a sink for each list of options, `connections` to each."""
    with sinks(folder, *options, connections=connections) as (relay, logs):
        yield Yard(nursery, project_in(folder / "project", people), people, relay, logs, connections * len(options))


def project_in(folder: Path, people: int) -> Project:
    """One that does not wait long for anything."""
    project = small_project(folder, people)
    settings = folder / "ruhrmail.yaml"
    kept = settings.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]
    settings.write_text("".join(kept) + QUICK, encoding="utf-8")
    return project
