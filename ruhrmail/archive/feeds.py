"""The latest issues as feeds: Atom (RFC 4287) and JSON Feed 1.1."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from html import escape

from lxml import etree

from ruhrmail.archive.masthead import Masthead, newest_first, path_of, picture_path
from ruhrmail.model.archive import Leaf

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 30
"""Issues in a feed; older ones are in the archive."""
ATOM_PATH, JSON_PATH = "feed.xml", "feed.json"
EPOCH = date(1970, 1, 1)
MORNING = time(5)


def write_feeds(masthead: Masthead, leaves: Sequence[Leaf]) -> Mapping[str, bytes]:
    """Both feeds by their paths."""
    latest = newest_first(leaves)[:LATEST]
    return {ATOM_PATH: write_atom(masthead, latest), JSON_PATH: write_json(masthead, latest)}


def write_atom(masthead: Masthead, leaves: Sequence[Leaf]) -> bytes:
    """The Atom feed; entries are issues, and their addresses, which are for good, their ids."""
    feed = etree.Element("feed", {"{http://www.w3.org/XML/1998/namespace}lang": masthead.language}, nsmap={None: ATOM})  # type: ignore[dict-item]
    add(feed, "title", masthead.name)
    add(feed, "id", masthead.address())
    add(feed, "updated", moment(max((leaf.date for leaf in leaves), default=EPOCH)))
    add(feed, "link", rel="self", type="application/atom+xml", href=masthead.address(ATOM_PATH))
    add(feed, "link", rel="alternate", type="text/html", href=masthead.address("archive/"))
    add(add(feed, "author"), "name", masthead.organisation)
    add(feed, "generator", "ruhrmail")
    for leaf in leaves:
        add_entry(masthead, feed, leaf)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def add_entry(masthead: Masthead, feed: etree._Element, leaf: Leaf) -> None:
    """One issue."""
    entry = add(feed, "entry")
    entry.set("{http://www.w3.org/XML/1998/namespace}lang", leaf.about.language)
    add(entry, "title", leaf.about.title)
    add(entry, "id", masthead.address(path_of(leaf)))
    add(entry, "published", moment(leaf.date))
    add(entry, "updated", moment(leaf.date))
    add(entry, "link", rel="alternate", type="text/html", href=masthead.address(path_of(leaf)))
    for kicker in dict.fromkeys(story.kicker for story in leaf.about.stories if story.kicker):
        add(entry, "category", term=kicker)
    if leaf.about.text:
        add(entry, "summary", leaf.about.text)
    add(entry, "content", content_of(masthead, leaf), type="html")


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A new child with a text and attributes."""
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text or None
    return child


def write_json(masthead: Masthead, leaves: Sequence[Leaf]) -> bytes:
    """The JSON feed (jsonfeed.org, version 1.1)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": masthead.name,
        "home_page_url": masthead.address(),
        "feed_url": masthead.address(JSON_PATH),
        "language": masthead.language,
        "authors": [{"name": masthead.organisation}],
        "items": [item(masthead, leaf) for leaf in leaves],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def item(masthead: Masthead, leaf: Leaf) -> Mapping[str, object]:
    """One issue."""
    address = masthead.address(path_of(leaf))
    tags = list(dict.fromkeys(story.kicker for story in leaf.about.stories if story.kicker))
    return {
        "id": address,
        "url": address,
        "title": leaf.about.title,
        "content_html": content_of(masthead, leaf),
        "date_published": moment(leaf.date),
        "language": leaf.about.language,
        "image": masthead.address(picture_path(leaf.slug)),
        **({"summary": leaf.about.text} if leaf.about.text else {}),
        **({"tags": tags} if tags else {}),
    }


def content_of(masthead: Masthead, leaf: Leaf) -> str:
    """What an issue holds, as HTML with complete addresses: each article with its teaser, the dates."""
    page = masthead.address(path_of(leaf))
    parts = [f"<p>{escape(leaf.about.text)}</p>"] if leaf.about.text else []
    for story in leaf.about.stories:
        parts.append(f'<h2><a href="{escape(page + story.place)}">{escape(story.title)}</a></h2>')
        parts += [f"<p>{escape(story.text)}</p>"] if story.text else []
    told = (", ".join(filter(None, (one.title, one.when, one.place))) for one in leaf.about.happenings)
    dates = "".join(f"<li>{escape(one)}</li>" for one in told)
    return "\n".join([*parts, *([f"<ul>{dates}</ul>"] if dates else [])]) or f"<p>{escape(leaf.about.title)}</p>"


def moment(day: date) -> str:
    """A day as RFC 3339 writes it: its early morning, which is the same day everywhere in Europe, and over when most
    issues appear, for readers hide what is to come."""
    return datetime.combine(day, MORNING, tzinfo=UTC).isoformat().replace("+00:00", "Z")
