"""The public page: real HTML, nothing foreign, readable from a folder on disk."""

from pathlib import Path

import pytest
from lxml import html as lxml_html

FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")


@pytest.fixture
def page(render):
    return lxml_html.document_fromstring(render(FULL).web)


def test_the_page_is_built_of_elements_with_a_meaning(page):
    tags = {one.tag for one in page.iter() if isinstance(one.tag, str)}
    assert {"header", "main", "article", "figure", "figcaption", "time", "footer", "h1"} <= tags
    assert not tags & {"table", "script", "iframe", "object"}


def test_pictures_lie_beside_the_page(page, render):
    names = {f"assets/{asset.name}" for asset in render(FULL).assets}
    assert {one.get("src") for one in page.iter("img")} == names
    assert all(one.get("width").isdigit() and one.get("height").isdigit() for one in page.iter("img"))


def test_its_address_is_known(page):
    assert page.find(".//link[@rel='canonical']").get("href") == "https://letter.example/archive/one/"
    found = {one.get("property"): one.get("content") for one in page.iter("meta") if one.get("property")}
    assert found["og:title"] == "Licht in der Halle" and found["og:url"] == "https://letter.example/archive/one/"
    assert found["og:image"] == "https://letter.example/og/one.png"


def test_nothing_is_loaded_from_elsewhere(page):
    loaded = [one.get("src") for one in page.iter() if one.get("src")]
    loaded += [one.get("href") for one in page.iter("link") if one.get("rel") not in ("canonical", "alternate")]
    assert all(one.startswith("assets/") for one in loaded)
    assert "url(" not in page.findtext(".//style") and "@import" not in page.findtext(".//style")


def test_every_article_has_an_anchor_of_its_own(page):
    assert [one.get("id") for one in page.iter("article")] == [
        "groesse-zaehlt",
        "erste-karte",
        "zweite-karte",
        "groesse-zaehlt-2",
    ]


def test_a_given_id_wins_over_one_that_is_made(render):
    content = "  - {type: article, title: Weg}\n  - {type: article, id: weg, title: Anders}\n"
    page = lxml_html.document_fromstring(render(content).web)
    assert [one.get("id") for one in page.iter("article")] == ["weg-2", "weg"]


def test_times_are_there_for_machines(page):
    assert [one.get("datetime") for one in page.iter("time")] == [
        "2026-11-21T10:00",
        "2026-12-10",
        "2026-11-19",
        "2026-11-27T19:30",
    ]


def test_the_imprint_stands_in_the_footer(page):
    text = " ".join(page.find(".//footer").text_content().split())
    for item in (
        "Agentur GmbH",
        "Zechenweg 7",
        "45128 Essen",
        "+49 201 123",
        "Amtsgericht Essen, HRB 1",
        "Ben Beispiel",
    ):
        assert item in text


def test_dark_mode_and_paper_have_styles(page):
    style = page.findtext(".//style")
    assert "prefers-color-scheme:dark" in style and "@media print" in style
