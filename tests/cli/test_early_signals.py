"""A signal that comes while the program still reads its libraries is heard like any other.

Python itself runs what sends it, at the moment in which a certain library is asked for.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ruhrmail import interrupts
from tests.stories.project import Project, small_project

FIRST, LATER = "typer", "ruhrmail.flows.machine"
"""Read before the command line is, and in the command."""
KILLER = """
import os, signal, sys
class Killer:
    def find_spec(self, name, *_):
        if name == {name!r}:
            os.kill(os.getpid(), {number})
            sys.meta_path.remove(self)
sys.meta_path.insert(0, Killer())
"""
STOPPED = "stopped as asked; `ruhrmail send kurz` goes on\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


def run(project: Project, number: signal.Signals, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command that gets a signal when it asks for a library."""
    hook = project.folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(KILLER.format(name=name, number=int(number)), encoding="utf-8")
    environ = {**project.environ, "PYTHONPATH": f"{hook}{os.pathsep}{project.environ['PYTHONPATH']}"}
    return subprocess.run(
        project.command(*arguments), env=environ, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("number", "name", "arguments", "code", "said"),
    [
        (signal.SIGTERM, FIRST, ("send", "kurz", "--yes"), 1, STOPPED),
        (signal.SIGHUP, LATER, ("send", "kurz", "--yes"), 1, STOPPED),
        (signal.SIGINT, FIRST, ("worker",), 0, "ended as asked\n"),
        (signal.SIGTERM, "starlette", ("serve", "--port", "0"), 0, "ended as asked\n"),
        (signal.SIGTERM, "starlette", ("preview", "--no-open"), 0, "ended as asked\n"),
        (signal.SIGINT, FIRST, ("check",), 1, "interrupted\n"),
    ],
)
def test_a_signal_while_libraries_are_read_ends_a_command_as_it_should(
    project: Project, number: signal.Signals, name: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(project, number, name, *arguments)
    assert (code, "", said) == (ended.returncode, ended.stdout, ended.stderr)
    assert not (project.folder / "maildir").exists()


def test_it_hears_before_it_reads_anything_that_takes_long() -> None:
    script = (
        "import sys\nimport ruhrmail.__main__\nprint(sorted({'typer', 'dataclasses', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout


@pytest.fixture
def noted() -> Iterator[None]:
    """Signals are noted, as in the program's first moment; afterwards all is as before."""
    before = {number: signal.getsignal(number) for number in interrupts.ending_signals()}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupts.note_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize("listening", [interrupts.interrupting, interrupts.as_usual])
def test_a_signal_that_was_noted_interrupts_whoever_listens(
    listening: Callable[[], AbstractContextManager[None]],
) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), listening():
        pytest.fail("it did not interrupt")


@pytest.mark.usefixtures("noted")
def test_commands_that_do_not_last_end_with_a_signal_as_any_program() -> None:
    with interrupts.as_usual():
        assert [signal.default_int_handler, signal.SIG_DFL] == [
            signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)
        ]


def test_what_a_shell_ignores_for_the_background_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.interrupting():
            assert signal.SIG_IGN is signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
