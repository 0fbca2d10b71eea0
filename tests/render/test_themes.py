"""Both themes: whole, small, the same twice, and behind the project's own templates."""

import io
import os
import re
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from ruhrmail.config import load_config
from ruhrmail.config.settings import Theme
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.merge import fill
from ruhrmail.parse import find_slugs
from ruhrmail.render.style import STYLES
from ruhrmail.theme import BASE, PACKAGED
from tests.render.conftest import choose_theme
from tests.render.themes import with_theme

REPOSITORY = Path(__file__).parents[2]
FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
TEXT = "  - {type: text, text: Ja}\n"


def templates(theme):
    return {path.relative_to(PACKAGED / theme).as_posix() for path in (PACKAGED / theme).rglob("*.j2")}


def test_settings_know_every_packaged_theme():
    folders = {path.name for path in PACKAGED.iterdir() if path.is_dir()}
    assert folders == set(STYLES) == set(get_args(Theme.model_fields["name"].annotation))


@pytest.mark.parametrize("name", [name for name in STYLES if name != BASE])
def test_a_theme_replaces_templates_and_adds_only_parts_of_its_own(name):
    assert [] == [one for one in templates(name) - templates(BASE) if not Path(one).name.startswith("_")]


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("slug", find_slugs(REPOSITORY))
def test_a_sample_issue_is_small_and_fetches_nothing_from_elsewhere(name, slug):
    config = with_theme(load_config(REPOSITORY, os.environ), name)
    html = fill(make_edition(config, slug, None).edition.html, lambda field: "x")
    assert len(html.encode()) < 80_000
    sources = re.findall(r"""(?:src=["']|url\(["']?)https?://([^/"']+)""", html)
    assert {"ruhrblick.example"} == set(sources)
    assert [] == re.findall(r"@import|@font-face|<link|<script", html)


def test_two_renderings_are_equal(theme, render):
    assert render(FULL) == render(FULL)


def test_the_projects_template_wins(theme, project, render):
    folder = project / "templates" / "blocks"
    folder.mkdir(parents=True)
    (folder / "text.mjml.j2").write_text("<mj-raw><p>Eigenes</p></mj-raw>", encoding="utf-8")
    (folder / "text.html.j2").write_text("<p>Eigenes</p>", encoding="utf-8")
    edition = render(TEXT)
    assert ["<p>Eigenes</p>" in fill(edition.html, str), "<p>Eigenes</p>" in edition.web] == [True, True]


def test_the_text_part_is_the_same_in_every_theme(project, render):
    texts = set()
    for name in STYLES:
        choose_theme(project, name)
        texts.add(fill(render(FULL).text, str))
    assert 1 == len(texts)


def test_fonts_and_corners_of_the_settings_reach_mail_and_page(project, render, theme):
    fonts = """fonts: {heading: '"Trebuchet MS", Arial, sans-serif', text: 'Verdana, sans-serif'}"""
    choose_theme(project, theme, fonts, "radius: 7")
    edition = render(FULL)
    html = fill(edition.html, str)
    assert "font-family:Trebuchet MS,Arial,sans-serif" in html and "font-family:Verdana,sans-serif" in html
    assert "border-radius:7px" in html and "--r:7px" in edition.web and "--face:Verdana,sans-serif" in edition.web
    own = STYLES[theme].fonts
    assert [] == [name for name in (own.heading, own.text) if name in html]


@pytest.mark.parametrize("radius", [0, 30])
def test_corners_may_be_sharp_or_as_round_as_can_be(project, render, theme, radius):
    choose_theme(project, theme, f"radius: {radius}")
    assert "None" not in fill(render(FULL).html, str)


def test_without_a_radius_nothing_but_portraits_is_round(project, render, theme):
    choose_theme(project, theme, "radius: 0")
    found = set(re.findall(r"border-radius:([^;\"]+)", fill(render(FULL).html, str)))
    assert set() == {one for one in found if set(one) & set("123456789") and one != "50%"}


@pytest.mark.parametrize(
    "fonts",
    [
        "Georgia",
        "Georgia;color:red,serif",
        "a}body{display:none,serif",
        "url(https://a.example/x),serif",
        "'a\"b',serif",
        "</style>,serif",
        "expression(1),serif",
        "Georgia,,serif",
        "Georgia,serif,",
        "9pt Georgia,serif",
        "A" * 300 + ",serif",
        "Geor\\67ia,serif",
        "Schöne,serif",
        '"Times,serif',
    ],
)
def test_a_list_of_fonts_can_carry_nothing_else(project, render, fonts):
    quoted = fonts.replace("'", "''")
    choose_theme(project, BASE, f"fonts: {{heading: '{quoted}'}}")
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    assert [("config/theme", True)] == [(one.rule, one.hint is not None) for one in caught.value.findings]


@pytest.mark.parametrize("radius", ["-1", "31", "7.5", "viel"])
def test_a_radius_is_a_whole_number_up_to_thirty(project, render, radius):
    choose_theme(project, BASE, f"radius: {radius}")
    with pytest.raises(InvalidInput):
        render(TEXT)


def test_portraits_are_round_in_the_picture_itself(render):
    edition = render("  - {type: quote, text: Ja, portrait: {src: wide.jpg, alt: Ada}}\n")
    with Image.open(io.BytesIO(edition.assets[0].content)) as found:
        shown = found.convert("RGBA")
    edge = shown.width - 1
    corners = [shown.getpixel(place)[3] for place in ((0, 0), (edge, 0), (0, edge), (edge, edge))]
    assert ([0] * 4, 255) == (corners, shown.getpixel((edge // 2, edge // 2))[3])
