"""Expressions for audiences: what they mean, and where they break off."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.model.audience import BadAudience, Both, Either, Has, Not, conditions, parse_audience

NAMES = st.sampled_from(["tag", "language", "ort", "company"])
VALUES = st.text(min_size=0, max_size=12).filter(lambda text: not ('"' in text and "'" in text))
LEAVES = st.builds(Has, NAMES, VALUES)


def several(kind):
    return lambda inner: st.builds(kind, st.lists(inner, min_size=2, max_size=3).map(tuple))


EXPRESSIONS = st.recursive(
    LEAVES, lambda inner: st.builds(Not, inner) | several(Both)(inner) | several(Either)(inner), max_leaves=12
)


def plain(expression):
    """Without places, and with `and` in `and`, `or` in `or` as one."""
    match expression:
        case Has(name, value):
            return Has(name, value)
        case Not(inner):
            return Not(plain(inner))
        case Both(parts) | Either(parts):
            kind = type(expression)
            flat = [plain(part) for part in parts]
            return kind(tuple(one for part in flat for one in (part.parts if type(part) is kind else (part,))))


@settings(deadline=None, max_examples=150)
@given(EXPRESSIONS)
def test_an_expression_reads_as_it_is_written(expression):
    assert plain(expression) == plain(parse_audience(str(expression)))


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("tag:orndlu()\"' äé\t\n"), max_size=60))
def test_any_text_is_an_expression_or_a_complaint_at_a_place_in_it(text):
    try:
        assert list(conditions(parse_audience(text)))
    except BadAudience as error:
        assert 0 <= error.at <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:a", Has("tag", "a")),
        ("TAGS:A", Has("tag", "A")),
        ('ort:"Bad Ems"', Has("ort", "Bad Ems")),
        ("company:''", Has("company", "")),
        ("tag:a or tag:b and tag:c", Either((Has("tag", "a"), Both((Has("tag", "b"), Has("tag", "c")))))),
        ("(tag:a or tag:b) and tag:c", Both((Either((Has("tag", "a"), Has("tag", "b"))), Has("tag", "c")))),
        ("not tag:a and tag:b", Both((Not(Has("tag", "a")), Has("tag", "b")))),
        ("NOT (tag:a OR tag:b)", Not(Either((Has("tag", "a"), Has("tag", "b"))))),
        ("tag:and", Has("tag", "and")),
    ],
)
def test_what_expressions_mean(text, expected):
    assert expected == plain(parse_audience(text))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("tag:a and", 9),
        ("tag:a tag:b", 6),
        ("tag:a und tag:b", 6),
        ("kultur", 0),
        ("(tag:a", 0),
        ("tag:a)", 5),
        ("tag: ", 4),
        ("and tag:a", 0),
        ("not", 3),
        ("tag:a or or tag:b", 9),
        ("tag:a (tag:b)", 6),
        ('ort:"Essen', 4),
    ],
)
def test_where_expressions_break_off(text, at):
    with pytest.raises(BadAudience) as caught:
        parse_audience(text)
    assert at == caught.value.at


@pytest.mark.parametrize("text", ["(" * 5000, "not " * 2000 + "tag:a", "tag:" + "a" * 5000])
def test_endless_expressions_are_refused(text):
    with pytest.raises(BadAudience):
        parse_audience(text)
