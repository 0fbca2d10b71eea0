"""The MJML we write is valid to the letter, and mrml makes of it what the reference renderer makes."""

import os
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

import ruhrmail.render.page as page
from ruhrmail.config import load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.parse import find_slugs
from ruhrmail.render.style import STYLES
from tests.node import render_reference
from tests.render.themes import with_theme

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(params=find_slugs(REPOSITORY))
def slug(request) -> str:
    return request.param


@pytest.fixture(params=STYLES)
def written(request, slug, monkeypatch) -> tuple[str, str]:
    """The MJML of a sample issue in a theme, and mrml's HTML of it."""
    seen: list[tuple[str, str]] = []
    translate = page.mjml2html

    def listen(source: str, **options) -> str:
        seen.append((source, translate(source, **options)))
        return seen[-1][1]

    monkeypatch.setattr(page, "mjml2html", listen)
    make_edition(with_theme(load_config(REPOSITORY, os.environ), request.param), slug, None)
    return seen[0]


def words(document: str) -> list[str]:
    body = html.fromstring(document).find("body")
    return " ".join(text for text in body.itertext() if isinstance(text, str)).split()


def tags(document: str) -> Counter[str]:
    return Counter(element.tag for element in html.fromstring(document).iter() if isinstance(element.tag, str))


def test_the_reference_renderer_finds_no_fault_and_makes_the_same(written):
    source, ours = written
    reference = render_reference(source)
    assert [] == reference["errors"]
    assert words(reference["html"]) == words(ours)
    assert tags(reference["html"]) == tags(ours)


def test_the_reference_renderer_would_have_found_a_fault():
    column = "<mj-column><mj-text colour='red'>x</mj-text></mj-column>"
    faulty = f"<mjml><mj-body><mj-section>{column}</mj-section></mj-body></mjml>"
    assert 1 == len(render_reference(faulty)["errors"])
