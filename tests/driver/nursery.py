"""Commands in processes of their own, a hundred a minute: one process has read the program, each is its child."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.stories.project import REPOSITORY, Project, environment


@dataclass(slots=True)
class Child:
    """One command, under way or over."""

    nursery: "Nursery"
    pid: int
    output: Path
    code: int | None = None

    @property
    def running(self) -> bool:
        if self.code is None:
            self.code = self.nursery.order({"poll": self.pid})
        return self.code is None

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""

    @property
    def frozen(self) -> bool:
        """Stopped by a signal."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] == "T"

    def send_signal(self, which: signal.Signals) -> None:
        if self.running:
            os.kill(self.pid, which)

    def wait(self, seconds: float = 60) -> int:
        """Its exit code, negative for the signal that ended it."""
        end = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > end:
                self.send_signal(signal.SIGKILL)
                raise AssertionError(f"still running: {self.said}")
            self.wait_for_end(end - time.monotonic())
        assert self.code is not None
        return self.code

    def wait_for_end(self, seconds: float) -> None:
        """Sleeps until it ends, as long as that lasts at most; without looking again and again."""
        descriptor = os.pidfd_open(self.pid)
        try:
            select.select([descriptor], [], [], max(0, seconds))
        finally:
            os.close(descriptor)


@dataclass(slots=True)
class Nursery:
    """Starts children. Their output goes to files in `folder`."""

    process: "subprocess.Popen[str]"
    folder: Path
    children: list[Child] = field(default_factory=list)

    def order(self, order: dict[str, object]) -> int | None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        found: int | None = json.loads(self.process.stdout.readline())
        return found

    def start(self, project: Project, *arguments: str, relay: str, **trouble: object) -> Child:
        """`trouble` as in `Errand`."""
        output = self.folder / f"said-{len(self.children)}"
        environ = {**project.environ, "RUHRMAIL_RELAY": relay}
        errand = {"arguments": ["--project", str(project.folder), *arguments], "environ": environ}
        pid = self.order({"start": {**errand, "output": str(output), **trouble}})
        assert pid is not None
        child = Child(self, pid, output)
        self.children.append(child)
        return child

    def run(self, project: Project, *arguments: str, relay: str, **trouble: object) -> Child:
        """The same to its end."""
        child = self.start(project, *arguments, relay=relay, **trouble)
        child.wait()
        return child


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """Afterwards none of its children is left."""
    command = [sys.executable, "-m", "tests.driver"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        found = Nursery(process, folder)
        try:
            yield found
        finally:
            for child in found.children:
                child.send_signal(signal.SIGKILL)
            assert process.stdin is not None
            process.stdin.close()
