"""What single providers demand, from everything that was seen."""

import pytest

from ruhrmail.doctor.providers import DEMANDS, sum_up
from ruhrmail.doctor.run import IDS, is_wanted
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import phrase

SEEN = {name for _, demands in DEMANDS.values() for name in demands}


def summed(**others):
    """The lines of providers where everything is fine but these."""
    states = {name: others.get(name.removeprefix("doctor/").replace("-", "_"), "ok") for name in SEEN}
    lines = [Diagnosis(name, state, "", phrase("seen")) for name, state in states.items() if state]
    return {one.id.removeprefix("doctor/provider-"): one for one in sum_up(lines)}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({}, ["ok", "ok", "ok"]),
        ({"dns_dmarc": "error"}, ["error", "error", "ok"]),
        ({"dns_alignment": "warning", "host_page": "unknown"}, ["warning", "warning", "unknown"]),
        ({"host_page": "warning"}, ["ok", "ok", "warning"]),
        ({"relay_tls": None}, ["unknown", "ok", "ok"]),
    ],
)
def test_the_worst_of_what_a_provider_demands_counts(others, expected):
    assert expected == [one.state for one in summed(**others).values()]


def test_what_was_never_seen_is_named():
    assert "doctor/relay-tls" in str(summed(relay_tls=None)["bulk"].message)


def test_demands_are_lines_that_there_are():
    assert set() == SEEN - set(IDS)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("dns", True), ("dns-spf", True), ("doctor/dns-spf", True), ("dns-*", True), ("*", True),
        ("dn", False), ("relay", False), ("dns-spfx", False), ("", False),
    ],
)  # fmt: skip
def test_a_pattern_means_an_id_a_group_or_a_form(pattern, meant):
    assert meant == is_wanted("doctor/dns-spf", [pattern])
