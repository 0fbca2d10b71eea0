"""Pages of articles: built right, linked from mail, text part and the issue's page, safe for any text."""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ruhrmail.errors import InvalidInput
from ruhrmail.model.merge import fill

MARKDOWN = """\
  - type: article
    id: halle
    kicker: Standort
    title: Größe "zählt"
    image: {src: wide.jpg, alt: Eine Halle, caption: Die Halle, credit: "Foto: Cem"}
    text: Der *Teaser* für {{ company or "alle" }}.
    body: |
      Am Anfang ein [Link](https://a.example/?a=1&b=2).

      ## Größe zählt!

      > Ein "Zitat"

      #### Gesprungen mit *Betonung*

      - eins
      - zwei

      ![Ein Weg](wide.jpg "Der Weg | Foto: Dia")

      # Oben

      ## Größe zählt!
"""
BLOCKS = """\
  - type: article
    title: Als Blöcke
    text: Kurz.
    body:
      - {type: contents}
      - {type: heading, text: Erstens}
      - type: text
        text: |
          ## Erstens

          Absatz.

          ![Klein](small.png)
      - {type: image, src: wide.jpg, alt: Abend, caption: Am Kanal, credit: "Foto: Eda"}
      - {type: quote, text: So ist es., author: Ada}
      - {type: button, url: https://a.example/los, label: Los}
      - {type: text, text: Nur für Freunde, only_for: [freund]}
      - {type: article, title: Daneben, text: Anderswo., link: {url: https://a.example/daneben}}
      - {type: divider}
      - {type: events, title: Termine, events: [{title: Fest, start: 2026-12-01}]}
"""
OTHER = "  - {type: article, title: Fremd, link: {url: https://a.example/fremd}}\n"
LAST = "  - {type: article, title: Index, body: Ende.}\n"
WHOLE = MARKDOWN + OTHER + BLOCKS + LAST


@pytest.fixture
def edition(render):
    return render(WHOLE)


def pages_of(edition):
    found = [one for one in edition.files if one.name.endswith(".html")]
    return {one.name: lxml_html.document_fromstring(one.content.decode()) for one in found}


@pytest.fixture
def pages(edition):
    return pages_of(edition)


def text_of(element):
    return " ".join(element.text_content().split())


def test_every_article_with_a_body_has_a_page(edition):
    files = [one for one in edition.files if one.name.endswith(".html")]
    assert ["halle.html", "als-bloecke.html", "index-2.html"] == [one.name for one in files]
    assert {"text/html; charset=utf-8"} == {one.media_type for one in files}


def test_a_page_holds_title_picture_lead_and_body(pages):
    page = pages["halle.html"]
    assert ["Größe „zählt“"] == [text_of(one) for one in page.iter("h1")]
    assert "Größe „zählt“ – Ruhrblick" == page.findtext(".//title")
    figures = [(one.find("img").get("alt"), text_of(one.find("figcaption"))) for one in page.iter("figure")]
    assert [("Eine Halle", "Die Halle · Foto: Cem"), ("Ein Weg", "Der Weg · Foto: Dia")] == figures
    main = text_of(page.find(".//main"))
    assert main.index("Der Teaser für alle.") < main.index("Am Anfang ein Link.") < main.index("Ein „Zitat“")
    assert "Standort" in text_of(page.find(".//header"))


def test_a_page_has_the_furniture(pages):
    page = pages["als-bloecke.html"]
    links = {one.get("href"): text_of(one) for one in page.iter("a")}
    assert "Zur ganzen Ausgabe" == links["index.html#als-bloecke"]
    assert "Zurück zur Ausgabe: Licht in der Halle" == links["index.html"]
    assert "Newsletter abonnieren" == links["https://letter.example/subscribe"]
    for item in ("Agentur GmbH", "Zechenweg 7", "45128 Essen", "+49 201 123", "Ben Beispiel"):
        assert item in text_of(page.find(".//footer"))


def test_previous_and_next_are_the_neighbours_with_a_page(pages):
    turns = {
        name: [(one.get("rel"), one.get("href"), text_of(one)) for one in page.iter("a") if one.get("rel")]
        for name, page in pages.items()
    }
    assert turns == {
        "halle.html": [("next", "als-bloecke.html", "Nächster Beitrag Als Blöcke")],
        "als-bloecke.html": [
            ("prev", "halle.html", "Vorheriger Beitrag Größe „zählt“"),
            ("next", "index-2.html", "Nächster Beitrag Index"),
        ],
        "index-2.html": [("prev", "als-bloecke.html", "Vorheriger Beitrag Als Blöcke")],
    }


def test_headings_skip_no_level_and_have_ids_of_their_own(pages):
    headings = [(one.tag, one.get("id"), text_of(one)) for one in pages["halle.html"].iter("h1", "h2", "h3", "h4")]
    assert headings == [
        ("h1", None, "Größe „zählt“"),
        ("h2", None, "Inhalt"),
        ("h2", "groesse-zaehlt", "Größe zählt!"),
        ("h3", "gesprungen-mit-betonung", "Gesprungen mit Betonung"),
        ("h2", "oben", "Oben"),
        ("h2", "groesse-zaehlt-2", "Größe zählt!"),
    ]
    for page in pages.values():
        ids = [one.get("id") for one in page.iter() if one.get("id")]
        assert len(set(ids)) == len(ids)
        levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_long_read_has_contents_and_so_has_a_body_that_asks_for_them(pages, render):
    def entries(page):
        return [one.get("href") for one in page.iterfind(".//nav[@aria-label='Inhalt']//a")]

    assert ["#groesse-zaehlt", "#gesprungen-mit-betonung", "#oben", "#groesse-zaehlt-2"] == entries(pages["halle.html"])
    assert ["#erstens", "#erstens-2"] == entries(pages["als-bloecke.html"])
    short = "  - type: article\n    title: Kurz\n    body: |\n      ## Eins\n\n      ## Zwei\n\n      ## Drei\n"
    assert [] == entries(pages_of(render(short))["kurz.html"])


def test_blocks_for_some_readers_stand_on_no_page(pages):
    assert "Freunde" not in text_of(pages["als-bloecke.html"])


def test_mail_text_and_issue_lead_to_the_page(edition):
    address = "https://letter.example/archive/one/halle.html"
    mail = lxml_html.fromstring(fill(edition.html, str))
    assert "Weiterlesen: Größe „zählt“" in [text_of(one) for one in mail.iter("a") if one.get("href") == address]
    assert f"\nWeiterlesen: {address}\n" in fill(edition.text, str)
    web = lxml_html.document_fromstring(edition.web)
    assert ["Weiterlesen: Größe „zählt“"] == [text_of(one) for one in web.iter("a") if one.get("href") == "halle.html"]
    for form in (fill(edition.html, str), fill(edition.text, str), edition.web):
        assert "Am Anfang ein" not in form


def test_every_link_between_the_pages_leads_somewhere(edition, pages):
    all_pages = {**pages, "index.html": lxml_html.document_fromstring(edition.web)}
    for name, page in all_pages.items():
        for href in (one.get("href") for one in page.iter("a")):
            if "://" not in href and not href.startswith(("mailto:", "tel:")):
                file, _, anchor = href.partition("#")
                assert (file or name) in {"index.html", *(one.name for one in edition.files)}
                target = all_pages.get(file or name)
                assert not anchor or anchor in [one.get("id") for one in target.iter()], href


def test_pictures_lie_among_the_assets_in_the_width_of_a_page(edition, pages):
    sizes = {f"assets/{asset.name}": (asset.width, asset.height) for asset in edition.assets}
    for page in pages.values():
        assert all(one.get("src") in sizes for one in page.iter("img"))
    wide = [one for one in pages["halle.html"].iter("img") if one.get("alt") == "Ein Weg"]
    assert [("760", (1520, 855))] == [(one.get("width"), sizes[one.get("src")]) for one in wide]


def test_a_shared_link_shows_title_text_and_picture(pages):
    page = pages["halle.html"]
    found = {one.get("property"): one.get("content") for one in page.iter("meta") if one.get("property")}
    assert "https://letter.example/archive/one/halle.html" == found["og:url"]
    assert page.find(".//link[@rel='canonical']").get("href") == found["og:url"]
    assert ("Größe „zählt“", "Der Teaser für alle.") == (found["og:title"], found["og:description"])
    assert found["og:image"].startswith("https://letter.example/archive/one/assets/")


def test_nothing_foreign_nothing_inline(pages):
    for page in pages.values():
        assert not [one for one in page.iter() if isinstance(one.tag, str) and one.get("style") is not None]
        assert not list(page.iter("script", "iframe", "object"))
        assert [] == [one.get("src") for one in page.iter() if one.get("src") and "//" in one.get("src")]
        style = page.findtext(".//style")
        assert "url(" not in style and "@import" not in style
        assert "prefers-color-scheme:dark" in style


def test_paper_leaves_the_furniture_out(pages):
    style = pages["halle.html"].findtext(".//style")
    assert "{display:none}" in style[style.rindex("@media print") :]


def test_two_renderings_are_equal(render):
    assert render(WHOLE) == render(WHOLE)


@pytest.mark.parametrize(
    ("link", "rule", "line"), [("[x](foo)", "link/relative", 14), ("[x](javascript:a)", "link/scheme", 14)]
)
def test_a_bad_link_in_a_body_is_found_at_its_line(render, link, rule, line):
    body = "  - type: article\n    title: Weg\n    body: |\n      Eins.\n\n      Zwei.\n\n"
    with pytest.raises(InvalidInput) as caught:
        render(f"{body}      Drei,\n      {link}.\n")
    assert [(rule, line)] == [(one.rule, one.at.line) for one in caught.value.findings]


def test_a_damaged_picture_in_a_body_is_found_at_its_line(project, render):
    (project / "issues" / "one" / "kaputt.jpg").write_bytes(b"kaputt")
    with pytest.raises(InvalidInput) as caught:
        render("  - type: article\n    title: Weg\n    body: |\n      Eins.\n\n      ![x](kaputt.jpg)\n")
    assert [("img/unreadable", 11, 7)] == [(one.rule, one.at.line, one.at.column) for one in caught.value.findings]


SIGNS = st.one_of(
    st.characters(categories=("L", "N", "P", "S")),
    st.sampled_from(
        ["<", ">", "&", '"', "'", "#", "*", "_", "\n", "\n\n", "- ", "> ", "## ", "[", "](", ")", "`", " "]
    ),
    st.sampled_from(["<script>", "</style>", "<!--", "![x](small.png)", '![x](small.png "a | <b>")', "&lt;b&gt;"]),
)
KNOWN = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "h5", "h6"}
FRAME = {"body", "header", "main", "article", "nav", "aside", "footer", "div", "span", "figure", "figcaption", "img"}
ALLOWED = KNOWN | FRAME | {"h1", "address", "dl", "dt", "dd"}
NAMES = {"class", "id", "href", "src", "alt", "width", "height", "rel", "aria-label", "start"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.lists(SIGNS, min_size=1, max_size=40).map("".join), title=SIGNS.filter(str.strip))
def test_no_body_becomes_markup_of_its_own(render, source, title):
    if not source.strip() or any(pair in source for pair in ("{{", "}}", "{%", "%}")):
        return
    article = {"type": "article", "id": "x", "title": f"T {title}", "kicker": title, "body": source}
    try:
        edition = render(f"  - {json.dumps(article, ensure_ascii=False)}\n")
    except InvalidInput as error:
        rules = {one.rule for one in error.findings}
        assert rules <= {"link/scheme", "link/relative", "img/not-alone", "img/missing", "img/outside-project"} | OTHERS
        return
    page = pages_of(edition)["x.html"]
    assert {one.tag for one in page.find("body").iter() if isinstance(one.tag, str)} <= ALLOWED
    assert {name for one in page.find("body").iter() if isinstance(one.tag, str) for name in one.attrib} <= NAMES
    assert 1 == len(list(page.iter("h1")))


OTHERS = {"img/alt-missing", "img/format", "text/illegal-char", "yaml/character", "schema/missing"}
