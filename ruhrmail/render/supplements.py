"""Blocks beside the stories: picture rows, quotations, contents, further reading, key numbers, partners."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ruhrmail.model.blocks import Block, Card, Contents, Figures, Gallery, Logo, Logos, Picture, Quote, Related
from ruhrmail.render import views
from ruhrmail.render.desk import Desk
from ruhrmail.render.images import CARD, FULL, PARTNER, SPEAKER, THIRD, Place
from ruhrmail.render.layout import fill_rows
from ruhrmail.render.teaser import shorten
from ruhrmail.render.typography import quote
from ruhrmail.source.document import Keys

ROOMS: Mapping[int, Place] = {1: FULL, 2: CARD, 3: THIRD}
"""The room of a picture by the number of pictures in its row."""

Pairs = list[tuple[Picture | None, Place]]


def place_pictures(block: Block) -> Pairs:
    """The pictures of one of these blocks and the room of each, in the order of the file."""
    if isinstance(block, Gallery):
        return [(picture, ROOMS[len(row)]) for row in fill_rows(block.images) for picture in row]
    if isinstance(block, Related):
        return place_cards(block)
    if isinstance(block, Logos):
        return [(logo, PARTNER) for logo in block.logos]
    return [(block.portrait, SPEAKER)] if isinstance(block, Quote) else []


def place_cards(block: Related) -> Pairs:
    """Two cards in a row; the one that is left over has the whole width."""
    paired = len(block.cards) // 2 * 2
    return [(card.image, CARD if number < paired else FULL) for number, card in enumerate(block.cards)]


def set_gallery(block: Gallery, desk: Desk, keys: Keys) -> views.GalleryView:
    pairs = enumerate(place_pictures(block))
    found = [desk.picture(picture, place, (*keys, "images", number)) for number, (picture, place) in pairs]
    return views.GalleryView(fill_rows([picture for picture in found if picture]), desk.option(block.title))


def set_quote(block: Quote, desk: Desk, keys: Keys) -> views.QuoteView:
    return views.QuoteView(
        text=tuple(quote("\n".join(desk.lines(block.text)), desk.language).split("\n")),
        author=desk.option(block.author),
        role=desk.lines(block.role),
        portrait=desk.picture(block.portrait, SPEAKER, (*keys, "portrait")),
    )


def set_contents(block: Contents, desk: Desk, entries: Iterable[views.EntryView]) -> views.ContentsView:
    """The table of contents with the page's entries, whatever the page is."""
    return views.ContentsView(desk.option(block.title) or desk.words("In this issue"), tuple(entries))


def set_related(block: Related, desk: Desk, keys: Keys) -> views.RelatedView:
    places = [place for _, place in place_cards(block)]
    cards = [
        set_card(card, desk, (*keys, "cards", number), place)
        for number, (card, place) in enumerate(zip(block.cards, places, strict=True))
    ]
    return views.RelatedView(desk.option(block.title) or desk.words("More on this topic"), tuple(cards))


def set_card(card: Card, desk: Desk, keys: Keys, place: Place) -> views.CardView:
    return views.CardView(
        title=desk.line(card.title),
        text=shorten(desk.prose(card.text, (*keys, "text")), desk.language) if card.text else None,
        image=desk.picture(card.image, place, (*keys, "image")),
        link=views.LinkView(desk.url(card.link.url), desk.option(card.link.label) or desk.words("Read more")),
    )


def set_figures(block: Figures, desk: Desk, _: Keys) -> views.FiguresView:
    found = [
        views.FigureView(desk.line(one.value), desk.line(one.label), desk.option(one.note)) for one in block.figures
    ]
    return views.FiguresView(fill_rows(found), desk.option(block.title))


def set_logos(block: Logos, desk: Desk, keys: Keys) -> views.LogosView:
    found = [set_partner(logo, desk, (*keys, "logos", number)) for number, logo in enumerate(block.logos)]
    return views.LogosView(tuple(logo for logo in found if logo), desk.option(block.title))


def set_partner(logo: Logo, desk: Desk, keys: Keys) -> views.LogoView | None:
    """One partner's sign; where it is a link, its alternative text is the link's name."""
    picture, link = desk.picture(logo, PARTNER, keys), desk.link(logo.link, "Details")
    if picture is None:
        return None
    return views.LogoView(replace(picture, alt=link.label) if link and not picture.alt else picture, link)


SETTERS: Mapping[type, Callable[[Any, Desk, Keys], views.BlockView]] = {
    Gallery: set_gallery,
    Quote: set_quote,
    Related: set_related,
    Figures: set_figures,
    Logos: set_logos,
}
