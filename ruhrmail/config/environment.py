"""Variables of the environment: whatever is wrong with one, its value is never shown."""

from collections.abc import Callable
from typing import TypeVar

from pydantic_core import PydanticCustomError

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase

T = TypeVar("T")
OURS = ("setting", "most")
"""The gaps of messages that hold words of ours, never any of the variable's."""


def from_environment(name: str, read: Callable[[], T]) -> T:
    """Translates a validation error of a variable."""
    try:
        return read()
    except PydanticCustomError as error:
        context = dict(error.context or {})
        template, hint = str(context.pop("template")), context.pop("hint", None)
        unsaid = Phrase(template, {gap: value if gap in OURS else "…" for gap, value in context.items()})
        raise environment_error(name, error.type, unsaid, phrase(str(hint)) if hint else None) from None


def environment_error(name: str, rule: str, message: Phrase, hint: Phrase | None) -> InvalidInput:
    """An error in a variable of the environment, whose value is never shown."""
    return InvalidInput([Finding(rule, "error", Location(name, 0, 0), message, hint)])
