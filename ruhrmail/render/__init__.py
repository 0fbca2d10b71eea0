"""Issue to Editions: HTML mail and plain text for every variant, web page, calendars and fitted pictures."""

from ruhrmail.render.desk import Source
from ruhrmail.render.edition import render_editions

__all__ = ["Source", "render_editions"]
