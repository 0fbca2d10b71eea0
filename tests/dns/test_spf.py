"""SPF records: what receivers can evaluate, and how often they have to ask."""

import pytest

from ruhrmail.dns.spf import Spf, judge_spf
from ruhrmail.names import Answer


def judge(record, **others):
    records = {"letter.example": record, **{f"{name}.example": text for name, text in others.items()}}

    def ask(name):
        text = records.get(name)
        return Answer("no-name") if text is None else Answer("found", (text, "something else"))

    return judge_spf("letter.example", ask)


@pytest.mark.parametrize(
    ("record", "rest"),
    [
        ("v=spf1 -all", "-"),
        ("v=spf1 ~ALL", "~"),
        ("v=spf1 all", "+"),
        ("v=spf1", ""),
        ("v=spf1  a  mx -all ", "-"),
        ("v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip6:2001:db8::1 -all", "-"),
        (
            "v=spf1 a:halle.example mx:halle.example/24 a/24 a//64 a:halle.example/24//64 ptr ptr:halle.example -all",
            "-",
        ),
        ("v=spf1 exists:%{ir}.%{v}._spf.%{d2} include:%{d}.halle.example ?all", "?"),
        ("v=spf1 exp=explain.%{d} unknown-thing=x -all", "-"),
        ("v=spf1 -all redirect=nowhere.example", "-"),
        ("v=spf1 -all include:nowhere.example", "-"),
        ("v=spf1 redirect=%{d}.halle.example", "?"),
    ],
)
def test_a_record_that_can_be_evaluated_has_no_fault(record, rest):
    found = judge(record)
    assert ("", rest) == (found.fault, found.rest)


@pytest.mark.parametrize(
    "term",
    ["ip4", "ip4:", "ip4:192.0.2", "ip4:192.0.2.0/33", "ip4:192.0.2.0/255.255.255.0", "ip6:192.0.2.1", "include",
     "include:", "exists", "alll", "all:x", "a:", "a/240", "a//1280", "mx/x", "+-all", "ipv4:192.0.2.1", "halle"],
)  # fmt: skip
def test_a_term_that_is_none_makes_the_record_void(term):
    assert ("syntax", term) == (judge(f"v=spf1 {term} -all").fault, judge(f"v=spf1 {term} -all").term)


def test_ten_lookups_are_fine_and_eleven_are_not():
    assert Spf(lookups=10, rest="-") == judge(f"v=spf1 {'a ' * 10}-all")
    assert Spf("lookups", "a", 11) == judge(f"v=spf1 {'a ' * 11}-all")


def test_lookups_of_included_records_count():
    found = judge(
        "v=spf1 include:eins.example mx -all", eins="v=spf1 include:zwei.example ~all", zwei="v=spf1 a mx ?all"
    )
    assert Spf(lookups=5, rest="-") == found


def test_records_that_include_each_other_end():
    assert "lookups" == judge("v=spf1 include:eins.example -all", eins="v=spf1 include:letter.example -all").fault


def test_a_redirect_says_what_is_said_of_all_others():
    assert Spf(lookups=1, rest="~") == judge("v=spf1 redirect=eins.example", eins="v=spf1 ip4:192.0.2.1 ~all")


@pytest.mark.parametrize("record", ["v=spf1 include:eins.example -all", "v=spf1 redirect=eins.example"])
def test_a_record_that_leans_on_none_is_void(record):
    assert ("include", "eins.example") == (judge(record).fault, judge(record).term)
    assert ("include", "eins.example") == (judge(record, eins="v=spf1 nonsense").fault, judge(record).term)
