"""The rule from tags to variant as JSON and back."""

from typing import TypedDict

from ruhrmail.model.variants import ONE_VARIANT, Condition, Variants


class ConditionForm(TypedDict):
    """Who sees some blocks."""

    only_for: list[str]
    not_for: list[str]


class RuleForm(TypedDict):
    """All conditions, and by a variant's name which of them hold."""

    conditions: list[ConditionForm]
    names: dict[str, list[bool]]


def to_json(variants: Variants) -> RuleForm | None:
    """The rule as values that JSON knows; None where all get the same."""
    if not variants.conditions:
        return None
    conditions: list[ConditionForm] = [
        {"only_for": sorted(one.only_for), "not_for": sorted(one.not_for)} for one in variants.conditions
    ]
    return {"conditions": conditions, "names": {name: list(shown) for shown, name in variants.names.items()}}


def from_json(form: RuleForm | None) -> Variants:
    """The rule that `to_json` wrote."""
    if form is None:
        return ONE_VARIANT
    conditions = (Condition(frozenset(one["only_for"]), frozenset(one["not_for"])) for one in form["conditions"])
    return Variants(tuple(conditions), {tuple(shown): name for name, shown in form["names"].items()})
