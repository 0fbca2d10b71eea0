"""How blocks stand to each other."""

import pytest

from ruhrmail.model.merge import fill
from ruhrmail.render.layout import free_anchor

CARD = "  - {type: article, layout: card, title: T%d, image: {src: wide.jpg, alt: x}}\n"


@pytest.mark.parametrize(
    ("title", "taken", "anchor"),
    [
        ("Größe zählt!", set(), "groesse-zaehlt"),
        ("Weg", {"weg", "weg-2"}, "weg-3"),
        ("???", set(), "artikel"),
        ("Grund\\-stück", set(), "grundstueck"),
        ("x" * 90, set(), "x" * 60),
    ],
)
def test_anchors(title, taken, anchor):
    assert free_anchor(title, taken) == anchor


@pytest.mark.parametrize(("cards", "widths"), [(1, [1200]), (2, [580]), (3, [580, 1200]), (4, [580])])
def test_a_card_without_a_neighbour_has_the_whole_width(render, cards, widths):
    edition = render("".join(CARD % number for number in range(cards)))
    assert [asset.width for asset in edition.assets] == widths


def test_cards_apart_are_not_put_together(render):
    edition = render(CARD % 1 + "  - {type: divider}\n" + CARD % 2)
    assert [asset.width for asset in edition.assets] == [1200]
    assert fill(edition.html, str).count("mj-column-per-50") == 0


@pytest.mark.parametrize(
    ("first", "level"),
    [
        ("{type: text, text: x}", "h2"),
        ("{type: editorial, text: x}", "h2"),
        ("{type: editorial, salutation: Hallo, text: x}", "h3"),
        ("{type: article, title: x}", "h3"),
    ],
)
def test_a_third_level_stands_only_below_a_second(render, first, level):
    edition = render(f"  - {first}\n  - {{type: heading, text: Klein, level: 3}}\n")
    assert f"</{level}>" in edition.web.split("Klein")[1][:6]
