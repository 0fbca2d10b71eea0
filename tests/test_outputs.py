"""What programs read from ruhrmail is told: every key of JSON, every metric."""

import ast
import json
import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from ruhrmail.cli import app
from tests.stories.project import Project, sample_project
from tests.test_docs import PACKAGE, read, sections

SOMEBODY = "ada@leser.example"
PRINTING = {
    "check": ("check", "--format", "json"),
    "status": ("status", "2026-11", "--recipients", "--format", "json"),
    "report": ("report", "2026-11", "--format", "json"),
    "subscribers list": ("subscribers", "list", "--format", "json"),
    "subscribers show": ("subscribers", "show", SOMEBODY, "--format", "json"),
    "subscribers stats": ("subscribers", "stats", "--format", "json"),
    "bounces": ("bounces", "/dev/null", "--format", "json"),
    "rehearse": ("rehearse", "2026-10", "--limit", "20", "--format", "json"),
}
"""Commands by their section of docs/commands.md."""
FREE = {"person", "fields"}
"""Below these stand columns of the list."""
COLUMNS = {"salutation", "title", "first_name", "last_name", "company", "language"}
"""The list's known columns, which docs/operating/list.md tells of."""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    made = sample_project(tmp_path_factory.mktemp("told"))
    (made.folder / "subscribers.csv").write_text(f"email\n{SOMEBODY}\n", encoding="utf-8")
    assert 0 == made.run("send", "2026-11", "--yes", RUHRMAIL_RELAY=f"maildir:{made.folder}/taken").returncode
    return made


def keys_in(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from keys_in(one)
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from () if key in FREE else keys_in(one)


@pytest.mark.parametrize("command", PRINTING)
def test_every_key_of_json_is_told(project, command):
    arguments = ["--project", str(project.folder), *PRINTING[command]]
    printed = CliRunner().invoke(app, arguments, env=project.environ).stdout
    page = sections(read("docs/commands.md"))
    text = page[command] + (page["status"] if command == "report" else "")  # which it sends its reader to
    told = set(re.findall(r"[`\"]([a-z_0-9]+)[`\"]", text))
    assert set() == set(keys_in(json.loads(printed))) - told - COLUMNS


def metrics() -> set[str]:
    """The names of all families, as they are written in the code."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Family", "gauge"):
                name = getattr(node.args[0], "value", None)
                if isinstance(name, str):
                    found.add(name if name.startswith("ruhrmail_") else f"ruhrmail_run_{name}")
    return found


def test_every_metric_is_told_and_no_other():
    section = sections(read("docs/operating/watching.md"))["Metrics"]
    assert metrics() == set(re.findall(r"`(ruhrmail_[a-z_]+)", section))


def test_the_german_page_about_the_report_uses_its_words():
    said = set(json.loads((PACKAGE / "locales" / "de.json").read_text(encoding="utf-8")).values())
    page = read("docs/bericht.md")
    figures = re.findall(r"^\| ([^|`]+) \| (?!Was)", page.replace("| --- |", ""), re.MULTILINE)
    parts = re.findall(r"^- \*\*(.+?)\*\*:", page, re.MULTILINE)
    assert (7, 7) == (len(figures), len(parts))
    assert set() == {*figures, *parts} - said


def test_the_german_page_about_sending_tells_every_state_it_names_by_its_word():
    said = set(json.loads((PACKAGE / "locales" / "de.json").read_text(encoding="utf-8")).values())
    states = re.findall(r"^\| (\w[\w ]+) \| ", sections(read("docs/senden.md"))["Wer sie bekommen hat"], re.MULTILINE)
    assert set() == set(states) - said - {"Stand"}
