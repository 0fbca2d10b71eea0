"""Public issues to a web site: pages, feeds, search, calendar, by path."""

from ruhrmail.archive.leaf import make_leaf, public_files
from ruhrmail.archive.masthead import Masthead
from ruhrmail.archive.picture import draw_picture
from ruhrmail.archive.redirects import moves_to_nothing
from ruhrmail.archive.site import make_redirects, make_site

__all__ = [
    "Masthead",
    "draw_picture",
    "make_leaf",
    "make_redirects",
    "make_site",
    "moves_to_nothing",
    "public_files",
]
