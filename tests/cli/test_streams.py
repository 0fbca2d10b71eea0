"""Whatever standard output and error are, the program ends with a code and never with a traceback."""

import json
import subprocess
from itertools import product

import pytest

from tests.stories.project import small_project

OLD_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ASCII = {"PYTHONIOENCODING": "ascii"}
CLOSED = [">&-", "2>&-", ">&- 2>&-"]
COMMANDS = [("check", "--format", "json"), ("build",), ("status", "--format", "json")]


def with_soak(pairs, everything):
    """The first pairs always, of all combinations the rest at length: each starts a Python of its own."""
    return [*pairs, *(pytest.param(*one, marks=pytest.mark.soak) for one in product(*everything) if one not in pairs)]


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path)


def shell(project, redirection, *arguments, **environ):
    """Runs a command in a shell that redirects its streams."""
    command = ["bash", "-c", f'"$@" {redirection}', "bash", *project.command(*arguments)]
    return subprocess.run(command, env={**project.environ, **environ}, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "redirection"), with_soak(list(zip(COMMANDS, CLOSED, strict=True)), (COMMANDS, CLOSED))
)
def test_closed_streams_change_nothing(project, arguments, redirection):
    ended = shell(project, redirection, *arguments)
    assert (0, False) == (ended.returncode, b"Traceback" in ended.stderr)


def test_a_closed_standard_input_is_nobody_to_ask(project):
    ended = shell(project, "<&-", "send", "kurz")
    assert (2, True) == (ended.returncode, b"no terminal" in ended.stderr)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_full_disk_behind_standard_output_is_told(project, arguments):
    ended = shell(project, "> /dev/full", *arguments)
    assert (1, "the output cannot be written: No space left on device\n") == (ended.returncode, ended.stderr.decode())


@pytest.mark.parametrize(
    ("arguments", "environ"),
    with_soak(
        [(("--help",), ASCII), (("check",), OLD_LOCALE), (("frob",), ASCII)],
        ([("--help",), ("send", "--help"), ("check",), ("frob",)], [ASCII, OLD_LOCALE]),
    ),
)
def test_a_terminal_without_umlauts_gets_other_signs(project, arguments, environ):
    ended = project.run(*arguments, RUHRMAIL_LANG="de", **environ)
    assert (2 if arguments == ("frob",) else 0, "") == (ended.returncode, "".join(ended.stderr.split("Traceback")[1:]))


@pytest.mark.parametrize(("encoding",), with_soak([("ascii",)], [("ascii", "latin-1", "utf-8")]))
def test_json_is_whole_in_every_encoding(project, encoding):
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8") + "grüße: x\n", encoding="utf-8")
    ended = shell(project, "", "check", "--format", "json", PYTHONIOENCODING=encoding)
    assert "unknown key: grüße" == json.loads(ended.stdout)["findings"][0]["message"]
