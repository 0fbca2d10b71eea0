"""How blocks stand to each other: anchors, cards side by side, levels of headlines."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby
from typing import TypeVar

from ruhrmail.model.blocks import FIXED_PAGES, Article, Block
from ruhrmail.model.written import Written
from ruhrmail.render import views
from ruhrmail.render.images import CARD, FULL, Place

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MAX_ANCHOR = 60
DIGEST = 12

Item = TypeVar("Item")


def name_articles(blocks: Sequence[Block]) -> dict[int, str]:
    """The anchor of every article by its number: its id, else one made from the title; each only once."""
    taken = {*FIXED_PAGES, *(block.id for block in blocks if isinstance(block, Article) and block.id)}
    found = {}
    for number, block in enumerate(blocks):
        if isinstance(block, Article):
            found[number] = block.id or free_anchor(block.title, taken)
            taken.add(found[number])
    return found


def free_anchor(title: str, taken: set[str]) -> str:
    """`Größe zählt!` to groesse-zaehlt, with a number behind it where that is taken."""
    base = anchor_of(title) or "artikel"
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def anchor_of(title: str) -> str:
    """`Größe zählt!` to groesse-zaehlt; empty for a title without letters and digits."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(UMLAUTS).replace("\\-", "")).strip("-")
    return plain[:MAX_ANCHOR].rstrip("-")


def unguessable(name: str, content: Written) -> str:
    """A name for a public file that is not for everybody: only who knows its content knows its address."""
    return f"{name}-{hashlib.sha256(content.model_dump_json().encode()).hexdigest()[:DIGEST]}"


def is_card(block: Block) -> bool:
    """True for an article that stands beside another."""
    return isinstance(block, Article) and block.layout == "card"


def place_articles(blocks: Sequence[Block]) -> Mapping[int, Place]:
    """The room of every article's picture by the article's number: a card that is left over has the whole width."""
    rooms = {number: FULL for number, block in enumerate(blocks) if isinstance(block, Article)}
    for card, group in groupby(enumerate(blocks), key=lambda pair: is_card(pair[1])):
        numbers = [number for number, _ in group]
        if card:
            rooms.update(dict.fromkeys(numbers[: len(numbers) // 2 * 2], CARD))
    return rooms


def fill_rows(items: Sequence[Item]) -> tuple[tuple[Item, ...], ...]:
    """Three in a row, and none left alone: 4 are 2 + 2, 5 are 3 + 2, 7 are 3 + 2 + 2."""
    pairs = -len(items) % 3 if len(items) > 1 else 0
    threes = len(items) - 2 * pairs
    found = [items[start : start + 3] for start in range(0, threes, 3)]
    found += [items[start : start + 2] for start in range(threes, len(items), 2)]
    return tuple(tuple(row) for row in found)


def gather_cards(blocks: Sequence[Block], shown: Iterable[views.BlockView]) -> Iterator[views.BlockView]:
    """Neighbouring cards as one block."""
    for card, group in groupby(zip(blocks, shown, strict=True), key=lambda pair: is_card(pair[0])):
        members = [view for _, view in group]
        if card:
            yield views.CardsView(tuple(view for view in members if isinstance(view, views.ArticleView)))
        else:
            yield from members


def mend_levels(blocks: Iterable[views.BlockView]) -> Iterator[views.BlockView]:
    """A headline of the third level needs one of the second above it: screen readers walk along the levels."""
    below = False
    for block in blocks:
        if isinstance(block, views.HeadingView) and not below:
            yield replace(block, level=2)
        else:
            yield block
        below = below or has_headline(block)


HEADLINED = views.ArticleView | views.CardsView | views.EventsView | views.HeadingView | views.RelatedView


def has_headline(block: views.BlockView) -> bool:
    """True for a block that shows a headline of the second level."""
    if isinstance(block, views.EditorialView):
        return block.salutation is not None
    if isinstance(block, views.GalleryView | views.FiguresView | views.LogosView):
        return block.title is not None
    if isinstance(block, views.ContentsView):
        return bool(block.entries)
    return isinstance(block, HEADLINED)
