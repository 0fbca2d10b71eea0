"""The documentation site: built without a warning, without a dead link, and readable without the network."""

import pytest

from tests.render.chromium import open_browser
from tools.make_site import ROOT, build_site, find_wrong


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    target = tmp_path_factory.mktemp("site") / "docs"
    assert 0 == build_site(target), "a warning of the generator counts as an error"
    return target


def test_every_link_of_the_site_leads_somewhere_and_nothing_is_fetched_from_elsewhere(site):
    assert [] == list(find_wrong(site))


def test_every_page_of_the_folder_is_on_the_site(site):
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    assert set() == {path for path in pages if not (site / path).is_file()}


def test_what_leads_nowhere_or_fetches_from_elsewhere_is_told(tmp_path):
    good = '<a href="doctor.html#there"></a><a href="https://other.example/"></a><a href="#top"></a>'
    bad = (
        '<a href="gone.html"></a><a href="doctor.html#gone"></a><a href="https://"></a><img src="//cdn.example/a.png">'
    )
    (tmp_path / "index.html").write_text(f'<body id="top">{good}{bad}</body>', encoding="utf-8")
    (tmp_path / "doctor.html").write_text('<h2 id="there">x</h2>', encoding="utf-8")
    (tmp_path / "style.css").write_text("a { background: url(https://cdn.example/a.png) }", encoding="utf-8")
    assert [
        "index.html: fetches //cdn.example/a.png",
        "index.html: gone.html",
        "index.html: doctor.html#gone",
        "index.html: https://",
        "style.css: fetches from elsewhere",
    ] == list(find_wrong(tmp_path))


def test_search_finds_german_words_in_other_forms_and_asks_no_other_host(site):
    asked: list[str] = []
    with open_browser() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{(site / 'search.html').as_uri()}?q=Abmeldungen")
        page.wait_for_selector("#search-results li", timeout=20_000)
        found = page.locator("#search-results li a").all_inner_texts()
    assert "Datenschutz: was gespeichert wird, warum und wie lange" in found
    assert [] == [url for url in asked if not url.startswith(("file:", "data:"))]


@pytest.mark.parametrize(("name", "language"), [("tutorial", "de"), ("operating", "en"), ("index", "de")])
def test_a_page_says_which_language_it_is_in(site, name, language):
    assert f'lang="{language}"' in (site / f"{name}.html").read_text(encoding="utf-8")[:400]
