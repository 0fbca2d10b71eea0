"""What ruhrmail.yaml may say about issues and articles that have another name now."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from ruhrmail.model.written import wrong

MOST_REDIRECTS = 1000
PLACE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[a-z0-9][a-z0-9-]{0,150}\.html)?$"


def read_place(text: str) -> str:
    """An issue's name or an article's page."""
    place = text.strip()
    if not re.fullmatch(PLACE[1:-1], place, re.ASCII):
        template, hint = "{place} is no issue and no article's page", "write 2026-10, or 2026-10/radweg.html"
        raise wrong("schema/value", template, hint, place=place)
    return place


Place = Annotated[str, AfterValidator(read_place), WithJsonSchema({"type": "string", "pattern": PLACE})]


def next_place(redirects: Mapping[str, str], place: str) -> str | None:
    """Where one move leads from `SLUG`, `SLUG/` or `SLUG/NAME`; None where it never moved. What lies in an issue's
    folder moves with it."""
    slug, _, name = place.partition("/")
    if place in redirects:
        return redirects[place]
    new = redirects.get(slug)
    return new if new is None or "/" in new else f"{new}/{name}"


def moved_to(redirects: Mapping[str, str], place: str) -> str | None:
    """Where `SLUG/NAME` or `SLUG/` is now; None: it never moved, or in circles. What lies in an issue's folder moves
    with it."""
    passed, found = {place}, next_place(redirects, place)
    while found is not None and found not in passed:
        passed.add(found)
        after = next_place(redirects, found)
        if after is None:
            return found
        found = after
    return None


def earlier_names(redirects: Mapping[str, str], slug: str) -> Sequence[str]:
    """What an issue was called before, as far as the moves tell."""
    return [old for old in redirects if "/" not in old and moved_to(redirects, f"{old}/") == f"{slug}/"]


def lead_somewhere(redirects: dict[str, str]) -> dict[str, str]:
    """The moves, none of them in a circle, and none of a whole issue to one article."""
    for old, new in redirects.items():
        if "/" in new and "/" not in old:
            template = "{old} is an issue, and {new} an article"
            raise wrong("schema/value", template, "an issue moves to an issue", old=old, new=new, at_key=old)
        if moved_to(redirects, old) is None:
            template = "{old} leads back to itself"
            raise wrong("schema/value", template, "delete one of the lines", old=old, at_key=old)
    return redirects


Redirects = Annotated[dict[Place, Place], Field(max_length=MOST_REDIRECTS), AfterValidator(lead_somewhere)]
"""Old place below `archive/` to new one: `2026-10: 2026-oktober`, `2026-11/alt.html: 2026-11/neu.html`."""
