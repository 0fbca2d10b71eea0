"""What ruhrmail.yaml may say about the topics that readers choose from."""

from typing import Annotated, Self

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, model_validator
from pydantic import Tag as PydanticTag

from ruhrmail.model.placed import Tag
from ruhrmail.model.variants import fold_tag
from ruhrmail.model.written import Line, Written, wrong

MOST_TOPICS = 40
"""More boxes than anybody wants to read."""
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Words(Written):
    """A text in both languages of the pages."""

    de: Line | None = None
    en: Line | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.de is None and self.en is None:
            raise wrong("config/topic", "this says nothing in any language", "such as {de: Kultur, en: Culture}")
        return self


def form_of(value: object) -> str:
    """One text for all pages, or a mapping."""
    return "mapping" if isinstance(value, dict | Written) else "text"


LineOrWords = Annotated[
    Annotated[Line, PydanticTag("text")] | Annotated[Words, PydanticTag("mapping")], Discriminator(form_of)
]


class Topic(Written):
    """A topic with its label in one or both languages, and what it is about."""

    de: Label | None = None
    en: Label | None = None
    description: LineOrWords | None = None

    @model_validator(mode="after")
    def has_label(self) -> Self:
        if self.de is None and self.en is None:
            raise wrong("config/topic", "the topic has no label", "such as {de: Kultur, en: Culture}")
        return self


LabelOrTopic = Annotated[
    Annotated[Label, PydanticTag("text")] | Annotated[Topic, PydanticTag("mapping")], Discriminator(form_of)
]


def tell_apart(topics: dict[str, LabelOrTopic]) -> dict[str, LabelOrTopic]:
    """The topics, none of them the same tag as another one."""
    first: dict[str, str] = {}
    for tag in topics:
        other = first.setdefault(fold_tag(tag), tag)
        if other != tag:
            template = "{tag} is the same topic as {other}: letter case does not count"
            raise wrong("config/topic", template, "delete one of the two", tag=tag, other=other, at_key=tag)
    return topics


Topics = Annotated[dict[Tag, LabelOrTopic], Field(max_length=MOST_TOPICS), AfterValidator(tell_apart)]
"""What readers may choose, by tag, in the order of the page."""
