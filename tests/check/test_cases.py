"""The corpus: each defective issue gives exactly its findings at exactly their places, and a near miss gives none.

A case in `cases/*.yaml` says what differs from an issue without a fault: `issue`, `config` (parts of files), `files`,
`edits` (a packaged template with one text replaced), `pictures`; `find` lists `severity rule file:line:column`.
"""

from pathlib import Path

import pytest
import yaml

from ruhrmail.check import RULES
from ruhrmail.flows.check import check_project
from ruhrmail.model.finding import names_of
from ruhrmail.theme import PACKAGED
from tests.check.desk import find
from tests.stories.project import sample_project

CASES = Path(__file__).parent / "cases"
LEAST_FAULTS = 3
WITHOUT_CASES = frozenset({"ics/valid", "ics/uid-stable", "message/headers"})
"""Nothing that people write makes it go wrong: see test_calendars.py and test_message.py."""

OFFLINE = [one for one in RULES if one.id not in WITHOUT_CASES and one.needs is None]


def read_cases():
    """Every case with the rule it belongs to."""
    for path in sorted(CASES.glob("*.yaml")):
        for rule, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for number, case in enumerate(cases):
                yield pytest.param(rule, case, id=f"{rule}-{number}-{'fault' if case['find'] else 'near-miss'}")


def edited(edits):
    """Packaged templates with one text replaced, as the project's own."""
    for name, (old, new) in edits.items():
        text = (PACKAGED / "ruhr" / name).read_text(encoding="utf-8")
        assert old in text
        yield f"templates/{name}", text.replace(old, new, 1)


@pytest.mark.parametrize(("rule", "case"), list(read_cases()))
def test_a_case_gives_exactly_its_findings(rule, case, tmp_path):
    whole = {**case, "files": {**case.get("files", {}), **dict(edited(case.get("edits", {})))}}
    assert case["find"] == find(tmp_path, whole)


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.id)
def test_every_rule_has_three_faults_and_a_near_miss(rule):
    own = [param.values[1] for param in read_cases() if param.values[0] == rule.id]
    faults = [case for case in own if any(rule.id in names_of(one.split()[1]) for one in case["find"])]
    near = [case for case in own if not any(rule.id in names_of(one.split()[1]) for one in case["find"])]
    assert (True, True) == (len(faults) >= LEAST_FAULTS, len(near) >= 1)


def test_the_sample_issues_are_without_findings(tmp_path):
    assert [] == check_project(sample_project(tmp_path).folder, {}, [])
