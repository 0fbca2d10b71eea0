"""docs/templates.md tells of every file of a theme, every value and every field that templates see."""

import dataclasses
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import ruhrmail.render.articles as articles
from ruhrmail.config import load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.render import views
from ruhrmail.render.palette import Palette
from ruhrmail.render.prose import Prose
from ruhrmail.render.style import STYLES, FontsView
from ruhrmail.theme import BASE, PACKAGED, Theme, open_theme

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
PARTS = re.split(r"^#{2,3} (.+)$", PAGE, flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))
ROW = re.compile(r"^\| `(\w+)`", re.MULTILINE)


def seen_in(module: ModuleType) -> list[type[Any]]:
    """The dataclasses that a module defines."""
    found = [one for one in vars(module).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]
    return [one for one in found if one.__module__ == module.__name__]


VIEWS = [*(one for one in seen_in(views) if one is not views.Sourced), *seen_in(articles), Palette, FontsView, Prose]
FOR_CHECKING = {"source"}
"""Leads findings back to the file; templates have no use for it."""


def public(view: type[Any]) -> set[str]:
    """What a template can ask a view for."""
    fields = {field.name for field in dataclasses.fields(view)} - FOR_CHECKING
    return fields | {name for name, value in vars(view).items() if name[0] != "_" and isinstance(value, property)}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_field_of_a_view_has_a_row_and_no_row_is_too_many(view):
    told = set(ROW.findall(SECTIONS[view.__name__]))
    assert public(view) - {"type"} == told - ({"styled"} if view is Prose else set())


@pytest.mark.parametrize("view", [view for view in VIEWS if "type" in public(view)], ids=lambda view: view.__name__)
def test_the_type_of_a_block_is_told(view):
    kind = next(field.default for field in dataclasses.fields(view) if field.name == "type")
    assert f"`type` is `{kind}`." in SECTIONS[view.__name__]
    assert f"`{kind}`" in SECTIONS["Files of a theme"]


def test_every_value_that_is_passed_has_a_row_and_no_row_is_too_many(monkeypatch):
    passed: set[str] = set()
    render = Theme.render

    def listen(theme: Theme, name: str, values: Any) -> str:
        passed.update(values)
        return render(theme, name, values)

    monkeypatch.setattr(Theme, "render", listen)
    make_edition(load_config(ROOT, {}), "2026-11", None)
    assert passed == set(ROW.findall(SECTIONS["Values of every template"]))


@pytest.mark.parametrize("name", sorted(path.name for path in (PACKAGED / BASE).iterdir() if path.is_file()))
def test_every_file_beside_the_blocks_is_told(name):
    assert f"`{name}`" in SECTIONS["Files of a theme"]


@pytest.mark.parametrize("theme", STYLES)
def test_every_style_and_class_for_blocks_is_told(theme):
    frame = (PACKAGED / theme / "mail.mjml.j2").read_text(encoding="utf-8")
    styles = set(re.findall(r"{% set (\w+) =", frame)) - {"name_size", "title_size"}
    assert set() == {name for name in styles if f"`{name}`" not in SECTIONS["Files of a theme"]}


@pytest.mark.parametrize("theme", STYLES)
def test_the_example_can_be_used(theme, tmp_path):
    example = re.search(r"```jinja\n(.*?)```", SECTIONS["Override one block"], re.DOTALL)
    assert example
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "quote.mjml.j2").write_text(example[1], encoding="utf-8")
    block = views.QuoteView(("Eins <b>", "zwei"), "Ada", (), None)
    values = {"block": block, "fonts": STYLES[theme].fonts, "colors": {"tint": "#eeeeee"}}
    assert "Eins &lt;b&gt;<br>zwei" in open_theme(tmp_path, theme).render("quote.mjml.j2", values)
