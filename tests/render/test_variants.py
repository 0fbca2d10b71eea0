"""Variants rendered: what readers with these tags see, and what everybody does."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.errors import InvalidInput
from ruhrmail.model.blocks import Text
from ruhrmail.model.merge import fill
from ruhrmail.model.variants import TooManyVariants, find_variants

TAGS = ("bau", "kultur", "stadt", "wirtschaft")
LISTS = st.lists(st.sampled_from(TAGS), max_size=2, unique=True)
BLOCKS = st.lists(st.fixed_dictionaries({"only_for": LISTS, "not_for": LISTS}), min_size=1, max_size=4)
WORDS = ("Apfelbaum", "Birkenwald", "Chausseestein", "Dachziegel")
FOR_ALL = "  - {type: text, text: Für alle}\n"


def blocks_of(conditions):
    return [{"type": "text", "text": word, **one} for word, one in zip(WORDS, conditions, strict=False)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BLOCKS, st.lists(LISTS, min_size=1, max_size=4))
def test_every_reader_sees_exactly_the_blocks_whose_conditions_hold(render_all, conditions, readers):
    blocks = blocks_of(conditions)
    content = FOR_ALL + "".join(f"  - {json.dumps(block)}\n" for block in blocks)
    editions = {one.variant: one for one in render_all(content)}
    written = [Text(**block) for block in blocks]
    rule = find_variants(block.condition for block in written)
    assert list(rule.names.values()) == list(editions)
    for tags in readers:
        edition = editions[rule.choose([tag.title() for tag in tags])]
        expected = [block.text for block in written if block.seen_with(tags)]
        assert expected == [word for word in WORDS if word in fill(edition.html, str)]
        assert expected == [word for word in WORDS if word in fill(edition.text, str)]
    public = [block.text for block in written if not block.only_for and not block.not_for]
    assert {tuple(public)} == {tuple(word for word in WORDS if word in one.web) for one in editions.values()}


def test_what_is_public_is_the_same_in_all_editions(render_all):
    content = (
        FOR_ALL + "  - {type: image, src: wide.jpg, alt: Eins, only_for: kultur}\n"
        "  - {type: article, layout: card, title: Karte, image: {src: wide.jpg, alt: Zwei}}\n"
        "  - {type: article, layout: card, title: Karte, only_for: stadt}\n"
    )
    editions = render_all(content)
    assert ["", "kultur", "stadt", "kultur+stadt"] == [one.variant for one in editions]
    assert 1 == len({(one.web, one.assets, one.files) for one in editions})
    assert 2 == len(editions[0].assets), "the card is wide where it stands alone"


def test_an_anchor_stays_whoever_looks(render_all):
    content = (
        "  - {type: article, title: Weg, only_for: kultur}\n  - {type: article, title: Weg}\n"
        "  - {type: article, title: Weg, not_for: kultur}\n"
    )
    editions = render_all(content)
    assert {'id="weg-2"'} == {one for one in ('id="weg"', 'id="weg-2"', 'id="weg-3"') if one in editions[0].web}


def test_dates_for_some_are_linked_from_their_mail_alone_under_a_name_nobody_guesses(render_all):
    content = (
        "  - {type: events, events: [{title: Fest, start: 2026-11-21}]}\n"
        "  - {type: events, events: [{title: Empfang, start: 2026-11-22}], only_for: kultur}\n"
    )
    everybody, some = render_all(content)
    names = [file.name for file in everybody.files]
    assert ("fest.ics", "termine.ics") == (names[0], names[2])
    hidden = names[1]
    assert hidden.startswith("empfang-") and len(hidden) == len("empfang-.ics") + 12
    assert [False, True] == [hidden in fill(one.html, str) for one in (everybody, some)]
    assert hidden not in some.web
    assert b"Empfang" not in everybody.files[2].content and b"Empfang" in everybody.files[1].content


def test_a_story_for_some_has_a_page_that_nothing_public_leads_to(render_all):
    content = (
        "  - {type: article, title: Erste, body: Für alle.}\n"
        "  - {type: article, id: geheim, title: Mitte, body: Für einige., only_for: kultur}\n"
        "  - {type: article, title: Letzte, body: Auch für alle.}\n"
    )
    everybody, some = render_all(content)
    pages = {file.name: file.content.decode() for file in everybody.files}
    [hidden] = [name for name in pages if name.startswith("geheim-")]
    assert len(hidden) == len("geheim-.html") + 12 and "Für einige." in pages[hidden]
    assert [False, True] == [hidden in fill(one.html, str) for one in (everybody, some)]
    assert not [name for name, page in pages.items() if name != hidden and hidden in page]
    assert hidden not in everybody.web and 'href="letzte.html"' in pages["erste.html"]


def test_dates_on_an_articles_page_have_calendars_too(render_all):
    [edition] = render_all(
        "  - type: article\n    title: Weg\n    body:\n"
        "      - {type: events, events: [{title: Fest, start: 2026-11-21}]}\n"
        "      - {type: events, events: [{title: Nie, start: 2026-11-21}], only_for: kultur}\n"
    )
    files = {file.name: file.content.decode() for file in edition.files}
    assert ["weg.html", "fest.ics", "termine.ics"] == list(files)
    assert 'href="fest.ics"' in files["weg.html"]


def test_a_mistake_in_a_block_for_some_is_told_once_at_its_line(render_all):
    content = (
        "  - {type: text, text: 'A', not_for: stadt}\n"
        "  - {type: text, text: '[x](foo)', only_for: kultur}\n  - {type: text, text: B}\n"
    )
    with pytest.raises(InvalidInput) as caught:
        render_all(content)
    assert [("link/relative", 7)] == [(one.rule, one.at.line) for one in caught.value.findings]


MISTAKES = {
    "too many": ("".join(f"  - {{type: text, text: A, only_for: t{n}}}\n" for n in range(6)), 5, "error"),
    "empty for the rest": ("  - {type: text, text: A, only_for: [a, b]}\n", 5, "error"),
    "empty for some": ("  - {type: text, text: A, not_for: a}\n", 5, "error"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_variants_that_nobody_can_want_are_refused(render_all, name):
    content, line, severity = MISTAKES[name]
    with pytest.raises(InvalidInput) as caught:
        render_all(content)
    assert [("schema/variants", line, severity)] == [
        (one.rule, one.at.line, one.severity) for one in caught.value.findings
    ]


@pytest.mark.parametrize("tags", ["'neue mitglieder'", "['a;b']", "''", "[' ']"])
def test_a_tag_that_no_reader_can_have_is_refused(render_all, tags):
    with pytest.raises(InvalidInput):
        render_all(f"{FOR_ALL}  - {{type: text, text: A, only_for: {tags}}}\n")


def test_several_tags_may_stand_in_one_line(render_all):
    editions = render_all(f"{FOR_ALL}  - {{type: text, text: A, only_for: 'Stadt, kultur'}}\n")
    assert ["", "kultur"] == [one.variant for one in editions]


def test_thirty_tags_that_no_two_blocks_share_raise_no_walk_over_all_sets():
    tags = [f"t{number}" for number in range(30)]
    with pytest.raises(TooManyVariants):
        find_variants(Text(type="text", text="x", only_for=tag).condition for tag in tags)
