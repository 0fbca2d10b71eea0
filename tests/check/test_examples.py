"""Every manual page is whole, and its examples do what it says."""

import importlib.util
from pathlib import Path

import pytest

from ruhrmail.check import RULES, read_page
from ruhrmail.model.finding import names_of
from ruhrmail.rulebook import read_rulebook
from tests.check.desk import find
from tests.check.examples import case_of, is_whole

ROOT = Path(__file__).parents[2]
OFFLINE = [rule for rule in RULES if rule.needs is None]
PAGES = [rule for rule in OFFLINE if is_whole(rule.page.bad)]


def tool():
    spec = importlib.util.spec_from_file_location("make_rules", ROOT / "tools" / "make_rules.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_whole_page(rule):
    page = rule.page
    assert all((page.title, page.why, page.bad, page.good, page.remedy))
    assert page.title.endswith(".")


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.id)
def test_the_bad_example_is_found(rule, tmp_path):
    found = find(tmp_path, case_of(rule.page.bad))
    assert rule.id in {name for one in found for name in names_of(one.split()[1])}


@pytest.mark.parametrize("rule", [rule for rule in PAGES if is_whole(rule.page.good)], ids=lambda rule: rule.id)
def test_the_good_example_is_not(rule, tmp_path):
    found = find(tmp_path, case_of(rule.page.good))
    assert rule.id not in {name for one in found for name in names_of(one.split()[1])}


def test_the_reference_is_what_the_docstrings_say():
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert tool().update(text) == text


def test_no_two_rules_have_one_id():
    assert len(RULES) == len({rule.id for rule in RULES})
    assert {rule.id for rule in RULES} < set(read_rulebook())


def test_a_page_without_a_remedy_is_none():
    with pytest.raises(ValueError, match="Remedy"):
        read_page("Title.\n\nWhy: x\nBad:\n    a\nGood:\n    b")
