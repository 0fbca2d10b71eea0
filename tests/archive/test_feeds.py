"""Atom (RFC 4287) and JSON Feed 1.1, read by others."""

import json
from dataclasses import replace
from datetime import date, datetime

import feedparser
from lxml import etree

from ruhrmail.archive.feeds import ATOM, write_feeds
from ruhrmail.model.archive import About
from tests.archive.conftest import happening

NS = {"a": ATOM}


def test_an_independent_reader_understands_the_atom_feed(masthead, leaf):
    found = feedparser.parse(write_feeds(masthead, [leaf(), leaf("alt", date(2026, 10, 1))])["feed.xml"])
    assert not found.bozo and "atom10" == found.version
    assert "Revierpost & Söhne" == found.feed.title
    assert ["Licht <in> der Halle"] * 2 == [one.title for one in found.entries]
    links = [one.link for one in found.entries]
    assert ["https://post.example/brief/archive/2026-11/", "https://post.example/brief/archive/alt/"] == links
    assert (2026, 11, 6) == tuple(found.entries[0].updated_parsed[:3])
    assert "https://post.example/brief/archive/2026-11/bauen.html" in found.entries[0].content[0].value


def test_the_atom_feed_has_all_that_the_rules_demand(masthead, leaf):
    """RFC 4287 sections 4.1.1 and 4.1.2: exactly one id, title and updated; an author; a link to itself."""
    root = etree.fromstring(write_feeds(masthead, [leaf(), leaf("alt", date(2026, 10, 1))])["feed.xml"])
    for one in (root, *root.findall("a:entry", NS)):
        for name in ("id", "title", "updated"):
            assert 1 == len(one.findall(f"a:{name}", NS)), name
        assert datetime.fromisoformat(one.findtext("a:updated", namespaces=NS)).tzinfo is not None
    assert 1 == len(root.findall("a:author/a:name", NS))
    itself = [one.get("href") for one in root.findall("a:link[@rel='self']", NS)]
    assert ["https://post.example/brief/feed.xml"] == itself
    ids = [one.findtext("a:id", namespaces=NS) for one in root.findall("a:entry", NS)]
    assert len(set(ids)) == len(ids)


def test_the_json_feed_keeps_its_rules(masthead, leaf):
    """jsonfeed.org/version/1.1: version and title; items have an id and a content; dates are RFC 3339."""
    feed = json.loads(write_feeds(masthead, [leaf()])["feed.json"])
    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert "https://post.example/brief/feed.json" == feed["feed_url"]
    (item,) = feed["items"]
    assert item["id"] == item["url"] == "https://post.example/brief/archive/2026-11/"
    assert "&lt;in&gt;" not in item["title"] and "Zwei Geschichten &amp; ein Termin" in item["content_html"]
    assert 5 == datetime.fromisoformat(item["date_published"]).hour
    assert ["Stadtentwicklung", "Mobilität"] == item["tags"]


def test_dates_are_told_with_time_and_place(masthead, leaf):
    one = replace(happening("a@x", "Fest <laut>"), when="3. Dezember 2026, 18 Uhr")
    item = json.loads(write_feeds(masthead, [leaf(about=About(happenings=(one,)))])["feed.json"])["items"][0]
    assert "<li>Fest &lt;laut&gt;, 3. Dezember 2026, 18 Uhr, Bochum</li>" in item["content_html"]


def test_feeds_hold_the_latest_thirty(masthead, leaf):
    leaves = [leaf(f"n{number}", date(2020 + number // 12, number % 12 + 1, 1)) for number in range(40)]
    items = json.loads(write_feeds(masthead, leaves)["feed.json"])["items"]
    assert (30, "https://post.example/brief/archive/n39/") == (len(items), items[0]["id"])


def test_a_feed_without_issues_is_a_feed(masthead):
    files = write_feeds(masthead, [])
    assert not feedparser.parse(files["feed.xml"]).bozo
    assert [] == json.loads(files["feed.json"])["items"]
