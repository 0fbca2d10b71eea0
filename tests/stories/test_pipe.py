"""Postfix hands returned mail to ruhrmail, set up word for word as the operator's guide prints it."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.servers.next_hop import next_hop
from tests.servers.postfix import Postfix, postfix
from tests.servers.postfix_settings import Rules
from tests.stories.project import REPOSITORY, Project, small_project

GUIDE = REPOSITORY / "docs" / "operating" / "returned-mail.md"
HEADING = "## Postfix hands it over"
PRINTED = ("/opt/ruhrmail/bin/ruhrmail", "/srv/newsletter", "user=ruhrmail")
DOMAIN = "rueck.newsletter.example"
GONE, ARRIVES = "unbekannt@halde.example", "ada@halde.example"
REPLY = "550 5.1.1 <unbekannt@halde.example>: Recipient address rejected: User unknown"
OWNER = "nobody"


@dataclass(frozen=True, slots=True)
class Piped:
    """A project whose returned mail comes through Postfix's pipe."""

    project: Project
    relay: Postfix

    def send(self, issue: str) -> None:
        done = self.project.run("send", issue, "--yes")
        assert 0 == done.returncode, done.stderr
        hand_over(self.project.folder)

    def shown(self) -> str:
        return self.project.run("subscribers", "show", GONE).stdout


def printed() -> tuple[str, dict[str, str]]:
    """The lines for master.cf and the settings for main.cf that the guide prints."""
    section = GUIDE.read_text(encoding="utf-8").partition(HEADING)[2]
    master, main = re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[:2]
    return master, dict(line.split(" = ", 1) for line in main.splitlines())


def interpreter(folder: Path) -> list[str]:
    """A Python that another user may start: this one, else the system's of the same version."""
    for program in (sys.executable, "/usr/bin/python3"):
        command = [program, "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            done = subprocess.run(command, user=OWNER, cwd=folder, capture_output=True, text=True, check=False)
        except PermissionError:
            continue
        if done.stdout.split() == [str(part) for part in sys.version_info[:2]]:
            return [program]
    pytest.fail(f"no Python {sys.version_info.major}.{sys.version_info.minor} that {OWNER} may start")


def write_program(folder: Path, environ: dict[str, str]) -> Path:
    """`ruhrmail` as a program of its own, for pipe(8) gives hardly any environment."""
    path = ":".join((str(REPOSITORY), sysconfig.get_path("purelib")))
    kept = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "RUHRMAIL_SECRET": environ["RUHRMAIL_SECRET"]}
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in kept.items())
    program = folder / "ruhrmail"
    program.write_text(f'#!/bin/sh\nexec env {words} {shlex.join(interpreter(folder))} -m ruhrmail "$@"\n')
    program.chmod(0o755)
    return program


def hand_over(folder: Path) -> None:
    """Everything in the folder belongs to whom the pipe runs as."""
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, OWNER)


def rules_of(folder: Path, program: Path, port: int) -> Rules:
    """What the guide prints, with the paths and the user of this machine."""
    master, main = printed()
    for word, ours in zip(PRINTED, (str(program), str(folder), f"user={OWNER}"), strict=True):
        assert word in master
        master = master.replace(word, ours)
    return Rules(hops={GONE: f"smtp:[127.0.0.1]:{port}"}, main=main, master=master)


@pytest.fixture
def piped() -> Iterator[Piped]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pipe-")))
        folder.chmod(0o755)
        project = project_of(folder / "newsletter")
        program = write_program(folder, project.environ)
        port = stack.enter_context(next_hop({GONE: REPLY}))
        relay = stack.enter_context(postfix(rules_of(project.folder, program, port)))
        project.environ |= {"SSL_CERT_FILE": str(relay.authority), "RUHRMAIL_RELAY": relay.url()}
        yield Piped(project, relay)


def project_of(folder: Path) -> Project:
    """Two people, one of whom is gone; two issues."""
    project = small_project(folder)
    settings = (folder / "ruhrmail.yaml").read_text(encoding="utf-8")
    settings = settings.replace("delivery: {", f"delivery: {{return_domain: {DOMAIN}, ")
    (folder / "ruhrmail.yaml").write_text(settings + 'bounces: [{source: "-"}]\n', encoding="utf-8")
    (folder / "subscribers.csv").write_text(f"email\n{GONE}\n{ARRIVES}\n", encoding="utf-8")
    first = folder / "issues" / "kurz" / "issue.yaml"
    second = folder / "issues" / "danach" / "issue.yaml"
    second.parent.mkdir()
    second.write_text(first.read_text(encoding="utf-8").replace("Kurz und gut", "Danach"), encoding="utf-8")
    return project


@contextmanager
def kept_away(store: Path) -> Iterator[None]:
    """Nobody but root can open the store."""
    store.chmod(0)
    try:
        yield
    finally:
        store.chmod(0o644)


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Another program holds the store's pen."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        hand_over(store.parents[1])
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("trouble", [kept_away, pytest.param(locked, marks=pytest.mark.soak)])
def test_a_bounce_waits_for_the_store_and_the_next_issue_leaves_out_whom_it_is_about(
    piped: Piped, trouble: Callable[[Path], AbstractContextManager[None]]
) -> None:
    relay, rules = piped.relay, piped.relay.rules
    relay.obey(replace(rules, main={**rules.main, "defer_transports": "rueck"}))
    piped.send("kurz")
    relay.wait_until(lambda: "(deferred transport)" in relay.log)
    with trouble(piped.project.folder / ".ruhrmail" / "state.db"):
        relay.obey(rules)
        relay.wait_until(lambda: "temporary failure" in relay.log, 120)  # the exit code 75
        assert relay.queued()
    relay.settle(120)
    assert "hard bounce 5.1.1" in piped.shown()
    assert "status=bounced (Command" not in relay.log
    relay.empty()
    piped.send("danach")
    relay.settle()
    assert [ARRIVES] == list(relay.recipients())
