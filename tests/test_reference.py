"""docs/reference/ is made from the code, and holds all of it."""

import re

import pytest

from ruhrmail.config import Settings
from ruhrmail.model.issue import Issue
from tests.test_docs import ROOT, blocks, commands, keys_of, options, sections, type_of
from tools import make_reference

FOLDER = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", make_reference.WRITERS)
def test_the_page_is_what_the_code_says_today(name):
    assert make_reference.WRITERS[name]() == (FOLDER / name).read_text(encoding="utf-8"), "make reference"


def test_nobody_writes_into_the_folder_by_hand():
    assert set(make_reference.WRITERS) == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_has_a_row_in_both_languages(name):
    section = sections((FOLDER / "options.md").read_text(encoding="utf-8"))[name]
    told = set(re.findall(r"(?<=`)--?[a-z][a-z-]*", section))
    assert set() == set(options(commands()[name])) - told - {"--help", "-h"}
    rows = [row.split(" | ") for row in section.splitlines() if row.startswith("| `")]
    assert [] == [row[0] for row in rows if row[-1].removesuffix(" |") in ("", row[-2])]


def test_every_setting_has_a_row():
    told = set(re.findall(r"^\| \**`([^`]+)`", (FOLDER / "settings.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert set() == set(keys_of(Settings)) - told


@pytest.mark.parametrize("block", blocks(), ids=type_of)
def test_every_block_has_a_row_for_each_of_its_keys(block):
    page = sections((FOLDER / "issue.md").read_text(encoding="utf-8"))
    told = set(re.findall(r"^\| \**`([^`]+)`", page[f"{block.__name__} · `{type_of(block)}`"], re.MULTILINE))
    assert {field.alias or name for name, field in block.model_fields.items()} - {"type"} == told


def test_every_key_of_an_issue_has_a_row():
    page = sections((FOLDER / "issue.md").read_text(encoding="utf-8"))
    assert set(Issue.model_fields) == set(re.findall(r"^\| \**`([^`]+)`", page["issue.yaml"], re.MULTILINE))
