"""Galleries, quotations, contents, further reading, key numbers and partners, in all three forms."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import fill
from ruhrmail.render.layout import fill_rows

FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
SMALL = """\
  - type: contents
  - {type: article, title: Größe, text: Ein Satz.}
  - type: quote
    text: |-
      Erst der Mensch,
      dann die "Halle".
    author: Ada
    role: |-
      Leitung
      Agentur
    portrait: {src: wide.jpg, alt: Ada, credit: "Foto: Ben"}
  - type: gallery
    title: Rundgang
    images:
      - {src: wide.jpg, alt: Eine Bank, caption: Am Fenster, credit: "Foto: Ben"}
      - {src: wide.jpg, alt: Ein Tor}
  - type: figures
    figures:
      - {value: 30 Mio. Euro, label: gespart, note: in 2-3 Jahren}
      - {value: "11", label: Betriebe}
  - type: related
    cards:
      - {title: Mehr, link: {url: https://a.example/mehr}, image: {src: wide.jpg, alt: Abend}, text: "Ein *Satz*."}
      - {title: Noch mehr, link: {url: https://a.example/noch, label: Dorthin}}
  - type: logos
    logos:
      - {src: small.png, alt: Farbwerk, credit: "Zeichen: Cem", link: {url: https://a.example/farbe}}
      - {src: small.png, decorative: true}
"""
EXPECTED = """\
In dieser Ausgabe
-----------------

- Größe


Größe
-----

Ein Satz.


„Erst der Mensch,
dann die ‚Halle‘.“

– Ada, Leitung, Agentur

Porträt (Foto: Ben)


Rundgang
--------

Bild: Eine Bank
Am Fenster\u00a0· Foto: Ben

Bild: Ein Tor


- 30\u00a0Mio.\u00a0Euro – gespart (in 2–3 Jahren)
- 11 – Betriebe


Mehr zum Thema
--------------

Mehr
Ein Satz.

Bild: Abend

Weiterlesen: https://a.example/mehr

Noch mehr
Dorthin: https://a.example/noch


- Farbwerk: https://a.example/farbe
  Zeichen: Cem


"""


@pytest.fixture
def edition(render) -> Edition:
    return render(FULL)


@pytest.fixture
def mail(edition: Edition):
    return lxml_html.document_fromstring(fill(edition.html, lambda field: field.name))


@pytest.fixture
def page(edition: Edition):
    return lxml_html.document_fromstring(edition.web)


def test_the_text_part_shows_everything(render):
    text = fill(render(SMALL).text, str)
    assert EXPECTED == text[text.index("In dieser") : text.index("-" * 72)]


@pytest.mark.parametrize(
    ("count", "rows"),
    [(1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (6, [3, 3]), (7, [3, 2, 2]), (8, [3, 3, 2])],
)
def test_no_picture_is_left_alone_in_its_row(count, rows):
    assert rows == [len(row) for row in fill_rows(range(count))]


def test_pictures_are_as_large_as_their_rooms_need(render):
    one = "      - {src: wide.jpg, alt: x}\n"
    sizes = [
        [asset.width for asset in render("  - type: gallery\n    images:\n" + one * count).assets]
        for count in (1, 2, 3, 5)
    ]
    assert [[1200], [580], [564], [564, 580]] == sizes
    logos = render("  - type: logos\n    logos:\n" + one)
    quote = render("  - {type: quote, text: x, portrait: {src: wide.jpg, alt: x}}\n")
    assert [(142, 80), (152, 152)] == [(one.assets[0].width, one.assets[0].height) for one in (logos, quote)]


def test_a_picture_that_is_broken_is_told_at_its_line(project, render):
    from ruhrmail.errors import InvalidInput

    (project / "issues" / "one" / "bad.png").write_bytes(b"bad")
    bad = "{src: bad.png, alt: x}"
    content = (
        f"  - {{type: gallery, images: [{bad}]}}\n  - {{type: quote, text: x, portrait: {bad}}}\n"
        f"  - {{type: related, cards: [{{title: x, link: {{url: https://a.example}}, image: {bad}}}]}}\n"
        f"  - {{type: logos, logos: [{bad}]}}\n"
    )
    with pytest.raises(InvalidInput) as caught:
        render(content)
    assert [("img/unreadable", line) for line in (6, 7, 8, 9)] == [
        (one.rule, one.at.line) for one in caught.value.findings
    ]


def test_rows_of_the_mail_have_whole_pixel_widths(edition):
    whole = fill(edition.html, lambda field: field.name)
    assert "width:206px" in whole and "width:309px" not in whole
    assert not [part for part in whole.split("width:")[1:] if "." in part.split("px")[0][:9] and "px" in part[:12]]


def test_contents_lead_to_the_page_from_the_mail_and_stay_on_the_page(mail, page):
    anchors = ["groesse-zaehlt", "erste-karte", "zweite-karte", "groesse-zaehlt-2"]
    hrefs = [one.get("href") for one in mail.iter("a")]
    assert [f"https://letter.example/archive/one/#{anchor}" for anchor in anchors] == [
        href for href in hrefs if "#" in href
    ]
    assert [f"#{anchor}" for anchor in anchors] == [one.get("href") for one in page.findall(".//nav//a")]
    assert {one.get("id") for one in page.iter("article")} == set(anchors)


def test_contents_without_entries_are_not_shown(render):
    edition = render("  - {type: contents, title: Leer}\n  - {type: heading, text: Ja, level: 3}\n")
    assert "Leer" not in edition.web + fill(edition.html, str) + fill(edition.text, str)
    assert "<h2" in edition.web and "<h3" not in edition.web


def test_a_quotation_is_one_for_machines(page, mail):
    assert "„Kalt ist sie nur,weil sie keiner ‚braucht‘.“" == page.find(".//figure/blockquote").text_content()
    caption = page.find(".//figure[@class='card quote']/figcaption")
    assert ["Dia Beispiel", "TischlerinHerne", "Dia in der Werkstatt\u00a0· Foto: Eli"] == [
        one.text_content() for one in caption.iter("p")
    ]
    assert 1 == len(list(mail.iter("blockquote")))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ja", "„Ja“"),
        ('"Ja"', "„Ja“"),
        ("„Ja“, sagte sie, „nein“", "„‚Ja‘, sagte sie, ‚nein‘“"),
        ('"Kalt" ist es', "„‚Kalt‘ ist es“"),
    ],
)
def test_a_quotation_has_its_marks_once(render, written, shown):
    block = json.dumps({"type": "quote", "text": written}, ensure_ascii=False)
    assert shown in fill(render(f"  - {block}\n").text, str)


def test_teasers_of_cards_are_cut_and_links_have_full_names(mail, page):
    for tree in (mail, page):
        names = {one.get("href"): one.text_content() for one in tree.iter("a") if one.find("img") is None}
        assert "Weiterlesen: Mehr vom Kanal" == names["https://a.example/kanal"]
        assert "Zum Hafen: Mehr vom Hafen" == names["https://a.example/hafen"]
        assert "https://a.example/lang" not in names
        assert "der Schleuse\u00a0…" in tree.text_content()


def test_key_numbers_are_a_list_of_terms(page):
    numbers = page.find(".//dl[@class='card numbers n2']")
    found = [[" ".join(part.text_content().split()) for part in group] for group in numbers]
    assert ["Betriebe", "11", "seit Oktober"] == found[0]
    assert ["gespart", "30 Mio. Euro"] == found[3]


def test_partners_are_named_and_their_signs_stand_on_white(mail, page):
    for tree in (mail, page):
        links = {one.get("href"): one.find("img").get("alt") for one in tree.iter("a") if one.find("img") is not None}
        assert "Farbwerk" == links["https://a.example/farbwerk"]
        assert "Zum Werk" == links["https://a.example/werk"]
    signs = [one for one in mail.iter("img") if one.get("class") == "sign" and "padding" in one.get("style")]
    assert ["Farbwerk", "Uhlenhof", "Zum Werk"] == [one.get("alt") for one in signs]
    assert all("background-color:#ffffff" in one.get("style") for one in signs)


NASTY = st.text(
    st.one_of(st.characters(categories=("L", "N", "P", "S")), st.sampled_from("<>&\"'#\\/-")), min_size=1, max_size=30
).filter(lambda text: not any(pair in text for pair in ("{{", "}}", "{%", "%}")))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(word=st.one_of(NASTY, st.sampled_from(["</script><script>", "<mj-raw>", "-->", "<![endif]-->", '" onerror="x'])))
def test_no_word_of_an_editor_becomes_markup(render, word):
    plain, calm = (shape(render("".join(blocks_of(one)))) for one in (word, "Wort"))
    assert calm == plain


def blocks_of(word: str) -> Iterator[str]:
    """Blocks that say nothing but this word, wherever they can, as lines of an issue."""
    picture = {"src": "wide.jpg", "alt": word, "caption": word, "credit": word}
    link = {"url": "https://a.example/x", "label": word}
    blocks: list[dict[str, object]] = [
        {"type": "gallery", "title": word, "images": [picture, picture]},
        {"type": "quote", "text": word, "author": word, "role": word, "portrait": picture},
        {"type": "article", "title": word},
        {"type": "contents", "title": word},
        {"type": "related", "title": word, "cards": [{"title": word, "link": link, "image": picture}]},
        {"type": "figures", "title": word, "figures": [{"value": word, "label": word, "note": word}]},
        {"type": "logos", "title": word, "logos": [{**picture, "link": link}]},
    ]
    for block in blocks:
        yield f"  - {json.dumps(block, ensure_ascii=False)}\n"


def shape(edition: Edition) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Tags and attributes of mail and page, without what they say."""
    trees = [lxml_html.document_fromstring(source) for source in (fill(edition.html, str), edition.web)]
    return [[(str(one.tag), tuple(one.attrib)) for one in tree.iter() if isinstance(one.tag, str)] for tree in trees]
