"""What a mail uses is found where it stands, and judged by caniemail.com's tests."""

import importlib.machinery
import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.clients import (
    ENHANCEMENTS,
    choose_clients,
    find_unsupported,
    find_uses,
    name_clients,
    read_support,
    spread_shares,
)
from ruhrmail.clients.css import AT_RULES, COMBINATORS, FUNCTIONS, GROUPS, KEYWORDS, MEDIA, UNITS, VALUES
from ruhrmail.clients.markup import ATTRIBUTES, ELEMENTS, IMAGES, TYPES
from ruhrmail.errors import RuhrmailError

ROOT = Path(__file__).parents[2]
GERMAN = ("gmx", "web.de", "t-online", "gmail", "outlook", "apple-mail")


def slugs(html):
    return {use.slug for use in find_uses(html)}


def level(slug, client):
    return read_support().features[slug].level(choose_clients([client])[0])


def test_every_feature_that_is_looked_for_was_tested():
    tables = (
        AT_RULES,
        COMBINATORS,
        FUNCTIONS,
        GROUPS,
        KEYWORDS,
        MEDIA,
        UNITS,
        VALUES,
        ATTRIBUTES,
        ELEMENTS,
        IMAGES,
        TYPES,
    )
    looked_for = {slug for table in tables for slug in table.values()} | set(ENHANCEMENTS)
    assert set() == looked_for - set(read_support().features)


def test_every_feature_has_a_letter_for_each_client_and_the_notes_it_names():
    support = read_support()
    for feature in support.features.values():
        assert len(support.clients) == len(feature.support)
        assert set(feature.support) <= set("yanu-")
        assert {str(number) for numbers in feature.notes.values() for number in numbers} >= set(feature.texts)


def test_the_data_carries_its_licence():
    data = json.loads((ROOT / "ruhrmail" / "clients" / "caniemail.json").read_text(encoding="utf-8"))
    assert "Copyright (c) 2019 HTeuMeuLeu" in data["notice"]
    assert "Permission is hereby granted, free of charge" in data["notice"]


@pytest.mark.parametrize(
    ("slug", "client", "expected"),
    [
        ("html-style", "gmail/desktop-webmail", "a"),
        ("css-display-flex", "outlook/windows", "n"),
        ("css-border-radius", "outlook/windows", "n"),
        ("css-border-radius", "apple-mail/ios", "y"),
        ("image-webp", "outlook/windows", "n"),
    ],
)
def test_some_well_known_facts(slug, client, expected):
    assert expected == level(slug, client)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p style="display:flex">a', {"css-display", "css-display-flex"}),
        ('<p style="MARGIN-TOP: 1em !important">', {"css-margin", "css-unit-em", "css-important"}),
        ('<a href="#x">', {"html-anchor-links"}),
        ('<a href="MAILTO:x@y.example">', {"html-mailto-links"}),
        ('<img src="https://x.example/a.WEBP?b=1.png">', {"html-img", "image-webp"}),
        ('<img src="data:image/png;base64,AA">', {"html-img", "image-base64"}),
        ('<img src="http://[">', {"html-img"}),
        ('<input type="checkbox">', {"html-input-checkbox"}),
        ('<!--[if mso]><p style="display:flex"><![endif]-->a<br>', set()),
        ('<style>a.b > c[d] , e:hover::before { top: calc(1px + 2%) }</style><body>', {
            "html-style", "css-selector-type", "css-selector-class", "css-selector-chaining",
            "css-selector-child", "css-selector-attribute", "css-selector-grouping", "css-pseudo-class-hover",
            "css-pseudo-element-before", "css-left-right-top-bottom", "css-unit-calc", "css-unit-px",
            "css-unit-percent"}),
        ("<style>@media (prefers-color-scheme: dark) { #a b { color: var(--c) } }</style><body>", {
            "html-style", "css-at-media", "css-at-media-prefers-color-scheme", "css-selector-id",
            "css-selector-type", "css-selector-descendant", "css-variables"}),
    ],
)  # fmt: skip
def test_finds_what_is_used(html, expected):
    assert expected == slugs(html) - {"html-p", "html-body"}


def test_a_use_names_line_and_element():
    use = next(use for use in find_uses('<html>\n<body>\n<p>a\n<p style="gap:1px">b') if use.slug == "css-gap")
    assert (4, "/html/body/p[2]", ()) == (use.line, use.way, use.through)


def test_features_are_grouped_and_name_the_clients():
    found = list(find_unsupported('<p style="gap: 1px">a<p style="gap: 2px">b', ["outlook/windows"]))
    assert [("css-gap", ["outlook/windows"], 2)] == [
        (one.feature.slug, [client.id for client in one.dropped], len(one.uses))
        for one in found
        if one.feature.slug == "css-gap"
    ]


def test_what_a_client_never_gets_to_is_not_held_against_it():
    inline = {one.feature.slug for one in find_unsupported('<p style="gap:1px">', ["outlook/windows"])}
    inside = "<style>@supports (gap: 1px) { p { gap: 1px } }</style><p>"
    assert "n" == level("css-at-supports", "outlook/windows")
    assert "css-gap" in inline
    assert "css-gap" not in {one.feature.slug for one in find_unsupported(inside, ["outlook/windows"])}
    assert "css-at-supports" in {one.feature.slug for one in find_unsupported(inside, ["outlook/windows"])}


def test_enhancements_are_not_told_unless_asked_for():
    html = '<p style="border-radius:3px">a'
    assert [] == [one for one in find_unsupported(html, ["outlook/windows"]) if "radius" in one.feature.slug]
    assert ["css-border-radius"] == [
        one.feature.slug for one in find_unsupported(html, ["outlook/windows"], ()) if "radius" in one.feature.slug
    ]


def test_people_call_clients_by_their_names():
    assert choose_clients(["web-de"]) == choose_clients(["WEB.DE", " web.de"])
    assert ["T-online.de (Desktop Webmail)"] == [client.name for client in choose_clients(["T-Online"])]
    assert len(GERMAN) <= len(choose_clients(GERMAN))


def test_an_unknown_client_is_refused_with_a_guess():
    with pytest.raises(RuhrmailError, match="gmxx") as caught:
        choose_clients(["gmxx"])
    assert "did you mean gmx?" == str(caught.value.hint)


@pytest.mark.parametrize(
    "html", ["", " ", "<!-- a -->", "<!doctype html>", "\x00", "<?xml version='1.0' encoding='x'?>"]
)
def test_what_is_no_html_uses_nothing_to_speak_of(html):
    assert slugs(html) <= {"html-p", "html-body"}


@given(st.text(alphabet="<>/ap=\"' style:;{}@media()!-#.,*[]\n\x00é😀", max_size=80))
def test_no_html_is_too_broken(html):
    list(find_unsupported(f"<p style='{html}'><style>{html}</style>{html}", GERMAN))
    list(find_unsupported(html, GERMAN))


def test_deep_nesting_is_no_trouble():
    list(find_uses("<style>" + "@media x {" * 5_000 + "</style>" + "<div>" * 5_000))
    list(find_uses('<p style="width:' + "calc(" * 5_000 + '">'))


def test_the_update_keeps_the_newest_test_and_its_note():
    loader = importlib.machinery.SourceFileLoader("update_caniemail", str(ROOT / "tools" / "update-caniemail"))
    spec = importlib.util.spec_from_loader("update_caniemail", loader)
    assert spec
    tool = importlib.util.module_from_spec(spec)
    loader.exec_module(tool)
    stats = {"a": {"ios": {"2024-04": "a #2", "2020-01": "n"}, "mac": {"2019-10": "n", "16.80": "y"}}, "b": {"ios": {}}}
    data = {
        "last_update_date": "2026-05-13 14:45:41 +0000",
        "nicenames": {"family": {"a": "A", "b": "B"}, "platform": {"ios": "iOS", "mac": "macOS"}},
        "data": [
            {"slug": "x", "title": "X", "category": "css", "stats": stats, "notes_by_num": {"1": "no", "2": "yes"}},
            {"slug": "bimi", "title": "BIMI", "category": "others", "stats": {}},
        ],
    }
    reduced = tool.reduce(data)
    assert [["a/ios", "A", "iOS"], ["a/mac", "A", "macOS"], ["b/ios", "B", "iOS"]] == reduced["clients"]
    assert {"x": {"title": "X", "support": "ay-", "notes": {"0": [2]}, "texts": {"2": "yes"}}} == reduced["features"]


def test_a_family_is_spread_over_its_clients_but_those_named_themselves():
    shares = {client.id: share for client, share in spread_shares({"gmail": 30, "gmail/ios": 5, "GMX": 9}).items()}
    assert {"gmail/android": 10, "gmail/desktop-webmail": 10, "gmail/mobile-webmail": 10, "gmail/ios": 5} == {
        name: share for name, share in shares.items() if name.startswith("gmail")
    }
    assert 44 == round(sum(shares.values()), 6)


def test_a_whole_family_is_called_by_its_name():
    chosen = choose_clients(["gmx", "outlook"])
    word = [client for client in chosen if client.is_word]
    gmx = [client for client in chosen if client.family == "gmx"]
    assert ["Outlook (Windows)", "Outlook (Windows Mail)", "GMX"] == name_clients([*word, *gmx], chosen)


def test_what_word_hides_is_not_held_against_it():
    html = '<div style="mso-hide: all"><p style="gap:1px">a</div>'
    assert [] == [one for one in find_unsupported(html, ["outlook/windows"]) if one.feature.slug == "css-gap"]
    assert ["css-gap"] == [one.feature.slug for one in find_unsupported(html, ["gmx"]) if one.feature.slug == "css-gap"]


def test_every_allowed_feature_has_a_reason():
    assert all(ENHANCEMENTS.values())
