"""An issue of the newsletter, as editors write it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ruhrmail.model.blocks import Block
from ruhrmail.model.dates import Day
from ruhrmail.model.written import Line, Written

Language = Literal["de", "en"]


class Issue(Written):
    """One YAML file."""

    date: Day
    subject: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    content: Annotated[tuple[Block, ...], Field(min_length=1)]
    number: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    preheader: Line | None = None
    title: Line | None = None
    language: Language | None = None
    published: bool = False
