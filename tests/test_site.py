"""The documentation site: built without a warning, without a dead link, and readable without the network."""

import re

import pytest
from lxml import html

from tests.node import axe_source
from tests.render.chromium import open_browser
from tests.render.test_axe import STANDARD
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


@pytest.fixture(scope="module")
def browser():
    with open_browser() as found:
        yield found


def search(browser, site, page_name: str, word: str) -> tuple[list[str], str, list[str]]:
    """The titles that are found, what is said of them, and the addresses that were asked meanwhile."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{(site / page_name).as_uri()}?q={word}")
    page.wait_for_selector("#search-results li", timeout=60_000)
    found = page.locator("#search-results li a").all_inner_texts()
    said = page.locator("#search-results").inner_text()
    page.close()
    return found, said, [url for url in asked if not url.startswith(("file:", "data:"))]


def test_search_finds_german_words_in_other_forms_and_asks_no_other_host(browser, site):
    found, said, asked = search(browser, site, "search.html", "Abmeldungen")
    assert "Datenschutz: was gespeichert wird, warum und wie lange" in found
    assert "Suchergebnisse" in said
    assert [] == asked


def test_the_english_search_speaks_english_and_finds_the_same_pages(browser, site):
    found, said, asked = search(browser, site, "search-en.html", "greylisted")
    assert "Trying things out" in found
    assert "Search Results" in said
    assert [] == asked


@pytest.mark.parametrize(("name", "language"), [("tutorial", "de"), ("operating/relays", "en"), ("index", "de")])
def test_a_page_and_the_words_around_it_are_in_one_language(site, name, language):
    page = html.parse(site / f"{name}.html").getroot()
    text = re.sub(r"\s+", " ", " ".join([page.text_content(), *page.xpath("//@aria-label | //@placeholder")]))
    frame = {
        "de": ("Zum Inhalt", "Nach oben", "Suche", "Weiter"),
        "en": ("Skip to content", "Back to top", "Search", "Next"),
    }
    assert language == page.get("lang")
    assert [] == [word for word in frame[language] if word not in text]
    assert [] == re.findall(
        r"Toggle [\w ]+|Dark mode|Made with" if language == "de" else r"Nach oben|Gemacht mit", text
    )


def test_links_of_the_navigation_say_when_they_lead_to_another_language(site):
    page = html.parse(site / "operating" / "relays.html").getroot()
    told = {one.get("href"): one.get("lang") for one in page.xpath("//li[contains(@class, 'toctree-l1')]/a")}
    assert ("de", None) == (told["../tutorial.html"], told["../commands.html"])


@pytest.mark.parametrize("name", ["tutorial", "operating", "operating/relays", "search", "search-en"])
def test_axe_finds_nothing_on_a_page_wide_or_narrow_light_or_dark(browser, site, name):
    found = set()
    for width, scheme in ((1300, "light"), (390, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate(axe_source())
        seen = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARD)
        found |= {f"{one['id']}: {node['html'][:120]}" for one in seen["violations"] for node in one["nodes"]}
        page.close()
    assert set() == found


def test_quotation_marks_are_of_the_pages_language_and_two_hyphens_begin_an_option(site):
    glossary, index, options = (
        html.parse(site / f"{name}.html").getroot().find(".//article").text_content()
        for name in ("glossary", "senden", "reference/options")
    )
    assert ("“spam”" in glossary, "„" in glossary, "“" in index) == (True, False, True)
    assert ("Show what --fix would change" in options, "``" in options) == (True, False)
