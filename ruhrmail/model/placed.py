"""Who sees a block: readers with some tags, or without."""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from ruhrmail.model.variants import FOR_EVERYBODY, Condition, fold_tag, make_condition
from ruhrmail.model.written import Written, wrong


def read_tags(value: object) -> object:
    """One tag, several with commas between, or a list of tags."""
    if isinstance(value, str):
        return tuple(one for one in re.split("[|;,]", value) if one.strip()) or (value,)
    return value


def read_tag(text: str) -> str:
    """A tag as a cell of the list can hold it."""
    if re.search(r"[|;,\s]", text):
        raise wrong("schema/tag", "no reader can have the tag {value}", "a tag is one word", value=text)
    return text


Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(read_tag)]
TAG_SCHEMA = {"type": ["string", "number"], "minLength": 1, "maxLength": 100}
Tags = Annotated[
    tuple[Tag, ...],
    BeforeValidator(read_tags),
    WithJsonSchema({"anyOf": [TAG_SCHEMA, {"type": "array", "items": TAG_SCHEMA}]}),
]


class Placed(Written):
    """What every block can say about who sees it: readers with one of these tags, readers with none of those."""

    only_for: Tags = ()
    not_for: Tags = ()

    @property
    def condition(self) -> Condition:
        """Who sees the block."""
        return make_condition(self.only_for, self.not_for)

    @property
    def for_everybody(self) -> bool:
        """True for what may stand on public pages."""
        return self.condition == FOR_EVERYBODY

    def seen_with(self, tags: Iterable[str]) -> bool:
        """True when a reader with these tags sees the block."""
        return self.condition.holds(frozenset(map(fold_tag, tags)))
