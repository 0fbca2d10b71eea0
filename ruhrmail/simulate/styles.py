"""Style sheets and style attributes within HTML, found and rewritten where they stand.

Text is rewritten in place, not parsed into a tree and written again: what is shown stays as close as can be to what is
sent, conditional comments included.
"""

import re
from collections.abc import Callable
from html import escape, unescape

SHEET = re.compile(r"(<style\b[^<>]*>)([^<]*+(?:<(?!/style)[^<]*+)*+)(</style[^<>]*>?|\Z)", re.IGNORECASE)
"""One without an end holds all that follows, as in a browser; no mail makes the search take long."""
TAG = re.compile(r"<(?P<name>[a-zA-Z][\w:-]*)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
STYLE = re.compile(r"(?<=\s)style\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE)
DECLARATION = re.compile(
    r"(?P<before>[{;]\s*|^\s*)(?P<name>-?[a-zA-Z][\w-]*)\s*:\s*(?P<value>(?:[^;{}()]|\([^()]*\))*)"
)
BLOCK = re.compile(r"\{[^{}]*\}")
SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
MEDIA = re.compile(r"(?<=\s)media\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
HEAD = re.compile(r"<head\b[^<>]*>", re.IGNORECASE)
DOCTYPE = re.compile(r"(?:\s*<!doctype[^<>]*>)?", re.IGNORECASE)
HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)

Rewrite = Callable[[str, str], str | None]
"""From a property and its value to another value; None drops the declaration."""


def rewrite_declarations(css: str, rewrite: Rewrite) -> str:
    """The declarations of a style attribute, rewritten."""

    def one(match: re.Match[str]) -> str:
        value = rewrite(match["name"].lower(), match["value"].strip())
        return match["before"] if value is None else f"{match['before']}{match['name']}:{value}"

    return DECLARATION.sub(one, css)


def rewrite_sheets(html: str, rewrite: Callable[[str], str]) -> str:
    """The HTML with the text of its style sheets rewritten."""
    return SHEET.sub(lambda match: match[1] + rewrite(match[2]) + match[3], html)


def rewrite_tags(html: str, rewrite: Callable[[str, str], str]) -> str:
    """The HTML with its opening tags rewritten; the function gets the element's name in small letters and the tag."""
    return TAG.sub(lambda match: rewrite(match["name"].lower(), match[0]), html)


def rewrite_style_attribute(tag: str, rewrite: Rewrite) -> str:
    """A tag with its inline style rewritten."""

    def one(match: re.Match[str]) -> str:
        text = unescape(match["single"] if match["double"] is None else match["double"])
        return f'style="{escape(rewrite_declarations(text, rewrite))}"'

    return STYLE.sub(one, tag, count=1)


def rewrite_colors(html: str, rewrite: Rewrite) -> str:
    """The HTML with the declarations of all style sheets and style attributes rewritten."""

    def block(match: re.Match[str]) -> str:
        return rewrite_declarations(match[0], rewrite)

    html = rewrite_sheets(html, lambda css: BLOCK.sub(block, css))
    return rewrite_tags(html, lambda _name, tag: rewrite_style_attribute(tag, rewrite))


def prefer(html: str, scheme: str) -> str:
    """The HTML as for somebody who prefers this colour scheme, whatever the browser's own reader prefers."""

    def feature(match: re.Match[str]) -> str:
        return "(min-width:0)" if match[1].lower() == scheme else "(max-width:0)"

    html = rewrite_sheets(html, lambda css: SCHEME.sub(feature, css))
    html = rewrite_tags(html, lambda _name, tag: MEDIA.sub(lambda match: SCHEME.sub(feature, match[0]), tag))
    return add_style(html, f":root{{color-scheme:only {scheme}!important}}")


def drop_sheets(html: str) -> str:
    """The HTML without its style sheets."""
    return SHEET.sub("", html)


def add_style(html: str, css: str) -> str:
    """The HTML with one more style sheet, the last of its head."""
    sheet = f"<style>{css}</style>"
    changed, count = HEAD_END.subn(lambda match: sheet + match[0], html, count=1)
    return changed if count else DOCTYPE.sub(lambda match: match[0] + sheet, html, count=1)
