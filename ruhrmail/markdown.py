"""Markdown as editors write it, to tokens; and the pictures in it, each at its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

SOFT_HYPHEN = "\u00ad"
Kind = Literal["mail", "story"]
"""What may stand in a text: a mail's short ones hold no headings, quotations and pictures, an article's body does."""

BLOCK_RULES = ("list", "paragraph")
INLINE_RULES = ("text", "newline", "escape", "emphasis", "link", "autolink", "entity")
STORY_RULES = ("heading", "blockquote", "image")


@dataclass(frozen=True, slots=True)
class WrittenPicture:
    """`![alt](src "caption | credit")`; `offset` is where it stands in its text.

    Only one that is `alone` in a paragraph of its own can be shown.
    """

    src: str
    alt: str
    caption: str
    credit: str
    offset: int
    alone: bool


class Reader(MarkdownIt):
    """Takes every link: rooms judge them, where the editor is told."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return bool(url)


@lru_cache(maxsize=2)
def make_reader(kind: Kind = "mail") -> MarkdownIt:
    """The Markdown reader for one kind of text."""
    reader = Reader("zero").enable([*BLOCK_RULES, *INLINE_RULES])
    reader.enable(["balance_pairs", "fragments_join"])
    if kind == "story":
        reader.enable(list(STORY_RULES))
    reader.inline.ruler.before("escape", "soft_hyphen", soft_hyphen)
    reader.inline.ruler.before("emphasis", "gender_star", gender_star)
    return reader


def soft_hyphen(state: StateInline, silent: bool) -> bool:
    r"""`\-` inside a word is a place where the word may break."""
    place = state.pos
    inner = place > 0 and not state.src[place - 1].isspace() and not state.src[place + 2 : place + 3].isspace()
    if not state.src.startswith("\\-", place) or not inner or place + 2 >= state.posMax:
        return False
    if not silent:
        state.pending += SOFT_HYPHEN
    state.pos += 2
    return True


def gender_star(state: StateInline, silent: bool) -> bool:
    """The star in `Akteur*innen` is a letter of the word, no emphasis."""
    place, text = state.pos, state.src
    if text[place] != "*" or not text[place - 1 : place].isalnum() or not text[place + 1 : place + 2].isalpha():
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True


def find_pictures(text: str) -> Iterator[WrittenPicture]:
    """Every picture of an article's body, in order."""
    tokens = make_reader("story").parse(text)
    for number, token in enumerate(tokens):
        pictures = [one for one in token.children or [] if one.type == "image"]
        offset = offset_of(text, token.map[0] if token.map else 0, "![") if pictures else 0
        for picture in pictures:
            yield read_picture(picture, offset, alone=picture_of(tokens, number) is picture)
            offset = max(offset, text.find("![", offset + 2))


def picture_of(tokens: Sequence[Token], number: int) -> Token | None:
    """The picture that token `number` (the inside of a block) consists of, in a paragraph that is in nothing else."""
    token = tokens[number]
    children = [one for one in token.children or [] if one.type not in ("text", "softbreak") or one.content.strip()]
    outside = token.level == 1 and tokens[number - 1].type == "paragraph_open"
    return children[0] if outside and len(children) == 1 and children[0].type == "image" else None


def read_picture(token: Token, offset: int, alone: bool) -> WrittenPicture:
    """What an `image` token says; file names come as they are on disk, not percent-encoded."""
    caption, _, credit = str(token.attrGet("title") or "").partition("|")
    src = unquote(str(token.attrGet("src") or ""))
    return WrittenPicture(src, token.content.strip(), caption.strip(), credit.strip(), offset, alone)


def offset_of(text: str, line: int, word: str) -> int:
    """Where a word stands in `line` (from 0) or below it; the beginning of the line where it is not found as such."""
    start = sum(len(one) for one in re.split(r"(?<=\n)", text)[:line])
    return max(start, text.find(word, start))
