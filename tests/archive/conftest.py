"""A made-up newsletter's archive."""

from collections.abc import Callable
from datetime import date

import pytest

from ruhrmail.archive import Masthead
from ruhrmail.config.settings import Colors
from ruhrmail.model.archive import About, Happening, Leaf, Story
from ruhrmail.model.imprint import ImprintLine


@pytest.fixture
def masthead() -> Masthead:
    return Masthead(
        name="Revierpost & Söhne",
        language="de",
        url="https://post.example/brief",
        colors=Colors(),
        organisation="Revierpost e. V.",
        imprint=[ImprintLine("Revierpost e. V."), ImprintLine("Gleisweg 1, 44787 Bochum")],
        contact="post@post.example",
    )


@pytest.fixture
def leaf() -> Callable[..., Leaf]:
    """A function that makes an issue."""

    def make(slug: str = "2026-11", day: date = date(2026, 11, 6), **changes: object) -> Leaf:
        about = About(
            title="Licht <in> der Halle",
            text="Zwei Geschichten & ein Termin",
            stories=(
                Story("Größer bauen", "bauen.html", "Aus Holz", "Stadtentwicklung", "stadtentwicklung"),
                Story("Leise fahren", "#fahren", "Mit Strom", "Mobilität", "mobilitaet"),
            ),
            happenings=(happening(f"{slug}/fest@post.example"),),
        )
        texts = {"": "Die Straßenbahn hält. Maschinenhalle", "bauen.html": "Die E-Mail-Adresse der Genossenschaft"}
        values = {"number": 7, "about": about, "texts": texts, **changes}
        return Leaf(slug, day, **values)  # type: ignore[arg-type]

    return make


def happening(uid: str, title: str = "Hallenfest", start: str = "2026-12-03") -> Happening:
    lines = ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", "DTSTAMP:20261106T000000Z",
             f"DTSTART;VALUE=DATE:{start.replace('-', '')}", "END:VEVENT", "")  # fmt: skip
    return Happening(uid, title, start, "", "Bochum", "\r\n".join(lines))
