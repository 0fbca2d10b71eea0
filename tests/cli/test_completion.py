"""The tabulator key, pressed in a real bash: commands, options, issues, audiences, rules."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.project import REPOSITORY, Project, environment, small_project

SCRIPT = REPOSITORY / "completions" / "ruhrmail.bash"
PRESS = """
source {script}
COMP_WORDS=({words}) COMP_CWORD={place}
_ruhrmail_completion {program} "" ""
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two issues, one file that cannot name an issue, and an audience."""
    project = small_project(tmp_path_factory.mktemp("projects") / "ein Projekt")
    kept = (project.folder / "issues" / "kurz" / "issue.yaml").read_text(encoding="utf-8")
    (project.folder / "issues" / "2026-12.yaml").write_text(kept, encoding="utf-8")
    (project.folder / "issues" / "$(touch x).yaml").write_text(kept, encoding="utf-8")
    with (project.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write("audiences: {bochum: 'tag:bochum', bottrop: 'tag:bottrop'}\n")
    return project


def press_tab(folder: Path, *words: str) -> list[str]:
    """What bash would offer for the last of the words, which stand as they are typed, quotation marks included."""
    program = folder.parent / "ruhrmail"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ruhrmail "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    told = PRESS.format(script=shlex.quote(str(SCRIPT)), words=shlex.join(["ruhrmail", *words]), place=len(words),
                        program=shlex.quote(str(program)))  # fmt: skip
    environ = {**environment(), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", told], cwd=folder, env=environ, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout.split()


OFFERED = [
    (("se",), ["send", "seeds", "serve"]),
    (("send", ""), ["kurz", "2026-12"]),
    (("status", "2"), ["2026-12"]),
    (("new", ""), []),
    (("new", "--from", "k"), ["kurz"]),
    (("send", "kurz", "--audience", "bo"), ["bochum", "bottrop"]),
    (("check", "--explain", "img/cr"), ["img/credit-missing"]),
    (("doctor", "--only", "d"), ["dns"]),
    (("send", "kurz", "--in-doubt", ""), ["skip", "resend"]),
    (("subscribers", "un"), ["unsuppress"]),
]


@pytest.mark.parametrize(("words", "expected"), OFFERED, ids=lambda one: " ".join(one) or "nothing")
def test_the_tabulator_offers(project: Project, words: tuple[str, ...], expected: list[str]) -> None:
    assert expected == press_tab(project.folder, *words)


def test_options_are_offered(project: Project) -> None:
    assert {"--dry-run", "--test", "--yes"} <= set(press_tab(project.folder, "send", "--"))


def test_the_project_named_before_the_command_is_the_one(project: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    assert [] == press_tab(tmp_path / "elsewhere", "send", "")
    assert ["kurz", "2026-12"] == press_tab(
        tmp_path / "elsewhere", "--project", shlex.quote(str(project.folder)), "send", ""
    )


def test_where_settings_are_broken_nothing_is_offered_and_nothing_said(tmp_path: Path) -> None:
    broken = small_project(tmp_path / "project")
    (broken.folder / "ruhrmail.yaml").write_text("newsletter: [\n", encoding="utf-8")
    assert [] == press_tab(broken.folder, "send", "kurz", "--audience", "")
    assert ["kurz"] == press_tab(broken.folder, "send", "")


def test_what_the_tabulator_needs_for_issues_loads_no_heavy_library(project: Project) -> None:
    script = (
        "import sys\nfrom ruhrmail.cli import app\n"
        "try:\n    app(prog_name='ruhrmail')\n"
        "finally:\n    print(sorted(set(sys.modules) & {'yaml', 'jinja2', 'sqlalchemy', 'mjml'}))\n"
    )
    environ = {
        **environment(),
        "_RUHRMAIL_COMPLETE": "complete_bash",
        "COMP_WORDS": "ruhrmail\nsend\n",
        "COMP_CWORD": "2",
    }
    done = subprocess.run([sys.executable, "-c", script], cwd=project.folder, env=environ, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert "kurz\n2026-12\n[]\n" == done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_module_tells_the_program_to_complete(shell: str) -> None:
    environ = {**environment(), "_RUHRMAIL_COMPLETE": f"source_{shell}"}
    words = [sys.executable, "-m", "ruhrmail"]
    told = subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout
    assert "_RUHRMAIL_COMPLETE=complete_" in told
