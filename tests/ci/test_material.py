"""What others put into their CI is what those services read, and calls commands that exist."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
import yaml

from ruhrmail import __version__
from ruhrmail.cli import app
from tests.stories.project import small_project

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parent / "schemas"
WORKFLOW = "ruhrmail/patterns/project/workflow.yml"
MATERIAL = {"action.yml": "github-actions", WORKFLOW: "github-workflows", "ci/gitlab.yml": "gitlab-ci"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def load(name):
    """YAML as those services read it: `on` is a word, no truth value."""
    return yaml.load(re.sub(r"^on:", '"on":', read(name), flags=re.MULTILINE), yaml.SafeLoader)


def complaints(schema, data):
    """What a published schema finds wrong."""
    from jsonschema import Draft7Validator  # seconds, in each process that reads this file

    validator = Draft7Validator(json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")))
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize(("name", "schema"), MATERIAL.items())
def test_keeps_to_the_published_schema(name, schema):
    assert [] == complaints(schema, load(name))


def test_the_lines_to_uncomment_keep_to_the_schema_too():
    text = re.sub(r"^( +)# (?=- |  |security)", r"\1", read(WORKFLOW), flags=re.MULTILINE)
    workflow = yaml.load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE), yaml.SafeLoader)
    assert [] == complaints("github-workflows", workflow)
    expected = {"contents": "read", "pull-requests": "write", "security-events": "write"}
    assert expected == workflow["permissions"]
    assert "github/codeql-action/upload-sarif@v3" in [step.get("uses") for step in workflow["jobs"]["issues"]["steps"]]


@pytest.mark.parametrize("name", [*MATERIAL, ".pre-commit-hooks.yaml"])
def test_calls_commands_and_options_that_exist(name):
    commands = typer.main.get_command(app).commands
    calls = re.findall(
        r"(?:run: |entry: |- |^\s+)ruhrmail ((?:--project \S+ )?(\w+)[^>|\n]*)", read(name), re.MULTILINE
    )
    assert calls
    for line, command in calls:
        known = {option for parameter in commands[command].params for option in parameter.opts} | {"--project"}
        assert set() == set(re.findall(r"(?<!\S)--[a-z-]+", line)) - known


def test_no_input_of_the_action_is_pasted_into_a_script():
    steps = load("action.yml")["runs"]["steps"]
    assert [] == [step["run"] for step in steps if "${{" in step.get("run", "")]
    used = set(re.findall(r"inputs\.([a-z-]+)", read("action.yml")))
    assert set(load("action.yml")["inputs"]) == used


def test_hooks_have_what_pre_commit_demands():
    for hook in load(".pre-commit-hooks.yaml"):
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert {"id", "name", "description", "entry", "language", "files", "pass_filenames"} >= hook.keys()
        wanted = [
            name for name in ("issues/2026-11/issue.yaml", "post/issues/a.yaml") if re.search(hook["files"], name)
        ]
        assert 2 == len(wanted)
        assert not re.search(hook["files"], "docs/rules.md")


@pytest.fixture
def path_with_ruhrmail(tmp_path):
    """A PATH on which `ruhrmail` is this checkout."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "ruhrmail").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ruhrmail "$@"\n', encoding="utf-8")
    (folder / "ruhrmail").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash: apt install bash")
@pytest.mark.parametrize(
    ("strict", "baseline", "code"), [("false", "", 0), ("true", "", 1), ("true", "known.json", 0)]
)  # fmt: skip
def test_the_step_of_the_action_checks_a_project_in_a_folder(tmp_path, path_with_ruhrmail, strict, baseline, code):
    (tmp_path / "my post").mkdir()
    project = small_project(tmp_path / "my post")
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("preheader: Ein kurzer Brief\n", ""), encoding="utf-8")
    if baseline:
        assert 0 == project.run("check", "--baseline", str(tmp_path / baseline), "--write-baseline").returncode
    inputs = {"PROJECT": "my post", "STRICT": strict, "BASELINE": baseline, "GITHUB_WORKSPACE": str(tmp_path)}
    step = next(one for one in load("action.yml")["runs"]["steps"] if "check" in one.get("run", ""))
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        env={**project.environ, **inputs, "PATH": path_with_ruhrmail},
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    told = "::warning file=my post/issues/kurz/issue.yaml,line=1,col=1,title=preheader/missing::" in done.stdout
    assert (code, not baseline) == (done.returncode, told)


def test_a_new_project_asks_for_this_version():
    assert "ruhrmail[browser]==$version" in read(WORKFLOW)
    assert re.fullmatch(r"\d+(\.\d+)+", __version__)
