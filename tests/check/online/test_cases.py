"""The corpus of online rules: each case gives exactly its findings at exactly their places, a near miss gives none.

A case in `cases.yaml` says what differs from an issue without a fault, as in `tests/check/cases/`; `names` and `faults`
are what the name server says (see tests/servers/names.py); WEB, TLS, PORT, SAFE, EXPIRED and FOREIGN stand for servers.
"""

from pathlib import Path

import pytest
import yaml

from tests.check.online.street import ONLINE

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
LEAST_FAULTS = 3
PARAMS = [
    pytest.param(case, id=f"{rule}-{number}-{'fault' if case['find'] else 'near-miss'}")
    for rule, cases in CASES.items()
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize("case", PARAMS)
def test_a_case_gives_exactly_its_findings(street, tmp_path, case):
    street.names.zone.update(case.get("names", {}))
    street.names.faults = case.get("faults", {})
    assert case["find"] == street.find(tmp_path, case)


@pytest.mark.parametrize("rule", sorted(ONLINE))
def test_every_online_rule_has_three_faults_and_a_near_miss(rule):
    faults = [case for case in CASES[rule] if any(f" {rule} " in one for one in case["find"])]
    near = [case for case in CASES[rule] if not case["find"]]
    assert (True, True) == (len(faults) >= LEAST_FAULTS, len(near) >= 1)
