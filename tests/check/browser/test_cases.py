"""The corpus: a project for each rule that needs a browser gives exactly its findings at exactly their places."""

from pathlib import Path

import pytest
import yaml

from ruhrmail.check import RULES
from tests.stories.project import sample_project

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
ELSEWHERE = {"visual/regression": "test_regression.py", "check/browser": "test_chromium.py"}


@pytest.mark.parametrize(("rule", "case"), CASES.items())
def test_a_case_gives_exactly_its_findings(rule, case, find):
    assert case["find"] == find(case)


def test_every_rule_has_three_faults():
    counts = {rule: sum(f" {rule} " in one for one in case["find"]) for rule, case in CASES.items()}
    assert {} == {rule: count for rule, count in counts.items() if count < 3}
    assert {rule.id for rule in RULES if rule.needs == "browser"} == CASES.keys() | ELSEWHERE.keys()
    assert all(Path(__file__).with_name(name).is_file() for name in ELSEWHERE.values())


def test_the_sample_issues_are_without_findings(inspect, tmp_path):
    assert [] == inspect(sample_project(tmp_path).folder, None, ())
