"""What templates get, from the code: every view with its fields and their types, every filter and test of Jinja."""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ruhrmail.render import articles, views
from ruhrmail.render.palette import Palette
from ruhrmail.render.prose import Prose
from ruhrmail.render.style import FontsView
from ruhrmail.theme import make_environment

HIDDEN = {"source"}
"""Leads findings back to the file; templates have no use for it."""
WORDS = ((r"\btuple\[(\w+), \.\.\.\]", r"list of \1"), (r"\bLines\b", "lines"), (r"\bstr\b", "text"),
         (r"\bbool\b", "`true`, `false`"), (r"\bint\b", "number"), (r" \| None\b", " or none"),
         (r" \| ", " or "))  # fmt: skip
"""Types of Python in the words of docs/templates.md."""
HEAD = """# Template API

{made}

Every view that a template may see, with the types of its fields. [Templates](../templates.md) says what they mean and
which templates get which.
"""


def write_templates(made: str) -> str:
    """The page; `made` is the remark that nobody should write into it."""
    parts = [HEAD.format(made=made).rstrip(), *(view_section(one) for one in all_views())]
    environment = make_environment((), escape=True)
    for title, names in (("Filters", environment.filters), ("Tests", environment.tests)):
        parts += [f"## {title}", ", ".join(f"`{one}`" for one in sorted(names) if one.isidentifier())]
    return "\n\n".join(parts) + "\n"


def all_views() -> Iterator[type[Any]]:
    """Every view, those of blocks first."""
    yield from (one for one in seen_in(views) if one is not views.Sourced)
    yield from seen_in(articles)
    yield from (Palette, FontsView, Prose)


def seen_in(module: ModuleType) -> Iterator[type[Any]]:
    """The dataclasses that a module defines."""
    for one in vars(module).values():
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.__name__:
            yield one


def view_section(view: type[Any]) -> str:
    """One view: its fields, then what it works out itself."""
    fields = [(field.name, field.type) for field in dataclasses.fields(view) if field.name not in HIDDEN]
    worked_out = [
        (name, inspect.signature(value.fget).return_annotation)
        for name, value in vars(view).items()
        if isinstance(value, property) and value.fget and name[0] != "_"
    ]
    rows = [f"| `{name}` | {in_words(kind)} |" for name, kind in (*fields, *worked_out)]
    more = f"[What its fields mean](../templates.md#{view.__name__.lower()})."
    return "\n\n".join([f"## {view.__name__}", more, "\n".join(["| field | type |", "| --- | --- |", *rows])])


def in_words(kind: Any) -> str:
    """A type as a person would say it."""
    text = kind if isinstance(kind, str) else getattr(kind, "__name__", "") if isinstance(kind, type) else str(kind)
    text = re.sub(r"\b(?:\w+\.)+(\w)", r"\1", text or str(kind))
    for pattern, words in WORDS:
        text = re.sub(pattern, words, text)
    return text.replace("|", "\\|")
