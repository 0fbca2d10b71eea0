"""What editors and operators write: texts of all kinds, without unknown keys (pydantic, for strangers write here)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""A short text: plain, no markup."""
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A text whose line ends are kept: addresses, offices, closings."""
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=100_000, pattern=r"\S")]
"""Paragraphs, emphasis, links and lists."""


def wrong(rule: str, template: str, hint: str, **values: object) -> PydanticCustomError:
    """An error that carries its rule id, message and hint to the finding."""
    return PydanticCustomError(rule, "invalid", {"template": template, "hint": hint, **values})


class Written(BaseModel):
    """What every part of an issue has in common: no unknown keys, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
