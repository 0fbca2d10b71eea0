"""Captions and credits: in every form of the mail, whatever block a picture stands in."""

import pytest

from ruhrmail.model.merge import fill
from ruhrmail.render.views import PictureView

PICTURE = "src: wide.jpg, alt: Der Steg am Morgen"
BLOCKS = f"""\
  - type: editorial
    text: Ja.
    portrait: {{{PICTURE}, caption: Am Schreibtisch, credit: Bild Eins}}
    signature: {{{PICTURE}, caption: Eigenhändig, credit: Bild Zwei}}
  - type: article
    title: Der Steg
    image: {{{PICTURE}, caption: Mit Geländer, credit: Bild Drei}}
  - {{type: image, {PICTURE}, caption: Im Regen, credit: Bild Vier}}
  - {{type: gallery, images: [{{{PICTURE}, caption: Von oben, credit: Bild Fünf}}]}}
  - {{type: quote, text: Ich bleibe., portrait: {{{PICTURE}, caption: Beim Reden, credit: Bild Sechs}}}}
  - type: related
    cards:
      - title: Mehr
        link: {{url: https://a.example/mehr}}
        image: {{{PICTURE}, caption: Von unten, credit: Bild Sieben}}
  - {{type: logos, logos: [{{{PICTURE}, caption: Unser Haus, credit: Bild Acht}}]}}
"""
CAPTIONS = (
    "Am Schreibtisch", "Eigenhändig", "Mit Geländer", "Im Regen", "Von oben", "Beim Reden", "Von unten", "Unser Haus",
)  # fmt: skip
CREDITS = tuple(f"Bild {word}" for word in ["Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht"])


def test_every_caption_and_credit_stands_in_html_text_and_web_page(theme, render):
    edition = render(BLOCKS)
    forms = {
        "html": fill(edition.html, lambda field: ""),
        "text": fill(edition.text, lambda field: ""),
        "web": edition.web,
    }
    lacking = [(name, word) for name, form in forms.items() for word in (*CAPTIONS, *CREDITS) if word not in form]
    assert [] == lacking


@pytest.mark.parametrize(
    ("caption", "credit", "notes"),
    [
        ("Am Kanal", "Foto: Eli", "Am Kanal\u00a0· Foto: Eli"),
        ("Der Kanal ruht.", "Foto: Eli", "Der Kanal ruht. Foto: Eli"),
        ("„Er ruht.“", "Foto: Eli", "„Er ruht.“ Foto: Eli"),
        ("Am Kanal", None, "Am Kanal"),
        (None, "Foto: Eli", "Foto: Eli"),
        (None, None, ""),
    ],
)
def test_no_line_begins_with_the_dot_between_caption_and_credit(caption, credit, notes):
    assert notes == PictureView("a.jpg", 40, 20, "", caption, credit).notes


def test_a_portrait_with_nothing_but_a_credit_has_it_in_brackets_in_the_text_part(render):
    portrait = f"{{{PICTURE}, credit: Bild Sechs}}"
    text = fill(render(f"  - {{type: quote, text: Ich bleibe., portrait: {portrait}}}\n").text, lambda field: "")
    assert "\nPorträt (Bild Sechs)\n" in text
