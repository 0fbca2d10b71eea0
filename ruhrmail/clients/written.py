"""How a feature looks where somebody writes it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ruhrmail.clients.css import AT_RULES, COMBINATORS, FUNCTIONS, GROUPS, KEYWORDS, MEDIA, PSEUDO, UNITS, VALUES
from ruhrmail.clients.markup import ATTRIBUTES, ELEMENTS, IMAGES


@cache
def written_as(slug: str) -> re.Pattern[str]:
    """A pattern for the places of a template where a feature may stand: never too few, perhaps too many."""
    return re.compile("|".join(ways(slug)), re.IGNORECASE)


def ways(slug: str) -> Iterator[str]:
    """Every way to write the feature, as patterns."""
    for name in (*names(GROUPS, slug), slug.removeprefix("css-")):
        yield rf"(?<![\w-]){re.escape(name)}\s*:"
    for prop, value in (key for key, one in VALUES.items() if one == slug):
        yield rf"(?<![\w-]){prop}\s*:\s*{value}(?![\w-])"
    forms = (
        (AT_RULES, "@{}"), (MEDIA, r"\({}"), (FUNCTIONS, r"(?<![\w-]){}\("), (UNITS, r"\d{}(?!\w)"), (PSEUDO, "::?{}"),
        (KEYWORDS, r":[^;]*(?<![\w-]){}(?![\w-])"), (COMBINATORS, r"[\w\])]\s*{}\s*[\w.#:\[]"),
        (ELEMENTS, r"<{}(?![\w-])"), (ATTRIBUTES, r"\s{}\s*="), (IMAGES, r"\.{}(?!\w)"),
    )  # fmt: skip
    for table, form in forms:
        yield from (form.format(re.escape(name)) for name in names(table, slug))


def names(table: Mapping[str, str], slug: str) -> list[str]:
    """What a table calls a feature by."""
    return [name for name, one in table.items() if one == slug]
