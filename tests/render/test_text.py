"""The text part: readable on its own."""

from pathlib import Path

from ruhrmail.model.merge import fill

FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
SMALL = """\
  - type: editorial
    salutation: "{{ greeting }},"
    text: |
      lesen Sie die [Reportage](https://a.example/eine-sehr-lange-adresse/die-in-keine-zeile-passt/bleibt-ganz.html) so.
    author: Ada
  - {type: heading, text: Kurz}
  - type: article
    kicker: Standort
    title: Grund\\-stücke
    text: Ein Satz, der länger ist als zweiundsiebzig Zeichen und darum umbrochen wird.
    link: {url: https://a.example/x}
  - type: events
    events: [{title: Tag, start: 2026-11-29, place: Hamm}]
"""
EXPECTED = """\
Ruhrblick · Ausgabe 7 · 6. November 2026

Licht in der Halle
==================

Nicht richtig dargestellt? Im Browser öffnen:
https://letter.example/archive/one/


<greeting>,

lesen Sie die Reportage
(https://a.example/eine-sehr-lange-adresse/die-in-keine-zeile-passt/bleibt-ganz.html)
so.

Ada


Kurz
====

Standort
Grundstücke
-----------

Ein Satz, der länger ist als zweiundsiebzig Zeichen und darum umbrochen
wird.

Weiterlesen: https://a.example/x


Tag
Sonntag, 29.\u00a0November 2026 · Hamm
In den Kalender: https://letter.example/archive/one/tag.ics


------------------------------------------------------------------------
Agentur GmbH
Zechenweg 7
45128 Essen
Telefon: +49 201 123
E-Mail: post@letter.example
Web: https://www.letter.example
Vertreten durch: Ada Beispiel
Registereintrag: Amtsgericht Essen, HRB 1
USt-IdNr.: DE999999999
Verantwortlich für den Inhalt: Ben Beispiel, Zechenweg 7, 45128 Essen

Sie erhalten diese E-Mail, weil Ihre Adresse im Verteiler von Ruhrblick
steht.

Newsletter abbestellen: https://letter.example/u/<:unsubscribe_token>
Im Browser öffnen: https://letter.example/archive/one/
"""


def test_a_small_issue_reads_like_this(render):
    assert fill(render(SMALL).text, lambda field: f"<{field.name}>") == EXPECTED


def test_every_title_caption_credit_and_link_is_there(render):
    text = fill(render(FULL).text, lambda field: field.name)
    for item in (
        "Größe zählt",
        "Zweite Karte",
        "Ada im Büro\u00a0· Foto: Ben",
        "Die Halle\u00a0· Foto: Cem",
        "Eine Halle",
    ):
        assert item in text
    for item in (
        "Mehr dazu: https://a.example/two",
        "https://a.example/bild",
        "Thema vorschlagen: https://a.example/themen",
    ):
        assert item in text
    assert "Partnern (https://a.example/?u=email&x=1)" in " ".join(text.split())


def test_lines_are_short_and_end_without_spaces(render):
    lines = fill(render(FULL).text, lambda _: "x").split("\n")
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line for line in lines if len(line) > 72 and " " in line.strip()] == []


def test_list_items_hang_under_their_sign(render):
    item = "Wort " * 20
    text = fill(render(f"  - type: text\n    text: |\n      - {item}\n      - kurz\n").text, str)
    assert "- Wort Wort" in text and "\n  Wort Wort" in text and "\n- kurz\n" in text


def test_narrow_spaces_are_as_wide_as_others_in_text_and_headers(render):
    edition = render("  - {type: text, text: 30 Mio. Euro}\n", "date: 2026-11-06\nsubject: Bis 10 km\n")
    assert ("Bis 10 km",) == edition.subject
    assert "30\u00a0Mio.\u00a0Euro" in fill(edition.text, str)
    assert "30\u202fMio.\u202fEuro" in fill(edition.html, str) and "30\u202fMio.\u202fEuro" in edition.web
