"""Issue to Edition: HTML mail, plain text, web page and fitted pictures."""

from ruhrmail.render.desk import Source
from ruhrmail.render.edition import render_edition

__all__ = ["Source", "render_edition"]
