"""The tutorial from the wheel alone: from nothing to a newsletter that was sent, reported and published."""

import json
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ruhrmail import __version__
from tests.stories.project import REPOSITORY, Project, environment, read_maildir

EVERY_MODULE = """
import importlib, json, sys
from pathlib import Path
import ruhrmail
home = Path(ruhrmail.__file__).parent
files, absent = [path for path in home.rglob("*.py") if path.name != "__main__.py"], set()
for path in files:
    words = path.relative_to(home.parent).with_suffix("").parts
    try:
        module = importlib.import_module(".".join(words[:-1] if words[-1] == "__init__" else words))
    except ModuleNotFoundError as error:
        absent.add(error.name)
    else:
        assert module.__file__ == str(path), module
print(json.dumps({"files": [str(path) for path in files], "path": sys.path, "absent": sorted(absent)}))
"""
EXTRAS = {"playwright", "procrastinate", "psycopg", "psycopg_pool", "uvloop"}
"""What modules may miss where only the wheel was asked for."""
READER = "ada@leser.example,,,Ada,Beispiel,,,,2026-01-05,Messe Essen,Anmeldung zum Newsletter\n"


@dataclass(slots=True)
class Installed(Project):
    """A project whose commands are run by the installed program."""

    programs: Path = field(default_factory=Path)
    fresh: bool = True

    def start(self, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
        words = [str(self.programs / "ruhrmail"), "--project", str(self.folder), *arguments]
        return subprocess.Popen(
            words, env={**self.environ, **environ}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip


@pytest.fixture
def project(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """A folder that does not exist yet. Commands run elsewhere, and know nothing of the checkout."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    environ = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    return Installed(tmp_path / "ruhrblick", {**environ, "RUHRMAIL_LANG": "de"}, programs=programs)


def run(project: Installed, *arguments: str, **environ: str) -> str:
    done = project.run(*arguments, **environ)
    assert str(project.programs / "ruhrmail") == done.args[0]
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def look(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as page:
        return str(page.read().decode())


def test_every_module_is_the_wheels_own(project: Installed) -> None:
    words = [str(project.programs / "python"), "-c", EVERY_MODULE]
    done = subprocess.run(words, env=project.environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    told = json.loads(done.stdout)
    packaged = sum(1 for file in (REPOSITORY / "ruhrmail").rglob("*.py") if file.name != "__main__.py")
    assert packaged == len(told["files"])
    assert set() == set(told["absent"]) - EXTRAS
    home = project.programs.parent
    assert [] == [file for file in told["files"] if not Path(file).is_relative_to(home)]
    assert [] == [folder for folder in told["path"] if Path(folder).resolve() == REPOSITORY]


def test_the_module_is_the_program_too(project: Installed) -> None:
    words = [str(project.programs / "python"), "-m", "ruhrmail", "--version"]
    done = subprocess.run(words, env=project.environ, capture_output=True, text=True, check=True)
    assert (f"ruhrmail {__version__}\n", done.stdout) == (done.stdout, run(project, "--version"))


def test_manual_pages_and_completions_lie_where_they_are_looked_for(project: Installed) -> None:
    share = project.programs.parent / "share"
    for name in ("man/man1/ruhrmail-send.1", "man/de/man1/ruhrmail.1", "bash-completion/completions/ruhrmail"):
        assert "ruhrmail" in (share / name).read_text(encoding="utf-8")


def test_from_nothing_to_a_newsletter_that_was_sent_reported_and_published(project: Installed, tmp_path: Path) -> None:
    run(project, "init", ".", "--name", "Ruhrblick", "--language", "de")
    run(project, "new", "2026-12")
    with project.service("preview", "2026-12", "--port", "0", "--no-open", ready=r"http://\S+") as address:
        assert "<title>" in look(address)
    run(project, "check")
    with (project.folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write(READER)
    with project.service("inbox", "--port", "0", "--dir", str(tmp_path / "inbox"), ready=r"smtp://\S+") as relay:
        tried = run(project, "send", "2026-12", "--test", "ada@leser.example", RUHRMAIL_RELAY=relay)
        assert tried.startswith("ada@leser.example: gesendet")
        run(project, "send", "2026-12", "--yes", RUHRMAIL_RELAY=relay)
    received = read_maildir(tmp_path / "inbox")
    assert ["ada@leser.example"] == sorted({one["To"].addresses[0].addr_spec for one in received})
    assert 2 <= len(received)

    run(project, "report", "2026-12")
    assert "<svg" in (project.folder / "build" / "2026-12" / "report.html").read_text(encoding="utf-8")
    run(project, "publish", "--out", str(tmp_path / "site"))
    assert (tmp_path / "site" / "index.html").is_file()
    assert (tmp_path / "site" / "archive" / "2026-12" / "index.html").is_file()
