"""The examples of the rules of reading do what they say, as those in docstrings do."""

import re

import pytest

from ruhrmail.check import RULES
from ruhrmail.flows.explain import page_of
from ruhrmail.rulebook import read_entries, read_rulebook, topics
from tests.check.desk import find
from tests.check.examples import case_of, is_whole

DOCSTRINGS = {rule.id for rule in RULES}
ENTRIES = {name: entry for topic in topics() for name, entry in read_entries(topic).items()}
EXAMPLES = [name for name, entry in ENTRIES.items() if entry.bad and is_whole(entry.bad)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_bad_example_is_found_and_the_good_one_is_not(name, tmp_path):
    assert name in rules_found(tmp_path, name, ENTRIES[name].bad)
    assert not is_whole(ENTRIES[name].good) or name not in rules_found(tmp_path, name, ENTRIES[name].good)


def test_german_examples_differ_from_the_english_ones_in_comments_only():
    pages = [(page_of(name, "de"), page_of(name, "en")) for name in read_rulebook()]
    assert [] == [one.title for one, two in pages if one and two and code_of(one.bad) != code_of(two.bad)]
    assert [] == [one.title for one, two in pages if one and two and code_of(one.good) != code_of(two.good)]


def rules_found(folder, name: str, example: str) -> set[str]:
    """The rules that find something in a project made of the example; one on YAML is the whole file as it is."""
    case = case_of(example)
    if name.startswith("yaml/"):
        case = {**case, "issue": "", "files": {**case["files"], "issues/one.yaml": example}}
    return {one.split()[1] for one in find(folder, case)}


def code_of(example: str) -> str:
    """An example without the words of its comments."""
    code = re.sub(r"(ignore \S+) .*", r"\1", example)
    return re.sub(r"^# (?!ruhrmail: ).*\n?", "", code, flags=re.MULTILINE).strip()
