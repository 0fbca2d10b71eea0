"""Markdown to safe HTML and to readable text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from ruhrmail.model.blocks import SCHEMES
from ruhrmail.render.typography import SOFT_HYPHEN, set_pieces

BLOCK_RULES = ("list", "paragraph")
INLINE_RULES = ("text", "newline", "escape", "emphasis", "link", "autolink", "entity")
TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
PIECES = {"softbreak": " ", "hardbreak": "\n"}
"""What a break is to typography: a line end of the editor's file is a space, which may have to hold words together."""
BETWEEN_BLOCKS = re.compile(r"(?<=<br>) +|(?<=>) +(?=</?(?:p|ul|ol|li)[ >])")
BARE = re.compile(r"^(?:mailto|tel):([^?]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text twice: safe HTML without styles, and plain lines with links written out."""

    html: Markup
    text: str

    def styled(self, **styles: str) -> Markup:
        """The HTML with an inline style for each named tag, for clients that drop style sheets."""
        found = str(self.html)
        for tag, style in styles.items():
            found = re.sub(rf"<{tag}(?=[ >])", f'<{tag} style="{style}"', found)
        return Markup(found)  # noqa: S704 - cleaned in render_prose, the styles are the theme's


class Refusal(NamedTuple):
    """A link that no mail client opens."""

    rule: str
    url: str


def render_prose(source: str, language: str) -> tuple[Prose, list[Refusal]]:
    """Markdown (paragraphs, lists, emphasis, links, line breaks) to Prose, and the links that had to be left out."""
    reader = make_reader()
    tokens = reader.parse(source)
    refused = []
    for token in tokens:
        if token.children:
            set_inline(token.children, language)
            refused += refuse_links(token.children)
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(
        html.replace("\n", " "),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    markup = Markup(BETWEEN_BLOCKS.sub("", clean).strip())  # noqa: S704 - just cleaned
    return Prose(markup, write_text(tokens)), refused


class Reader(MarkdownIt):
    """Takes every link: `refuse_links` judges them, where the editor is told."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return bool(url)


@lru_cache(maxsize=1)
def make_reader() -> MarkdownIt:
    """The Markdown reader: only what mail text may hold."""
    reader = Reader("zero").enable([*BLOCK_RULES, *INLINE_RULES])
    reader.enable(["balance_pairs", "fragments_join"])
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


def set_inline(children: Sequence[Token], language: str) -> None:
    """Typography over the text of one paragraph, however it is cut by emphasis and links."""
    texts = [token for token in children if token.type in ("text", "softbreak", "hardbreak")]
    pieces = [PIECES.get(token.type, token.content) for token in texts]
    for token, piece in zip(texts, set_pieces(pieces, language), strict=True):
        if token.type == "text" or (token.type == "softbreak" and piece != " "):
            token.type, token.tag, token.content = "text", "", piece


def refuse_links(children: Sequence[Token]) -> list[Refusal]:
    """The links without a scheme that mail clients open."""
    urls = [str(token.attrGet("href") or "") for token in children if token.type == "link_open"]
    bad = [url for url in urls if not url.lower().startswith(SCHEMES)]
    return [Refusal("link/scheme" if re.match(r"[a-zA-Z][\w+.-]*:", url) else "link/relative", url) for url in bad]


def write_text(tokens: Sequence[Token]) -> str:
    """The blocks as plain lines: an empty line between paragraphs, list items with their sign."""
    lines: list[str] = []
    lists: list[int] = []
    item = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else -1)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
            if not lists:
                lines.append("")
        elif token.type == "list_item_open":
            item = "- " if lists[-1] < 0 else f"{lists[-1]}. "
            lists[-1] += lists[-1] > 0
        elif token.type == "inline":
            indent = "  " * max(len(lists) - 1, 0)
            body = (indent + (item or "  " * bool(lists))) + write_inline(token.children or [])
            lines += body.split("\n")
            item = ""
            if not lists:
                lines.append("")
    return "\n".join(lines).strip("\n")


def write_inline(children: Sequence[Token]) -> str:
    """One paragraph's text; a link is followed by its address where that is not its text."""
    found: list[str] = []
    start = 0
    url = ""
    for token in children:
        if token.type == "text":
            found.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            found.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "link_open":
            url, start = str(token.attrGet("href") or ""), len(found)
        elif token.type == "link_close":
            label = "".join(found[start:])
            shown = BARE.sub(r"\1", url)
            found.append(f" ({shown})" if label not in (url, shown) else "")
    return "".join(found)
