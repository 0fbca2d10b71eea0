"""Codes of refusals mean something, and nobody's own domain is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.model.account import Domain, Ground, Group
from ruhrmail.model.ledger import State
from ruhrmail.report import cut, ground_of, sum_domains, sum_refusals


def group(domain: str, state: State, count: int, code: int | None = None, status: str = "", text: str = "") -> Group:
    return Group(domain, "", state, code, status, text, count, None, None)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (550, "5.1.1", Ground.UNKNOWN), (550, "5.1.10", Ground.UNKNOWN), (556, "", Ground.UNKNOWN),
        (552, "5.2.2", Ground.FULL), (452, "4.2.2", Ground.FULL), (554, "5.7.1", Ground.BLOCKED),
        (550, "5.7.26", Ground.BLOCKED), (421, "4.7.28", Ground.BLOCKED), (451, "4.7.1", Ground.LATER),
        (421, "", Ground.LATER), (552, "5.3.4", Ground.SIZE), (None, "", Ground.UNREACHED), (550, "", Ground.OTHER),
        (554, "5.0.0", Ground.OTHER),
    ],
)  # fmt: skip
def test_codes_tell_the_ground(code, status, expected):
    assert expected == ground_of(code, status)


def test_refusals_with_the_same_code_are_one_line_with_the_words_most_heard():
    found = sum_refusals([
        group("a.example", State.FAILED, 3, 550, "5.1.1", "no such user"),
        group("b.example", State.FAILED, 2, 550, "5.1.1", "unknown"),
        group("c.example", State.FAILED, 9, 550, "5.1.1"),
        group("a.example", State.DEFERRED, 1, 451, "4.7.1"),
        group("a.example", State.SENT, 7),
    ])  # fmt: skip
    assert [(State.FAILED, 14, 3, "no such user"), (State.DEFERRED, 1, 1, "")] == [
        (one.state, one.count, one.domains, one.text) for one in found
    ]


def test_a_domain_of_few_is_never_named():
    domains = sum_domains([group("big.example", State.SENT, 5), group("own.example", State.SENT, 4)], {}, {}, {})
    named, rest, others = cut(domains)
    assert (["big.example"], "", 4, 1) == ([one.name for one in named], rest.name, rest.recipients, others)


def test_people_who_were_forgotten_have_no_domain_of_their_own():
    named, rest, _ = cut(sum_domains([group("", State.SENT, 50)], {}, {}, {}))
    assert ((), 50) == (named, rest.recipients)


GROUPS = st.lists(
    st.builds(
        group, st.sampled_from([f"d{number}.example" for number in range(40)]), st.sampled_from(State),
        st.integers(1, 30), st.sampled_from([None, 250, 451, 550]), st.sampled_from(["", "5.1.1", "5.7.1"]),
    ),
    max_size=80,
)  # fmt: skip


@given(GROUPS)
def test_nobody_is_lost_between_domains_and_the_rest(groups):
    named, rest, others = cut(sum_domains(groups, {}, {}, {}))
    everybody: list[Domain] = [*named, *([rest] if rest else [])]
    assert sum(one.count for one in groups) == sum(one.recipients for one in everybody)
    assert len({one.domain for one in groups}) == len(named) + others
    assert len(named) <= 20 and all(one.recipients >= 5 for one in named)
