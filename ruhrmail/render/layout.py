"""How blocks stand to each other: anchors, cards side by side, levels of headlines."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby

from ruhrmail.model.blocks import Article, Block
from ruhrmail.render import views
from ruhrmail.render.images import CARD, FULL, Place

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MAX_ANCHOR = 60


def name_articles(blocks: Sequence[Block]) -> dict[int, str]:
    """The anchor of every article by its number: its id, else one made from the title; each only once."""
    taken = {block.id for block in blocks if isinstance(block, Article) and block.id}
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


def has_headline(block: views.BlockView) -> bool:
    """True for a block that shows a headline of the second level."""
    if isinstance(block, views.EditorialView):
        return block.salutation is not None
    return isinstance(block, views.ArticleView | views.CardsView | views.EventsView | views.HeadingView)
