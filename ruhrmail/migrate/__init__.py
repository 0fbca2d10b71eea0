"""The exports of other newsletter tools to arrivals: where each person stood, what they agreed to, tags and fields."""

from collections.abc import Callable, Sequence

from ruhrmail.migrate.cleverreach import CleverReach
from ruhrmail.migrate.keila import Keila
from ruhrmail.migrate.listmonk import Listmonk
from ruhrmail.migrate.mailchimp import Mailchimp
from ruhrmail.migrate.objects import BrokenJson, Found, ObjectFile, stamp_of
from ruhrmail.migrate.tool import DROPPED, ORIGIN, OWN, Layout

__all__ = [
    "DROPPED",
    "ORIGIN",
    "OWN",
    "TOOLS",
    "BrokenJson",
    "Found",
    "Layout",
    "ObjectFile",
    "layout_of",
    "recognise",
    "stamp_of",
]

TOOLS = ("listmonk", "mailchimp", "cleverreach", "keila")


def layout_of(tool: str, name_column: Callable[[str], str]) -> Layout:
    """How a tool of TOOLS writes its exports; `name_column` names merge fields."""
    layouts: dict[str, Layout] = {
        "listmonk": Listmonk(name_column), "mailchimp": Mailchimp(), "cleverreach": CleverReach(),
        "keila": Keila(name_column),
    }  # fmt: skip
    return layouts[tool]


def recognise(headers: Sequence[str], name_column: Callable[[str], str]) -> str | None:
    """Whose export a file with these headers is; None for nobody's that we know."""
    plain = [header.strip().lower() for header in headers]
    return next((tool for tool in TOOLS if layout_of(tool, name_column).fits(plain)), None)
