"""The pages around the issues, as text."""

import json
import re

import pytest
from lxml import html

from ruhrmail.archive import make_site
from ruhrmail.archive.dress import dress
from ruhrmail.archive.linked import describe
from ruhrmail.archive.pages import sort_out, write_moved
from ruhrmail.model.archive import About, Story


def tree(content: bytes):
    return html.document_fromstring(content.decode())


@pytest.fixture
def site(masthead, leaf):
    return make_site(masthead, [leaf(), leaf("2025-01", leaf().date.replace(year=2025), number=1)])


def test_there_is_a_page_for_each_year_and_topic(site):
    pages = {path for path in site if path.endswith("index.html")}
    lists = {"index.html", "archive/index.html", "search/index.html", "topics/index.html"}
    years = {"years/2025/index.html", "years/2026/index.html"}
    assert lists | years | {"topics/stadtentwicklung/index.html", "topics/mobilitaet/index.html"} == pages


def test_every_page_is_whole(site):
    """A language, a title of its own, one h1, a policy without holes, a canonical address."""
    titles = set()
    for path, content in site.items():
        if not path.endswith(".html"):
            continue
        page = tree(content)
        titles.add(page.findtext(".//title"))
        policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
        assert ("script-src 'self'" in policy) == path.startswith("search/")
        assert ("de", 1) == (page.get("lang"), len(page.findall(".//h1")))
        assert (page.find(".//link[@rel='canonical']") is None) == (path == "404.html")
    assert len([path for path in site if path.endswith(".html")]) == len(titles)


def test_what_editors_write_is_escaped(site):
    assert all(b"<in>" not in content for path, content in site.items() if path.endswith(".html"))


def test_the_page_for_what_is_not_there_works_in_every_folder(site):
    links = [one.get("href") for one in tree(site["404.html"]).iter("a")]
    assert {"/brief/archive/", "/brief/search/"} <= set(links)
    assert not [link for link in links if link.startswith("..")]


def test_a_topic_is_spelled_as_most_write_it(masthead, leaf):
    def issue(slug, kicker):
        return leaf(slug, about=About(title="x", stories=(Story("y", "#y", "", kicker, "stadt"),)))

    lists = sort_out([issue("a", "STADT"), issue("b", "Stadt"), issue("c", "Stadt")])
    assert [("stadt", "Stadt", 3)] == [(one.name, one.label, len(one.found)) for one in lists.topics]


def test_a_page_that_moved_leads_on(masthead, leaf):
    page = tree(write_moved(masthead, sort_out([leaf()]), "neu/"))
    target = "https://post.example/brief/archive/neu/"
    assert f"0; url={target}" == page.find(".//meta[@http-equiv='refresh']").get("content")
    assert target == page.find(".//link[@rel='canonical']").get("href")
    assert "noindex" == page.find(".//meta[@name='robots']").get("content")


def test_machines_read_what_an_issue_holds(masthead, leaf):
    page = dress(b'<head><meta charset="utf-8"></head>', describe(masthead, leaf(), "index.html"))
    text = re.search(rb'<script type="application/ld\+json">(.*?)</script>', page)
    graph = json.loads(text[1])["@graph"]
    assert [("NewsArticle", "Licht <in> der Halle"), ("Event", "Hallenfest")] == [
        (one["@type"], one.get("headline") or one["name"]) for one in graph
    ]
    assert b"<in>" not in page
    (article,) = json.loads(describe(masthead, leaf(), "bauen.html"))["@graph"]
    assert ("Größer bauen", "Stadtentwicklung") == (article["headline"], article["articleSection"])


def test_an_archive_without_issues_says_so(masthead):
    site = make_site(masthead, [])
    assert "Es ist noch keine Ausgabe erschienen." in site["archive/index.html"].decode()
    assert "topics/index.html" not in site and "calendar.ics" not in site
