"""Which rules count: ids, families, several with commas; what means nothing is refused with a guess."""

import pytest

from ruhrmail.errors import UsageError
from ruhrmail.triage import make_selection

KNOWN = ("img/missing", "img/format", "yaml/syntax", "text/illegal-char")


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], KNOWN),
        (["img/*"], [], KNOWN[:2]),
        (["img/*"], ["img/format"], KNOWN[:1]),
        (["img/missing, yaml/syntax", "text/*"], [], (KNOWN[0], KNOWN[2], KNOWN[3])),
        ([], ["*"], ()),
        ([" , "], [], KNOWN),
    ],
)
def test_the_chosen_less_the_ignored(select, ignore, expected):
    selection = make_selection(select, ignore, KNOWN)
    assert expected == tuple(rule for rule in KNOWN if selection.admits(rule))


@pytest.mark.parametrize(
    ("pattern", "guess"),
    [
        ("img/mising", "img/missing"),
        ("img", "img/*"),
        ("img/", "img/*"),
        ("imgs/*", "img/*"),
        ("x/syntax", "yaml/syntax"),
        ("IMG/missing", "img/missing"),
        ("img/mis*", "img/*"),
        ("*/missing", "img/missing"),
    ],
)
@pytest.mark.parametrize("ignored", [False, True])
def test_a_rule_that_does_not_exist_is_refused_with_a_guess(pattern, guess, ignored):
    with pytest.raises(UsageError) as caught:
        make_selection(*(([], [pattern]) if ignored else ([pattern], [])), KNOWN)
    assert f"there is no rule {pattern}" == str(caught.value.message)
    assert f"did you mean {guess}?" == str(caught.value.hint)


def test_without_a_guess_the_families_are_named():
    with pytest.raises(UsageError) as caught:
        make_selection(["zzzzz"], [], KNOWN)
    assert "all of a kind: img/*, text/*, yaml/*" == str(caught.value.hint)
