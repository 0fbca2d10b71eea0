"""A newsletter project in a folder of its own, and the commands run on it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from tests.driver.hatched import REPOSITORY, Hatched, start_fresh, start_module

SECRET = "a-secret-for-tests-long-enough-to-be-one"
SAMPLE_PARTS = ("ruhrmail.yaml", "subscribers.csv", "issues", "templates")


@dataclass(slots=True)
class Project:
    """A project folder and the environment its commands run in; `fresh` ones are started by `command`."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    fresh: bool = False

    @property
    def store(self) -> str:
        """The address of the store that its commands use."""
        return self.environ.get("RUHRMAIL_STORE", f"sqlite:///{self.folder}/.ruhrmail/state.db")

    def run(self, *arguments: str, timeout: float = 300, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Runs `ruhrmail ARGUMENTS` to its end, without a terminal."""
        with self.start(*arguments, **environ) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            return subprocess.CompletedProcess(process.args, process.wait(), out, err)

    def start(self, *arguments: str, **environ: str) -> "Hatched | subprocess.Popen[str]":
        """Starts `ruhrmail ARGUMENTS`, its output in pipes."""
        if self.fresh:
            return start_fresh(self.command(*arguments), {**self.environ, **environ})
        return start_module("ruhrmail", ["--project", str(self.folder), *arguments], {**self.environ, **environ})

    def command(self, *arguments: str) -> list[str]:
        """What starts the program in a process that reads everything anew."""
        return [sys.executable, "-m", "ruhrmail", "--project", str(self.folder), *arguments]

    def write_list(self, count: int) -> None:
        """A list of that many people."""
        rows = (f"leser{number}@liste{number % 7}.example,Leser{number}\n" for number in range(count))
        (self.folder / "subscribers.csv").write_text("email,first_name\n" + "".join(rows), encoding="utf-8")

    @contextmanager
    def service(self, *arguments: str, ready: str, **environ: str) -> Iterator[str]:
        """A command that serves until told to stop; gives what `ready` matches in its first line."""
        process = self.start(*arguments, **environ)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            match = re.search(ready, line)
            assert match, line + (process.stderr.read() if process.stderr and process.poll() is not None else "")
            yield match[0]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise


def sample_project(folder: Path) -> Project:
    """A copy of the repository's own newsletter."""
    for name in SAMPLE_PARTS:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    return Project(folder, environment())


def small_project(folder: Path, people: int = 3) -> Project:
    """A short issue `kurz` and so many subscribers."""
    (folder / "issues" / "kurz").mkdir(parents=True)
    (folder / "ruhrmail.yaml").write_text(SMALL_CONFIG, encoding="utf-8")
    (folder / "issues" / "kurz" / "issue.yaml").write_text(SMALL_ISSUE, encoding="utf-8")
    project = Project(folder, environment())
    project.write_list(people)
    return project


def environment() -> dict[str, str]:
    """This environment without any setting of ruhrmail but the tests' own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUHRMAIL_")}
    return {**kept, "RUHRMAIL_SECRET": SECRET, "RUHRMAIL_LANG": "en", "PYTHONPATH": str(REPOSITORY)}


def read_maildir(folder: Path) -> list[EmailMessage]:
    """Every message of a Maildir, parsed by the standard library, in the order of its recipients."""
    parser = BytesParser(policy=policy.default)
    files: Sequence[Path] = sorted((folder / "new").iterdir()) if (folder / "new").is_dir() else []
    found = [parser.parsebytes(file.read_bytes()) for file in files]
    return sorted((one for one in found if isinstance(one, EmailMessage)), key=lambda one: str(one["To"]))


SMALL_CONFIG = """\
newsletter:
  name: Kurzbrief
  url: https://kurzbrief.example
  sender: {name: Kurzbrief, address: post@kurzbrief.example}
  legal_basis: Bestandskunden, § 7 Abs. 3 UWG
imprint: {organisation: Kurzbrief e. V., street: Gleisweg 1, city: 44787 Bochum, email: post@kurzbrief.example, \
phone: "0234 1", represented_by: Ada Beispiel, responsible: Ben Beispiel}
delivery: {retry: {gaps: [1s], for: 20s}}
"""
SMALL_ISSUE = """\
date: 2026-11-06
subject: Kurz und gut
preheader: Ein kurzer Brief
content:
  - type: editorial
    salutation: Hallo {{ first_name or "zusammen" }},
    text: Das ist alles.
"""
