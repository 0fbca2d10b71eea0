"""The HTML mail: what every mail program needs, for every block."""

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import fill
from ruhrmail.render.page import slim

FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")


@pytest.fixture
def edition(render) -> Edition:
    return render(FULL)


@pytest.fixture
def mail(edition: Edition):
    return lxml_html.fromstring(fill(edition.html, lambda field: f"[{field.name}]"))


def test_language_and_direction_stand_on_html_and_on_a_child_of_the_body(mail):
    root = mail.getroottree().getroot()
    assert (root.get("lang"), root.get("dir")) == ("de", "ltr")
    assert [(one.get("lang"), one.get("dir")) for one in root.find("body")] == [("de", "ltr")]


def test_there_is_a_title_and_both_metas_for_dark_mode(mail):
    assert mail.findtext(".//title") == "Licht in der Halle"
    assert [one.get("name") for one in mail.iter("meta") if "color" in (one.get("name") or "")] == [
        "color-scheme",
        "supported-color-schemes",
    ]


def test_every_table_is_for_layout(mail):
    assert {one.get("role") for one in mail.iter("table")} == {"presentation"}


def test_headings_begin_with_one_h1_and_skip_no_level(mail):
    found = [(one.tag, one.text_content().strip()) for one in mail.iter("h1", "h2", "h3")]
    assert found == [
        ("h1", "Licht in der Halle"),
        ("h2", "[greeting],"),
        ("h2", "Aus den Städten"),
        ("h2", "Größe zählt"),
        ("h2", "Erste Karte"),
        ("h2", "Zweite Karte"),
        ("h2", "Größe zählt"),
        ("h3", "Kleiner"),
        ("h2", "Termine"),
        ("h3", "Werkstatt"),
        ("h3", "Kongress"),
        ("h3", "Tour"),
        ("h2", "In dieser Ausgabe"),
        ("h2", "Rundgang"),
        ("h2", "In Zahlen"),
        ("h2", "Mehr zum Thema"),
        ("h3", "Mehr vom Kanal"),
        ("h3", "Mehr vom Hafen"),
        ("h3", "Noch eins"),
        ("h2", "Unsere Partner"),
    ]


def test_a_third_level_without_a_second_becomes_one(render):
    edition = render("  - {type: heading, text: Allein, level: 3}\n  - {type: text, text: Ja}\n")
    assert "<h3" not in fill(edition.html, str) and "<h2" in fill(edition.html, str)


def test_every_picture_has_numbers_as_its_size_and_an_absolute_address(mail, edition):
    known = {f"https://letter.example/archive/one/assets/{asset.name}" for asset in edition.assets}
    assert {one.get("src") for one in mail.iter("img")} == known
    assert all(one.get("width").isdigit() and one.get("height").isdigit() for one in mail.iter("img"))
    assert all(one.get("alt") is not None for one in mail.iter("img"))


def test_read_more_carries_the_title_of_its_article(mail):
    named = {one.get("href"): one.text_content() for one in mail.iter("a") if one.find("img") is None}
    assert named["https://a.example/lead"] == "Weiterlesen: Größe zählt"
    assert named["https://a.example/one?a=1&b=2"] == "Weiterlesen: Erste Karte"
    assert named["https://a.example/two"] == "Mehr dazu: Zweite Karte"
    assert named["https://a.example/werkstatt"] == "Details: Werkstatt"


def test_every_link_is_underlined_inline(mail):
    plain = [one.get("href") for one in mail.iter("a") if one.find("img") is None]
    marked = [one.get("href") for one in mail.iter("a") if "underline" in one.get("style", "")]
    assert plain == marked


def test_the_footer_holds_the_whole_imprint_and_a_way_out(mail):
    text = " ".join(mail.find("body").text_content().split())
    for item in ("Agentur GmbH", "Zechenweg 7, 45128 Essen", "+49 201 123", "post@letter.example", "Ada Beispiel"):
        assert item in text
    for item in ("Amtsgericht Essen, HRB 1", "DE999999999", "Ben Beispiel, Zechenweg 7", "https://www.letter.example"):
        assert item in text
    links = {one.text_content(): one.get("href") for one in mail.iter("a")}
    assert links["Newsletter abbestellen"] == "https://letter.example/u/[:unsubscribe_token]"
    assert links["Im Browser öffnen"] == "https://letter.example/archive/one/"


def test_dates_and_places_of_events_are_shown(mail):
    text = " ".join(mail.find("body").text_content().split())
    assert "Samstag, 21. November 2026, 10–17 Uhr" in text
    assert "10.–11. Dezember 2026" in text
    assert "Donnerstag, 19. November 2026" in text and "Duisburg" in text
    assert "Freitag, 27. November 2026, 19:30 Uhr" in text and "Unna" in text


def test_nothing_comes_from_a_foreign_host_and_the_size_is_small(edition):
    whole = fill(edition.html, lambda field: "x")
    assert "fonts.googleapis" not in whole and "<script" not in whole and "@import" not in whole
    assert len(whole.encode()) < 80_000


def test_the_line_to_the_browser_stands_before_the_first_block(edition):
    whole = fill(edition.html, lambda field: field.name)
    assert 0 < whole.index("Nicht richtig dargestellt?") < whole.index("greeting,")


def test_captions_and_credits_are_shown(mail):
    text = " ".join(mail.find("body").text_content().split())
    assert all(note in text for note in ("Ada im Büro · Foto: Ben", "Die Halle · Foto: Cem", "Am Kanal · Foto: Dia"))


def test_an_english_issue_speaks_english(render):
    content = '  - {type: article, title: It\'s "new", text: x, link: {url: https://a.example}}\n'
    edition = render(content, "date: 2026-11-06\nnumber: 3\nlanguage: en\nsubject: News\n")
    whole = fill(edition.html, lambda field: field.name)
    assert 'lang="en"' in whole and "Read more" in whole and "It’s “new”" in whole and "6 November 2026" in whole
    assert "Unsubscribe from the newsletter" in fill(edition.text, str)


def test_two_renderings_are_equal(render):
    assert render(FULL) == render(FULL)


def test_a_preheader_with_quotes_and_brackets_stays_text(render):
    head = "date: 2026-11-06\nsubject: 'a \" onclick=\"x <b> & </title><script>'\npreheader: '</div><mj-raw>'\n"
    edition = render("  - {type: text, text: '</script> <mj-raw> {% x %}'}\n".replace("{% x %}", "&amp;"), head)
    tree = lxml_html.fromstring(fill(edition.html, str))
    assert not list(tree.iter("script", "b", "mj-raw"))
    assert not [one for one in tree.iter() if one.get("onclick") if isinstance(one.tag, str)]


def test_making_it_smaller_touches_only_tags():
    text = '<td style="a:b;">so style="x;" class="a-outlook" <![endif]--> &lt;i style="y;"'
    assert text.replace("a:b;", "a:b") == slim(text)
    seam = '<!--[if mso | IE]></table><![endif]-->\n<!--[if mso | IE]><table class="gut-outlook" width="1"><![endif]-->'
    assert '<!--[if mso | IE]></table><table width="1"><![endif]-->' == slim(seam)


def test_distances_are_margins_or_stand_in_cells_for_outlook_pads_nothing_else(theme, render):
    mail = lxml_html.fromstring(fill(render(FULL).html, str))
    styles = [one.get("style") or "" for one in mail.iter("p", "h1", "h2", "h3", "blockquote")]
    assert [] == [style for style in styles if re.search(r"padding(?!:0(?:;|$))", style)]
