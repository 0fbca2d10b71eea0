"""Variants: which sets of blocks readers can see, how they are called, and whose is which."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.model.variants import (
    FOR_EVERYBODY,
    MAX_VARIANTS,
    Condition,
    TooManyVariants,
    find_variants,
    hold,
    make_condition,
)

TAGS = ("bau", "kultur", "stadt", "umwelt", "wirtschaft")
SETS = st.frozensets(st.sampled_from(TAGS), max_size=3)
CONDITIONS = st.lists(st.builds(Condition, SETS, SETS), max_size=6)


def every_set(tags):
    return chain.from_iterable(combinations(tags, size) for size in range(len(tags) + 1))


@given(CONDITIONS)
def hold_sets_of_blocks_that_tags_can_select_are_found_and_no_others(conditions):
    distinct = list(dict.fromkeys(one for one in conditions if one != FOR_EVERYBODY))
    possible = {tuple(one.holds(frozenset(tags)) for one in distinct) for tags in every_set(TAGS)}
    if len(possible) > MAX_VARIANTS:
        with pytest.raises(TooManyVariants):
            find_variants(conditions)
        return
    variants = find_variants(conditions)
    assert possible == set(variants.names)
    assert len(possible) == len(set(variants.names.values()))


@given(CONDITIONS)
def test_a_variant_is_called_by_the_first_of_the_fewest_tags_that_select_it(conditions):
    try:
        variants = find_variants(conditions)
    except TooManyVariants:
        return
    for shown, name in variants.names.items():
        first = next(tags for tags in every_set(TAGS) if hold(variants.conditions, frozenset(tags)) == shown)
        assert "+".join(first) == name


@given(CONDITIONS, st.lists(st.sampled_from(TAGS), unique=True))
def test_a_reader_sees_the_blocks_whose_conditions_hold(conditions, tags):
    try:
        variants = find_variants(conditions)
    except TooManyVariants:
        return
    name = variants.choose([f" {tag.upper()}" for tag in tags])
    assert [one.holds(frozenset(tags)) for one in conditions] == [variants.shown(name, one) for one in conditions]


def test_an_issue_without_conditions_has_one_variant_for_whatever_tags():
    assert ["", ""] == [find_variants(none).choose(["kultur", "stadt"]) for none in ([], [FOR_EVERYBODY])]


def test_variants_are_named_by_the_tags_that_select_them():
    conditions = [make_condition(["Kultur"], []), make_condition([], ["wirtschaft"]), make_condition(["stadt"], [])]
    names = list(find_variants(conditions).names.values())
    assert ["", "kultur", "stadt", "wirtschaft"] == names[:4]
    assert ["kultur+stadt", "kultur+wirtschaft", "stadt+wirtschaft", "kultur+stadt+wirtschaft"] == names[4:]


@pytest.mark.parametrize("tag", ["Fußball", "FUSSBALL", " fussball "])
def test_letter_case_does_not_part_tags(tag):
    assert "fussball" == find_variants([make_condition(["fußball"], [])]).choose([tag])


def test_a_plus_sign_in_a_tag_makes_no_two_variants_of_one_name():
    conditions = [make_condition([tag], []) for tag in ("a", "b", "a+b")]
    names = list(find_variants(conditions).names.values())
    assert len(names) == len(set(names)) == 8


def test_a_block_that_nobody_can_see_makes_no_variant():
    assert [""] == list(find_variants([make_condition(["a"], ["A"])]).names.values())


def test_five_tags_may_go_alone_six_make_too_many():
    assert 32 == len(find_variants([make_condition([tag], []) for tag in "abcde"]).names)
    with pytest.raises(TooManyVariants):
        find_variants([make_condition([tag], []) for tag in "abcdef"])


def test_many_tags_that_exclude_each_other_are_few_variants():
    towns = [f"t{number:03}" for number in range(31)]
    conditions = [make_condition([town], [one for one in towns if one != town]) for town in towns]
    assert ["", *towns] == list(find_variants(conditions).names.values())


def test_many_tags_of_one_block_are_two_variants():
    tags = [f"t{number:03}" for number in range(1000)]
    assert ["", "t000"] == list(find_variants([make_condition(tags, [])]).names.values())


def test_knotted_conditions_are_refused_instead_of_counted_for_ever():
    tags = [f"t{number}" for number in range(60)]
    knots = [make_condition([one], [f"no-{one}", *(t for t in tags if t != one)]) for one in tags]
    with pytest.raises(TooManyVariants):
        find_variants(knots)
