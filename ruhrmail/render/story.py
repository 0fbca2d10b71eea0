"""An article's body, Markdown or blocks, to what its page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it.token import Token
from markupsafe import Markup

from ruhrmail.markdown import SOFT_HYPHEN, find_pictures, make_reader, offset_of, picture_of, read_picture
from ruhrmail.model.blocks import Article, Block, Contents, Image, Picture, Text
from ruhrmail.render import views
from ruhrmail.render.desk import Desk
from ruhrmail.render.images import PAGE
from ruhrmail.render.layout import free_anchor, has_headline, is_card, name_articles, place_articles
from ruhrmail.render.prose import set_tokens, write_phrase, write_prose
from ruhrmail.render.setting import SETTERS, set_article
from ruhrmail.source.document import Keys

LONG_READ = 4
"""So many headings give a Markdown body a table of contents by themselves."""
LISTED = 3
"""Headings down to this level stand in the table of contents."""
Pieces = Iterator[views.BlockView]


def set_body(article: Article, desk: Desk, keys: Keys) -> tuple[views.BlockView, ...]:
    """Everything below the lead of an article's page, in order; headings have their levels and ids."""
    desk = replace(desk, full=PAGE)
    taken: set[str] = set()
    if isinstance(article.body, tuple):
        pieces = list(set_pieces(article.body, desk, keys, taken))
    else:
        pieces = list(set_story(article.body or "", desk, keys))
        if sum(isinstance(piece, views.HeadingView) for piece in pieces) >= LONG_READ:
            pieces.insert(0, views.ContentsView(desk.words("Contents"), ()))
    outlined = list(name_headings(mend_outline(pieces), taken))
    entries = tuple(entry_of(one) for one in outlined if isinstance(one, views.HeadingView) and one.level <= LISTED)
    return tuple(replace(one, entries=entries) if isinstance(one, views.ContentsView) else one for one in outlined)


def set_pieces(blocks: Sequence[Block], desk: Desk, keys: Keys, taken: set[str]) -> Pieces:
    """The blocks of a body that everybody sees; the anchors of articles among them are added to `taken`."""
    anchors, rooms = name_articles(blocks), place_articles(blocks)
    taken.update(anchors.values())
    public = [(number, block) for number, block in enumerate(blocks) if not block.only_for and not block.not_for]
    for card, group in groupby(public, key=lambda pair: is_card(pair[1])):
        if card:
            cards = [(number, block) for number, block in group if isinstance(block, Article)]
            yield views.CardsView(
                tuple(
                    set_article(block, desk, (*keys, number), anchors[number], rooms[number]) for number, block in cards
                )
            )
            continue
        for number, block in group:
            if isinstance(block, Article):
                yield set_article(block, desk, (*keys, number), anchors[number], rooms[number])
            else:
                yield from set_piece(block, desk, (*keys, number))


def set_piece(block: Block, desk: Desk, keys: Keys) -> Pieces:
    """One block of a body."""
    if isinstance(block, Text):
        yield from set_story(block.text, desk, (*keys, "text"))
    elif isinstance(block, Contents):
        yield views.ContentsView(desk.option(block.title) or desk.words("Contents"), ())
    else:
        yield SETTERS[type(block)](block, desk, keys)


def set_story(text: str, desk: Desk, keys: Keys) -> Pieces:
    """Markdown to its headings, pictures, and the running text between them."""
    tokens, refused = set_tokens(make_reader("story").parse(text), desk.language)
    desk.refuse(refused, text, keys)
    running: list[Token] = []
    for first, last in spans(tokens):
        part = tokens[first:last]
        piece = set_heading(part) or set_figure(tokens, first + 1, text, desk, keys)
        if piece is None:
            running += part
            continue
        if running:
            yield views.TextView(write_prose(flatten(running)))
            running = []
        yield piece
    if running:
        yield views.TextView(write_prose(flatten(running)))


def spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Beginning and end of every block that lies in no other."""
    first = 0
    for number, token in enumerate(tokens, 1):
        if token.level == 0 and token.nesting <= 0:
            yield first, number
            first = number


def set_heading(part: Sequence[Token]) -> views.HeadingView | None:
    """A heading with its level as written; None for any other block."""
    if part[0].type != "heading_open":
        return None
    return views.HeadingView(write_phrase(part[1]), int(part[0].tag[1:]))


def set_figure(tokens: Sequence[Token], number: int, text: str, desk: Desk, keys: Keys) -> views.BlockView | None:
    """A picture in a paragraph of its own; None for any other block."""
    token = picture_of(tokens, number) if number < len(tokens) else None
    if token is None:
        return None
    line = (tokens[number].map or [0])[0]
    written = read_picture(token, offset_of(text, line, "!["), alone=True)
    picture = Picture.model_construct(
        src=written.src, alt=written.alt, caption=written.caption or None, credit=written.credit or None
    )
    found = desk.shown(picture, desk.full, desk.source.at_word(keys, written.offset))
    return views.ImageView(found, None) if found else views.DividerView()  # never shown: the finding stops the page


def flatten(tokens: Sequence[Token]) -> Sequence[Token]:
    """Headings inside of quotations and lists as paragraphs: they are no sections of the page."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
    return tokens


def mend_outline(blocks: Sequence[views.BlockView]) -> Pieces:
    """The first headline is of the second level, and none is more than one below the one before it."""
    last = 1
    for block in blocks:
        if isinstance(block, views.HeadingView):
            last = min(max(block.level, 2), last + 1)
            yield replace(block, level=last)
        else:
            last = 2 if has_headline(block) else last
            yield block


def name_headings(blocks: Iterator[views.BlockView], taken: set[str]) -> Pieces:
    """Every heading with an id that the page has only once."""
    for block in blocks:
        if isinstance(block, views.HeadingView):
            anchor = free_anchor(plain(block.text).replace(SOFT_HYPHEN, ""), taken)
            taken.add(anchor)
            yield replace(block, id=anchor)
        else:
            yield block


def entry_of(heading: views.HeadingView) -> views.EntryView:
    """A heading in the table of contents."""
    return views.EntryView(plain(heading.text), heading.id, heading.level)


def plain(text: str) -> str:
    """A heading's text without its markup."""
    return text.striptags() if isinstance(text, Markup) else text


def body_pictures(article: Article) -> Iterator[str]:
    """The files of the large pictures of a body, to be fitted ahead."""
    if isinstance(article.body, str):
        yield from (picture.src for picture in find_pictures(article.body))
    for block in article.body if isinstance(article.body, tuple) else ():
        if isinstance(block, Image):
            yield block.src
        elif isinstance(block, Text):
            yield from (picture.src for picture in find_pictures(block.text))
