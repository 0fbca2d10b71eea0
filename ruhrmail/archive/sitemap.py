"""What search engines are told: sitemap.xml (sitemaps.org) and robots.txt (RFC 9309)."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from lxml import etree

from ruhrmail.archive.masthead import Masthead, newest_first, path_of
from ruhrmail.model.archive import Leaf

SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PERSONAL = ("u", "confirm", "preferences", "address")
MOST = 50_000
"""Addresses in one sitemap, as its rules say."""


def write_sitemap(masthead: Masthead, leaves: Sequence[Leaf], pages: Sequence[str]) -> Mapping[str, bytes]:
    """Both files; `pages` are the lists of the archive."""
    newest = newest_first(leaves)
    latest = newest[0].date if newest else None
    places = [(path, latest) for path in pages]
    places += [(path_of(leaf, page), leaf.date) for leaf in newest for page in leaf.texts]
    return {SITEMAP: write_urls(masthead, places[:MOST]), ROBOTS: write_robots(masthead)}


def write_urls(masthead: Masthead, places: Sequence[tuple[str, date | None]]) -> bytes:
    """The sitemap of these paths, each with the day it was last changed."""
    urls = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    for path, day in places:
        url = etree.SubElement(urls, f"{{{NAMESPACE}}}url")
        etree.SubElement(url, f"{{{NAMESPACE}}}loc").text = masthead.address(path)
        if day is not None:
            etree.SubElement(url, f"{{{NAMESPACE}}}lastmod").text = day.isoformat()
    return bytes(etree.tostring(urls, xml_declaration=True, encoding="utf-8", pretty_print=True))


def write_robots(masthead: Masthead) -> bytes:
    """All may be read but the personal links of mails."""
    base = urlsplit(masthead.url).path.rstrip("/")
    forbidden = "".join(f"Disallow: {base}/{path}/\n" for path in PERSONAL)
    return f"User-agent: *\n{forbidden}\nSitemap: {masthead.address(SITEMAP)}\n".encode()
