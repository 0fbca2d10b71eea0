"""All public issues to everything around them, by path."""

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from ruhrmail.archive.calendar import write_calendar
from ruhrmail.archive.feeds import write_feeds
from ruhrmail.archive.masthead import Masthead
from ruhrmail.archive.pages import NOT_FOUND, sort_out, write_moved, write_pages
from ruhrmail.archive.picture import draw_icon
from ruhrmail.archive.redirects import MAP, moved_files, write_map
from ruhrmail.archive.search import write_search
from ruhrmail.archive.sitemap import write_sitemap
from ruhrmail.model.archive import Leaf


def make_site(masthead: Masthead, leaves: Sequence[Leaf]) -> Mapping[str, bytes]:
    """The files of the site but for those of the issues themselves; the same issues give the same bytes."""
    pages = dict(write_pages(masthead, sort_out(leaves)))
    listed = [path for path in pages if path.endswith("index.html") and path != NOT_FOUND]
    return {
        **pages,
        "favicon.ico": draw_icon(masthead),
        **write_feeds(masthead, leaves),
        **write_calendar(masthead, leaves),
        **write_search(masthead, leaves),
        **write_sitemap(masthead, leaves, listed),
    }


def make_redirects(
    masthead: Masthead, leaves: Sequence[Leaf], redirects: Mapping[str, str], public: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """The files at old places. `public` are those of the issues, by their path below `archive/`."""
    if not redirects:
        return {}
    page = partial(write_moved, masthead, sort_out(leaves))
    moved = moved_files(redirects, public, page)
    base = urlsplit(masthead.url).path.rstrip("/")
    return {**{f"archive/{path}": content for path, content in moved.items()}, MAP: write_map(redirects, base, public)}
