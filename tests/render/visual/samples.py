"""One short issue for every block, and the mail or page that comes of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import fill
from tests.render.conftest import HEAD, choose_theme, render_project
from tests.render.visual.covering import PAGE

FRAME = "frame"
"""The sample that shows head and foot of a mail, which the others leave out."""

WIDE = {"src": "kanal.png", "alt": "Der Kanal am Abend", "caption": "Am Kanal in Herne", "credit": "Foto: Dia Muster"}
FACE = {"src": "gesicht.png", "alt": "Porträt von Ada Beispiel"}
LEAD = "Wo früher Kähne luden, übt heute ein Chor. **Zwölf Stimmen** genügen, sagt die Leiterin."
BODY = """\
Der Speicher stand [zwanzig Jahre](https://a.example/speicher) leer. Dann kam der Chor.

## Zwölf Stimmen und ein Steg

> Kalt ist es nur, solange keiner singt.

- montags um 19 Uhr
- im Sommer auf dem Steg

## Was noch fehlt

Ein Ofen, 30 m² Bühne und jemand, der Noten ordnet.
"""


def story(title: str, **more: object) -> dict[str, object]:
    """An article with all a teaser can have."""
    link = {"url": "https://a.example/chor", "label": "Zum Chor"}
    return {"type": "article", "title": title, "kicker": "Herne", "image": WIDE, "text": LEAD, "link": link, **more}


HEADING = {"type": "heading", "text": "Größe zählt am Ufer"}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "editorial": [
        {
            "type": "editorial",
            "portrait": {**FACE, "caption": "Ada im Büro"},
            "salutation": "Guten Tag,",
            "text": "willkommen am *Kanal* und bei allen [Partnern](https://a.example).\n\n- Chor\n- Ofen",
            "closing": "Herzliche Grüße\naus Essen",
            "author": "Ada Beispiel",
            "role": "Leitung",
            "signature": {"src": "zeichen.png", "alt": "Unterschrift"},
        }
    ],
    "article": [story("Ein Chor im Speicher")],
    "article-lead": [story("Ein Chor im Speicher", layout="lead")],
    "article-cards": [
        story("Ein Chor im Speicher", layout="card"),
        story("Ein Ofen für den Steg", layout="card", text="Gesucht wird ein Ofen."),
    ],
    "events": [
        {
            "type": "events",
            "title": "Termine",
            "events": [
                {
                    "title": "Singen auf dem Steg",
                    "start": "2026-11-21T10:00",
                    "end": "2026-11-21T17:00",
                    "place": "Speicher, Tor 2",
                    "text": "Mit Führung.",
                    "link": {"url": "https://a.example/steg"},
                },
                {"title": "Tour", "dates": [{"start": "2026-12-10", "place": "Hamm"}, {"start": "2026-12-11"}]},
            ],
        }
    ],
    "heading": [HEADING, {**HEADING, "level": 3, "text": "Und eine kleinere"}],
    "text": [
        {"type": "text", "text": "Ein Absatz mit **Nachdruck** und [Verweis](https://a.example).\n\n1. eins\n2. zwei"}
    ],
    "image": [{"type": "image", **WIDE, "link": {"url": "https://a.example/bild"}}],
    "gallery": [{"type": "gallery", "title": "Rundgang", "images": [WIDE, {**FACE, "credit": "Foto: Eli"}, WIDE]}],
    "quote": [
        {
            "type": "quote",
            "text": "Kalt ist es nur,\nsolange keiner singt.",
            "author": "Ada Beispiel",
            "role": "Chorleiterin",
            "portrait": FACE,
        }
    ],
    "button": [{"type": "button", "url": "https://a.example/themen", "label": "Thema vorschlagen"}],
    "contents": [
        {"type": "contents", "title": "In dieser Ausgabe"},
        HEADING,
        {"type": "article", "title": "Ein Chor im Speicher"},
    ],
    "related": [
        {
            "type": "related",
            "title": "Mehr dazu",
            "cards": [
                {"title": "Vom Kanal", "text": LEAD, "image": WIDE, "link": {"url": "https://a.example/kanal"}},
                {"title": "Vom Hafen", "text": "Kurz.", "link": {"url": "https://a.example/hafen"}},
            ],
        }
    ],
    "figures": [
        {
            "type": "figures",
            "title": "In Zahlen",
            "figures": [
                {"value": "12", "label": "Stimmen", "note": "seit Oktober"},
                {"value": "1.400 m²", "label": "Fläche"},
                {"value": "30 Mio. Euro", "label": "gespart"},
            ],
        }
    ],
    "logos": [
        {
            "type": "logos",
            "title": "Unsere Partner",
            "logos": [
                {"src": "zeichen.png", "alt": "Farbwerk", "link": {"url": "https://a.example/farbwerk"}},
                {"src": "kanal.png", "alt": "Uhlenhof"},
                {"src": "zeichen.png", "decorative": True},
            ],
        }
    ],
    "divider": [HEADING, {"type": "divider"}, HEADING],
    FRAME: [{"type": "text", "text": "Ein Absatz."}],
    PAGE: [
        story("Ein Chor im Speicher", id="chor", body=BODY, link=None),
        story("Ein Ofen für den Steg", id="ofen", body="Kurz.", link=None, image=None),
    ],
}


def write_sample(folder: Path, sample: str, theme: str) -> Path:
    """Renders a sample in a theme into a folder; gives its mail, of `PAGE` the page of the first article."""
    edition = render_sample(folder, sample, theme)
    for asset in edition.assets:
        (folder / "assets").mkdir(exist_ok=True)
        (folder / "assets" / asset.name).write_bytes(asset.content)
    html = fill(edition.html, lambda field: "leser").replace("https://letter.example/archive/one/assets/", "assets/")
    path = folder / "shown.html"
    path.write_bytes(story_of(edition) if sample == PAGE else html.encode())
    return path


def story_of(edition: Edition) -> bytes:
    """The page of the article `chor`."""
    return next(file.content for file in edition.files if file.name == "chor.html")


def render_sample(folder: Path, sample: str, theme: str) -> Edition:
    """The edition of a sample in a project of its own."""
    issue = folder / "issues" / "one"
    issue.mkdir(parents=True)
    choose_theme(folder, theme)
    if sample == FRAME:
        with (folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
            file.write("topics: {kultur: Kultur}\n")
    content = "".join(f"  - {json.dumps(block)}\n" for block in SAMPLES[sample])
    (issue / "issue.yaml").write_text(f"{HEAD}content:\n{content}", encoding="utf-8")
    for name, draw in DRAWINGS.items():
        draw().save(issue / name)
    return render_project(folder)[0]


def draw_canal() -> Image.Image:
    """A landscape in flat colours, which keep a screenshot small."""
    image = Image.new("RGB", (1280, 720), "#f3c98b")
    pen = ImageDraw.Draw(image)
    pen.ellipse((820, 160, 1060, 400), fill="#e0703a")
    pen.rectangle((0, 430, 1280, 720), fill="#2f6272")
    pen.polygon(((0, 430), (280, 190), (620, 430)), fill="#3d4a3a")
    pen.rectangle((560, 260, 700, 430), fill="#7a3b2e")
    return image


def draw_face() -> Image.Image:
    """A head and shoulders."""
    image = Image.new("RGB", (480, 480), "#c9d8d3")
    pen = ImageDraw.Draw(image)
    pen.ellipse((90, 300, 390, 620), fill="#4b3f5c")
    pen.ellipse((150, 90, 330, 320), fill="#d9a27c")
    return image


def draw_sign() -> Image.Image:
    """A sign on a transparent ground."""
    image = Image.new("RGBA", (360, 160))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((10, 30, 130, 130), 24, fill="#0b5563")
    pen.line(((160, 110), (220, 50), (270, 110), (340, 50)), fill="#b4530a", width=14)
    return image


DRAWINGS: dict[str, Callable[[], Image.Image]] = {
    "kanal.png": draw_canal,
    "gesicht.png": draw_face,
    "zeichen.png": draw_sign,
}
