"""axe finds no violation of WCAG 2.2 AA in mails and pages, light and dark."""

import os
from pathlib import Path

import pytest

from ruhrmail.compose import SAMPLE_PERSON, fill_html
from ruhrmail.config import load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.edition import Edition
from ruhrmail.parse import find_slugs
from ruhrmail.render.style import STYLES
from tests.node import axe_source
from tests.render.chromium import open_browser
from tests.render.themes import with_theme

REPOSITORY = Path(__file__).parents[2]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANDMARKS = ("region", "landmark-one-main", "page-has-heading-one")
"""Rules about a page's regions, which a mail inside a mail client does not have."""


@pytest.fixture(scope="module")
def browser():
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module", params=STYLES)
def editions(request) -> dict[str, Edition]:
    config = with_theme(load_config(REPOSITORY, os.environ), request.param)
    return {slug: make_edition(config, slug, None).edition for slug in find_slugs(REPOSITORY)}


def violations(
    browser, source: str, folder: Path, edition: Edition, scheme: str, without: tuple[str, ...]
) -> list[str]:
    (folder / "assets").mkdir(exist_ok=True)
    for asset in edition.assets:
        (folder / "assets" / asset.name).write_bytes(asset.content)
    (folder / "page.html").write_text(source, encoding="utf-8")
    page = browser.new_page(viewport={"width": 640, "height": 900}, color_scheme=scheme)
    page.goto((folder / "page.html").as_uri())
    page.evaluate(axe_source())
    rules = {name: {"enabled": False} for name in without}
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "rules": rules}
    found = page.evaluate("options => axe.run(document, options)", options)
    page.close()
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", find_slugs(REPOSITORY))
def test_a_mail_is_accessible(browser, editions, tmp_path, slug, scheme):
    edition = editions[slug]
    source = fill_html(edition.html, SAMPLE_PERSON, edition.language, "token")
    local = source.replace(f"https://ruhrblick.example/archive/{slug}/assets/", "assets/")
    assert [] == violations(browser, local, tmp_path, edition, scheme, LANDMARKS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", find_slugs(REPOSITORY))
def test_a_web_page_is_accessible(browser, editions, tmp_path, slug, scheme):
    assert [] == violations(browser, editions[slug].web, tmp_path, editions[slug], scheme, ())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_articles_page_is_accessible(browser, editions, tmp_path, scheme):
    edition = editions["2026-11"]
    page = next(file for file in edition.files if file.name.endswith(".html"))
    assert [] == violations(browser, page.content.decode(), tmp_path, edition, scheme, ())


def test_axe_would_have_found_a_violation(browser, editions, tmp_path):
    edition = editions[find_slugs(REPOSITORY)[0]]
    source = edition.web.replace("<html lang=", "<html data-lang=")
    assert any("html-has-lang" in one for one in violations(browser, source, tmp_path, edition, "light", ()))
