"""Issue to Editions: HTML mail and plain text for every variant, web page, calendars and fitted pictures."""

from ruhrmail.render.desk import Source
from ruhrmail.render.edition import render_editions
from ruhrmail.render.shown import show_markdown, show_plain
from ruhrmail.render.typography import set_quotes

__all__ = ["Source", "render_editions", "set_quotes", "show_markdown", "show_plain"]
