"""Takes the tutorial as a reader does: types each command of the page and compares what it prints.

A test takes it with the checkout, or with a program installed elsewhere; the tool that takes its pictures stops on the
way. POSIX only: questions are answered at a pseudo terminal.
"""

import os
import pty
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
PHOTO = ROOT / "issues" / "2026-11" / "maschinenhalle.jpg"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVICES = {"preview": ("--no-open", "--port", "0"), "inbox": ()}
PORT = "2525"
"""Where the page's inbox listens; the lesson's listens on a free port and is called by this one."""
QUESTION = "[j/N] "
INSTALLING = ("python3 ", ".venv/bin/pip ", ". .venv/")


@dataclass(frozen=True, slots=True)
class Step:
    """A block of the page: what to type (`sh`, or nothing: with its output), or what a file holds (`yaml`, `text`)."""

    language: str
    text: str

    @property
    def command(self) -> str:
        """What is typed after the `$`, nothing for other steps."""
        return self.text.partition("\n")[0].removeprefix("$ ") if self.text.startswith("$ ") else ""


def read_steps(page: str) -> list[Step]:
    """The blocks of a page from top to bottom."""
    return [Step(language, text) for language, text in BLOCK.findall(page)]


def free_port() -> str:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@dataclass(slots=True)
class Lesson:
    """A reader in a folder, with the program and an environment of theirs; `wrong` is what was shown otherwise."""

    folder: Path
    program: Sequence[str]
    environ: dict[str, str]
    port: str = field(default_factory=free_port)
    wrong: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    services: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Does what one block asks for."""
        if step.language == "sh":
            for line in step.text.splitlines():
                self.type(line)
        elif step.language == "yaml":
            self.edit(step.text)
        elif step.language == "text":
            (self.folder / "subscribers.csv").write_text(step.text, encoding="utf-8")
        else:
            self.compare(step, self.run(step))

    def type(self, line: str) -> None:
        """A line for the shell: the few that the page has."""
        word, _, rest = line.partition(" ")
        if word == "cd":
            self.folder /= rest
        elif word == "export":
            name, _, value = rest.partition("=")
            self.environ[name] = value.replace(PORT, self.port)
        elif line == "rm -r issues/*":
            for one in (self.folder / "issues").iterdir():
                shutil.rmtree(one)
        elif not line.startswith(INSTALLING):
            self.wrong.append(f"the lesson cannot type: {line}")

    def edit(self, text: str) -> None:
        """A whole issue, or the new form of one of its lines."""
        file = self.folder / "issues" / "2026-12" / "issue.yaml"
        if text.count("\n") == 1:
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            (near,) = get_close_matches(text, lines, n=1)
            text = "".join(text if line == near else line for line in lines)
        file.write_text(text, encoding="utf-8")
        shutil.copyfile(PHOTO, file.with_name("halle.jpg"))

    def run(self, step: Step) -> str:
        """What a command prints, results and messages as they come."""
        program, *arguments = step.command.split()
        if program != "ruhrmail":
            return f"the lesson cannot run {program}"
        if arguments[0] in SERVICES:
            return self.serve(arguments[0])
        return self.call(arguments, answer=b"j\n" if QUESTION in step.text else b"")

    def serve(self, name: str) -> str:
        """Starts what runs until the end of the lesson; gives its first line."""
        options = ("--port", self.port) if name == "inbox" else SERVICES[name]
        service = subprocess.Popen(
            [*self.program, name, *options], cwd=self.folder, env=self.environ,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        self.services.append(service)
        assert service.stdout is not None
        self.said[name] = service.stdout.readline()
        return self.said[name]

    def call(self, arguments: Sequence[str], answer: bytes) -> str:
        """What a command prints until it ends, with the answer to its question as a terminal shows it."""
        ours, theirs = pty.openpty()
        try:
            os.write(ours, answer)
            done = subprocess.run(
                [*self.program, *arguments], cwd=self.folder, env=self.environ, stdin=theirs, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=120, check=False,
            )  # fmt: skip
        finally:
            os.close(ours)
            os.close(theirs)
        return done.stdout.replace(QUESTION, QUESTION + answer.decode())

    def compare(self, step: Step, printed: str) -> None:
        """Notes a command that prints something else than the page shows; `…` stands for whatever comes."""
        shown = step.text.partition("\n")[2]
        if not re.fullmatch(pattern_of(shown), printed.replace(self.port, PORT)):
            self.wrong.append(f"$ {step.command}\nshown:\n{shown}printed:\n{printed}")

    def end(self) -> None:
        """Ends what still runs."""
        for service in self.services:
            service.send_signal(signal.SIGTERM)
            service.communicate(timeout=30)


def pattern_of(shown: str) -> str:
    """What output looks like that the page shows like this."""
    lines = ("(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in shown.splitlines())
    return "".join(lines)


@contextmanager
def begin_lesson(folder: Path, program: Sequence[str], environ: Mapping[str, str]) -> Iterator[Lesson]:
    """A lesson in an empty folder; what it started is ended with it."""
    kept = {name: value for name, value in environ.items() if not name.startswith("RUHRMAIL_")}
    lesson = Lesson(folder, program, kept | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100", "NO_COLOR": "1"})
    try:
        yield lesson
    finally:
        lesson.end()


def take_lesson(lesson: Lesson, page: str, after: Callable[[Step], None] = lambda step: None) -> None:
    """The whole page; `after` is called after each step."""
    for step in read_steps(page):
        lesson.take(step)
        after(step)
