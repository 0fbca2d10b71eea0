"""The examples that are shipped for operators are true: what they name exists, and their programs take them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from ruhrmail.cli import app
from tests.stories.project import REPOSITORY, small_project

EXAMPLES = REPOSITORY / "examples"
UNIT = (EXAMPLES / "ruhrmail.service").read_text(encoding="utf-8")
WORKER = (EXAMPLES / "ruhrmail-worker@.service").read_text(encoding="utf-8")
CONTAINER = (EXAMPLES / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
ANALYZE = shutil.which("systemd-analyze") or ""


def steps(name: str) -> list[str]:
    """The arguments of every step of that name in the Containerfile."""
    return [line.removeprefix(name).strip() for line in CONTAINER.splitlines() if line.startswith(name + " ")]


def words(step: str) -> list[str]:
    """`["a", "b"]` to its words."""
    return re.findall(r'"((?:[^"\\]|\\.)*)"', step)


def unit_here(folder: Path) -> Path:
    """The unit with a program and a user that this machine has. Without systemd the test is skipped; in CI it fails."""
    if not ANALYZE:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("systemd-analyze is missing: apt-get install systemd")
    program = folder / "ruhrmail"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name, unit in (("ruhrmail.service", UNIT), ("ruhrmail-worker@1.service", WORKER)):
        text = unit.replace("/opt/ruhrmail/bin/ruhrmail", str(program)).replace("=ruhrmail\n", "=daemon\n")
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(EXAMPLES / "ruhrmail.socket", folder)
    return folder


@pytest.mark.parametrize("name", ["ruhrmail.service", "ruhrmail.socket", "ruhrmail-worker@1.service"])
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path, name):
    unit_here(tmp_path)
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (0, []) == (done.returncode, [line for line in done.stderr.splitlines() if "ruhrmail" in line])


@pytest.mark.parametrize("name", ["ruhrmail.service", "ruhrmail-worker@1.service"])
def test_systemd_judges_the_services_well_shut_in(tmp_path, name):
    unit = unit_here(tmp_path) / name
    done = subprocess.run(
        [ANALYZE, "security", "--offline=yes", "--threshold=20", str(unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout[-600:] + done.stderr


def options_of(arguments: list[str]) -> set[str]:
    return {one.partition("=")[0] for one in arguments if one.startswith("--")}


def test_the_commands_of_unit_and_container_have_these_options():
    started = shlex.split(re.search(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)[1])
    contained = [*words(steps("ENTRYPOINT")[0]), *words(steps("CMD")[-1])]
    shown = subprocess.run([sys.executable, "-m", "ruhrmail", "serve", "--help"], cwd=REPOSITORY, capture_output=True,
                           text=True, timeout=60, check=True).stdout  # fmt: skip
    others = [
        line.split("ruhrmail ")[-1].split()[0] for line in CONTAINER.splitlines() if "/environment ruhrmail " in line
    ]
    assert {"worker", "send"} == set(others) & set(typer.main.get_command(app).commands)
    for command in (started, contained):
        assert "ruhrmail" == Path(command[0]).name
        assert [] == sorted(name for name in options_of(command) - {"--project"} if name not in shown)


def test_the_unit_ends_by_itself_before_systemd_ends_it():
    from ruhrmail.web.processes import AT_THE_LATEST

    assert int(re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)[1]) > AT_THE_LATEST


def test_the_container_takes_the_lock_and_what_make_package_writes():
    (copied,) = steps("COPY")
    assert ["requirements-service.txt", "dist/ruhrmail-*.whl", "/src/"] == copied.split()
    lock = (REPOSITORY / "requirements-service.txt").read_text(encoding="utf-8")
    assert {"--hash=sha256:", "psycopg==", "procrastinate==", "uvloop=="} == {
        part for part in ("--hash=sha256:", "psycopg==", "procrastinate==", "uvloop==") if part in lock
    }
    installs = next(one.split("&&") for one in steps("RUN") if "pip" in one)
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]
    assert "--no-deps --no-index /src/ruhrmail-*.whl" in installs[1]


def test_nothing_else_reaches_the_builder_of_the_image():
    rules = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split()
    assert ["*", "!dist/ruhrmail-*.whl", "!requirements-service.txt"] == rules


def test_the_container_does_not_run_as_root_and_its_python_is_one_of_ours():
    assert ["ruhrmail"] == steps("USER")
    least = re.search(r'requires-python = ">=3\.(\d+)"', (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))[1]
    assert int(re.search(r"python:3\.(\d+)", steps("FROM")[0])[1]) >= int(least)


def test_the_containers_look_at_its_health_tells_a_good_service_from_none(tmp_path):
    look = words(steps("HEALTHCHECK")[0].partition("CMD")[2] or CONTAINER.partition("HEALTHCHECK")[2])
    project = small_project(tmp_path / "project")
    with project.service("serve", "--port", "0", ready=r"http://[\d.]+:\d+") as address:
        script = look[2].replace("http://127.0.0.1:8000", address)
        assert script != look[2]
        assert 0 == subprocess.run([sys.executable, *look[1:2], script], timeout=60, check=False).returncode
    gone = subprocess.run([sys.executable, *look[1:2], script], timeout=60, capture_output=True, check=False)
    assert 1 == gone.returncode
