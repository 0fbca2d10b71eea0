"""What search engines are told."""

from urllib.robotparser import RobotFileParser

from lxml import etree

from ruhrmail.archive.sitemap import write_sitemap

RULES = etree.RelaxNG(
    etree.fromstring("""
<element name="urlset" ns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns="http://relaxng.org/ns/structure/1.0"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <oneOrMore><element name="url">
    <element name="loc"><data type="anyURI">
      <param name="minLength">12</param><param name="maxLength">2048</param>
    </data></element>
    <optional><element name="lastmod"><data type="date"/></element></optional>
  </element></oneOrMore>
</element>""")
)
"""The protocol of sitemaps.org, of what we use."""


def test_the_sitemap_keeps_the_protocol_and_names_every_page_once(masthead, leaf):
    root = etree.fromstring(write_sitemap(masthead, [leaf()], ["index.html", "archive/index.html"])["sitemap.xml"])
    RULES.assertValid(root)
    addresses = [one.text for one in root.iter("{*}loc")]
    home = "https://post.example/brief/"
    assert [home, f"{home}archive/", f"{home}archive/2026-11/", f"{home}archive/2026-11/bauen.html"] == addresses


def test_robots_read_all_but_personal_links(masthead):
    robots = RobotFileParser()
    robots.parse(write_sitemap(masthead, [], [])["robots.txt"].decode().splitlines())
    assert robots.can_fetch("*", "https://post.example/brief/archive/2026-11/")
    assert not robots.can_fetch("*", "https://post.example/brief/u/TOKEN")
    assert ["https://post.example/brief/sitemap.xml"] == robots.site_maps()
