"""The manual pages are those of today's commands, and groff finds nothing wrong with them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from ruhrmail.cli import app
from tests.stories.project import REPOSITORY

MAN = REPOSITORY / "man"
PAGES = sorted(path.relative_to(MAN).as_posix() for path in MAN.rglob("*.1"))


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


def made_by(tool: str, folder: Path) -> dict[str, str]:
    """What a tool writes from the program as it is."""
    subprocess.run([sys.executable, str(REPOSITORY / "tools" / tool), str(folder)], check=True)
    return texts(folder)


def test_the_pages_are_what_the_program_says_today(tmp_path):
    """After a change of commands, options or their help: `make man`."""
    assert texts(MAN) == made_by("make_man.py", tmp_path)


def test_the_completions_are_what_typer_writes_today(tmp_path):
    """After an update of typer: `make man`."""
    assert texts(REPOSITORY / "completions") == made_by("make_completions.py", tmp_path)


def test_every_command_has_a_page_in_both_languages():
    names = ["ruhrmail", *(f"ruhrmail-{name}" for name in typer.main.get_command(app).commands)]
    assert sorted(f"{folder}/{name}.1" for folder in ("man1", "de/man1") for name in names) == PAGES


@pytest.fixture(scope="module")
def groff() -> str:
    """The typesetter of manual pages. Without it a test is skipped; in CI it fails."""
    found = shutil.which("groff")
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("groff is missing: apt-get install groff-base")
    return found or ""


def test_groff_finds_nothing_wrong(groff):
    told = {}
    for page in PAGES:
        words = [groff, "-man", "-Tutf8", "-Kutf8", "-ww", "-rCHECKSTYLE=3", str(MAN / page)]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
        told[page] = (done.returncode, done.stderr)
    assert dict.fromkeys(PAGES, (0, "")) == told


def test_a_page_reads_as_one(groff):
    words = [groff, "-man", "-Tascii", "-P-cbou", str(MAN / "man1" / "ruhrmail-send.1")]
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "\n     --dry-run\n" in shown.replace("       ", "     ")
    assert "ruhrmail send 2026-10 --yes" in shown
