"""Markdown to safe HTML and to readable text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import nh3
from markdown_it.token import Token
from markupsafe import Markup, escape
from pydantic_core import PydanticCustomError

from ruhrmail.markdown import make_reader
from ruhrmail.model.links import read_url
from ruhrmail.render.typography import set_pieces

INLINE_TAGS = {"br", "strong", "em", "a"}
TAGS = INLINE_TAGS | {"p", "ul", "ol", "li", "blockquote"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
PIECES = {"softbreak": " ", "hardbreak": "\n"}
"""What a break is to typography: a line end of the editor's file is a space, which may have to hold words together."""
BETWEEN_BLOCKS = re.compile(r"(?<=<br>) +|(?<=>) +(?=</?(?:p|ul|ol|li|blockquote)[ >])")
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
        return Markup(found)  # noqa: S704 - cleaned in `clean`, the styles are the theme's


class Refusal(NamedTuple):
    """A link that no mail client opens, and the line of the text (from 0) that its paragraph begins in."""

    rule: str
    url: str
    line: int = 0


def render_prose(source: str, language: str) -> tuple[Prose, list[Refusal]]:
    """Markdown (paragraphs, lists, emphasis, links, line breaks) to Prose, and the links that had to be left out."""
    tokens, refused = set_tokens(make_reader().parse(source), language)
    return write_prose(tokens), refused


def set_tokens(tokens: Sequence[Token], language: str) -> tuple[Sequence[Token], list[Refusal]]:
    """Typography over the texts of all tokens, and the links that have to be left out."""
    refused: list[Refusal] = []
    for token in tokens:
        if token.children:
            set_inline(token.children, language)
            refused += refuse_links(token.children, token.map[0] if token.map else 0)
    return tokens, refused


def write_prose(tokens: Sequence[Token]) -> Prose:
    """Tokens of whole blocks to Prose."""
    reader = make_reader()
    markup = clean(reader.renderer.render(tokens, reader.options, {}), TAGS)
    return Prose(markup, write_text(tokens))


def write_phrase(token: Token) -> Markup:
    """The `inline` token inside one block to HTML."""
    reader = make_reader()
    return clean(reader.renderer.render([token], reader.options, {}), INLINE_TAGS)


def clean(html: str, tags: set[str]) -> Markup:
    """Safe HTML of these elements, without spaces that mean nothing."""
    found = nh3.clean(
        html.replace("\n", " "),
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return Markup(BETWEEN_BLOCKS.sub("", found).strip())  # noqa: S704 - just cleaned


def set_inline(children: Sequence[Token], language: str) -> None:
    """Typography over the text of one paragraph, however it is cut by emphasis and links."""
    texts = [token for token in children if token.type in ("text", "softbreak", "hardbreak")]
    pieces = [PIECES.get(token.type, token.content) for token in texts]
    for token, piece in zip(texts, set_pieces(pieces, language), strict=True):
        if token.type == "text" or (token.type == "softbreak" and piece != " "):
            token.type, token.tag, token.content = "text", "", piece


def refuse_links(children: Sequence[Token], line: int) -> list[Refusal]:
    """The links without a scheme that mail clients open."""
    urls = [str(token.attrGet("href") or "") for token in children if token.type == "link_open"]
    return [Refusal(rule, url, line) for url in urls if (rule := what_is_wrong(url))]


def what_is_wrong(url: str) -> str | None:
    """The rule against a link; None for one that opens. Cleaning would take away what browsers cannot read either."""
    try:
        read_url(url)
    except PydanticCustomError as error:
        return error.type
    return None if " href=" in clean(f'<a href="{escape(url)}"></a>', {"a"}) else "link/broken"


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
