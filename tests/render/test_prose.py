"""Markdown in mail text: what it may hold, and that nothing else gets through."""

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ruhrmail.render.prose import render_prose


def html_of(source: str, language: str = "de") -> str:
    return str(render_prose(source, language)[0].html)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a **b** *c*", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("a\nb", "<p>a b</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("[a](https://x.example/?a=1&b=2)", '<p><a href="https://x.example/?a=1&amp;b=2">a</a></p>'),
        ('"*a* b"', "<p>„<em>a</em> b“</p>"),
        ("Akteur*innen und Bürger*innen", "<p>Akteur*innen und Bürger*innen</p>"),
        ("# a", "<p># a</p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("`a`", "<p>`a`</p>"),
        ("    a", "<p>a</p>"),
        ("Grund\\-stück", "<p>Grund\u00adstück</p>"),
        ("\\- kein Punkt", "<p>- kein Punkt</p>"),
    ],
)
def test_markdown_becomes(source, html):
    assert html_of(source) == html


def test_pictures_stay_text():
    assert "<img" not in html_of("![a](b.jpg)")


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("[a](javascript:alert)", "link/scheme"),
        ("[a](data:text/html,x)", "link/scheme"),
        ("[a](b.html)", "link/relative"),
        ("[a](https://)", "link/broken"),
        ("[a](https:x.example)", "link/broken"),
        ("[a](mailto:)", "link/broken"),
        ("[a](https://halle.example:99999/)", "link/broken"),
        ("[a](https://halle.example:abc/)", "link/broken"),
        ("[a](https://[x/)", "link/broken"),
        ("[a](https://1.2.3.999/)", "link/broken"),
    ],
)
def test_links_that_no_client_opens_are_refused(source, rule):
    assert [one.rule for one in render_prose(source, "de")[1]] == [rule]
    assert "href" not in html_of(source) or rule != "link/scheme"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[a b](https://x.example)", "a b (https://x.example)"),
        ("<https://x.example>", "https://x.example"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("[Mail](mailto:a@b.example)", "Mail (a@b.example)"),
        ("a\n\nb", "a\n\nb"),
        ("- a\n- b\n\nc", "- a\n- b\n\nc"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n  - c"),
        ("- a\n\n- b", "- a\n- b"),
        ("**a** *b*", "a b"),
    ],
)
def test_the_text_reads(source, text):
    assert render_prose(source, "de")[0].text == text


ALLOWED = {"div", "p", "br", "strong", "em", "a", "ul", "ol", "li"}
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\u2028\u2029")


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(PRINTABLE, st.sampled_from("<>&\"'*_[]()!`#\\-\n"))))
def test_no_text_becomes_an_element_or_attribute_of_another_kind(source):
    tree = lxml_html.fromstring(f"<div>{html_of(source)}</div>")
    assert {one.tag for one in tree.iter()} <= ALLOWED
    assert {name for one in tree.iter() for name in one.attrib} <= {"href", "start"}


PLAIN = st.text(st.characters(categories=("L", "N", "Zs"), include_characters="<>&\"'.,;:!?()/%$€–"))


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_plain_words_stay_the_same_words(source):
    assume(not re.match(r"\s*\d{1,9}[.)](?:\s|$)", source))  # a numbered list
    shown = lxml_html.fromstring(f"<div>{html_of(source)}</div>").text_content()
    assert bare(shown) == bare(source)


def bare(text: str) -> str:
    """Letters and signs without spaces, quotation marks and dots; entities as Markdown reads them."""
    text = re.sub(r"[\s\"'„“‚‘’….–]", "", unicodedata.normalize("NFC", text))
    return "".join(sign for sign in text if not sign.isspace())


def test_code_stays_as_it_is_typed_beside_words_that_are_set():
    assert '<p>`-- "x" ...` und „y“</p>' == html_of('`-- "x" ...` und "y"')
