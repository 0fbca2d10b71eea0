"""Who sends: ruhrmail and its peers, each a process held to one core."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from benchmarks.letter import SENDER, Letters
from benchmarks.receivers import SENDER_CORE, Missing, on_core, program
from benchmarks.timing import PROJECT
from ruhrmail.config import load_config
from ruhrmail.config.settings import Settings
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.mailing import draft_mailing
from ruhrmail.flows.refresh import refresh_roster
from ruhrmail.flows.send import begin
from ruhrmail.store import open_store
from ruhrmail.tokens import load_keyring

CONNECTIONS = 20
NODE = Path(__file__).parent / "node"


@dataclass(frozen=True, slots=True)
class Spent:
    """What sending took: seconds, and CPU seconds of the sender."""

    messages: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cost(self) -> float:
        """CPU microseconds a message."""
        return 1e6 * self.cpu / self.messages


@dataclass(frozen=True, slots=True)
class Sender:
    """One way to send: `send(letters, port, messages)`. `share` is how many of the run's messages it gets, so that slow
    ones end in time."""

    name: str
    send: Callable[[Letters, int, int], Spent]
    share: float = 1.0


def prepare_mailing(project: Path, slug: str, settings: Mapping[str, str] = MappingProxyType({})) -> None:
    """Reads the list, builds the issue, begins its mailing and enrols everybody, as `ruhrmail send` does."""
    config, machine = load_config(project, {**os.environ, **settings}), this_machine()
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        load_keyring(config.secrets, config.state_folder, machine.randomness)
        refresh_roster(config, store, machine.now())
        begin(store, None, draft_mailing(config, slug, "relay", machine), machine)


def send_prepared(letters: Letters, port: int, messages: int) -> Spent:
    """The complete path, without what a process needs to start: ledger, merge, headers, SMTP."""
    return drained(project_of(letters, messages), port)


def project_of(letters: Letters, messages: int) -> Path:
    """A project whose mailing to so many readers is prepared; made once, used again as a copy."""
    project = letters.project.parent / f"prepared-{messages}"
    if not project.exists():
        copy_shortened(letters.project, project, messages)
        prepare_mailing(project, "letter")
    return project


def copy_shortened(source: Path, target: Path, readers: int) -> None:
    """A project without state and with the first so many readers."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ruhrmail"))
    rows = (source / "subscribers.csv").read_text(encoding="utf-8").splitlines(keepends=True)[: readers + 1]
    (target / "subscribers.csv").write_text("".join(rows), encoding="utf-8")


def drained(project: Path, port: int, core: int | None = SENDER_CORE) -> Spent:
    """Drains a copy of a prepared project, so that the original can be sent again; on any core when None is said."""
    with TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(project, copy)
        command = [sys.executable, "-m", "benchmarks.drain", str(copy), "letter"]
        return run_timed(command if core is None else on_core(core, command), relay_at(port))


def send_whole(letters: Letters, port: int, messages: int) -> Spent:
    """The process `ruhrmail send`: start, reading the list, building, enrolling, sending."""
    with TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        copy = Path(folder) / "project"
        copy_shortened(letters.project, copy, messages)
        command = [sys.executable, "-m", "ruhrmail", "--project", str(copy), "send", "letter", "--yes"]
        return run_whole(on_core(SENDER_CORE, command), messages, relay_at(port))


def send_source(letters: Letters, port: int, messages: int) -> Spent:
    """Postfix's test client: the same bytes to the same recipient over and over."""
    options = ["-s", str(CONNECTIONS), "-d", "-m", str(messages), "-f", SENDER, "-t", "reader@example.org"]
    command = [program("smtp-source", "postfix"), *options, "-F", str(letters.peers / "letter.unix.eml")]
    return run_whole(on_core(SENDER_CORE, [*command, f"127.0.0.1:{port}"]), messages)


def node_sender(mode: str, key: Path | None = None) -> Callable[[Letters, int, int], Spent]:
    """nodemailer in one of its modes."""

    def send(letters: Letters, port: int, messages: int) -> Spent:
        if not (NODE / "node_modules" / "nodemailer").exists():
            raise Missing("nodemailer is missing: npm ci --prefix benchmarks/node (make bench does it)")
        command = [program("node", "nodejs"), str(NODE / "nodemailer.mjs"), mode, str(port), str(messages)]
        return run_timed(on_core(SENDER_CORE, [*command, str(letters.peers), *([str(key)] if key else [])]))

    return send


def python_sender(name: str) -> Callable[[Letters, int, int], Spent]:
    """One of the peers in Python."""

    def send(letters: Letters, port: int, messages: int) -> Spent:
        command = [sys.executable, "-m", f"benchmarks.peers.{name}", str(port), str(messages), str(letters.peers)]
        return run_timed(on_core(SENDER_CORE, command))

    return send


def relay_at(port: int) -> Mapping[str, str]:
    """The environment that makes ruhrmail send to this port."""
    return {"RUHRMAIL_RELAY": f"smtp://127.0.0.1:{port}?connections={CONNECTIONS}"}


def run_timed(command: list[str], more: Mapping[str, str] | None = None) -> Spent:
    """A child that times itself and prints it as JSON. Raises CalledProcessError when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=PROJECT, env=environment(more))
    return Spent(**json.loads(done.stdout.splitlines()[-1]))


def run_whole(command: list[str], messages: int, more: Mapping[str, str] | None = None) -> Spent:
    """A child timed from outside, its start included. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=PROJECT, env=environment(more)
    )
    assert child.stderr is not None
    told = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, stderr=told)
    return Spent(messages, time.perf_counter() - start, used.ru_utime + used.ru_stime)


def environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Ours, without settings of ruhrmail that somebody may have made for other ends."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUHRMAIL_")}
    return {**ours, **(more or {})}


def config_knows(key: str) -> bool:
    """Whether ruhrmail.yaml may hold a key yet."""
    return key in Settings.model_fields
