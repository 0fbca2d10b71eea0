"""Every rule has a whole page in both languages, and the German ones are German."""

import re

import pytest

from ruhrmail.check import RULES
from ruhrmail.flows.explain import page_of
from ruhrmail.model.finding import names_of
from ruhrmail.rulebook import Page, heading_of, read_entries, read_rulebook, topics

DOCSTRINGS = {rule.id for rule in RULES}
RULE_IDS = [name for name in read_rulebook() if names_of(name)[-1] == name]
"""All features of mail clients have one page."""
ENTRIES = {name: entry for topic in topics() for name, entry in read_entries(topic).items()}
PAGES: dict[str, Page] = {name: page for name in RULE_IDS if (page := page_of(name, "de"))}
TEXTS = {"title", "why", "remedy"}

CODE = re.compile(r"`[^`]*`|https?://\S+")
ENGLISH = re.compile(r"\b(the|and|of|with|without|is|are|that|this|or|not|from|write|mend|nobody|where|which)\b", re.I)
NO_UMLAUT = re.compile(
    r"\b(?:fuer|ueber|koenn|moeg|waer|haett|muess|wuerd|naech|laess|loesch|schluess|groess|aender|pruef|gruen|hoech"
    r"|oeffn|waehl|erklaer|ungueltig|gueltig|zurueck|spaet|stoer|ausser|heiss)\w*|�",
    re.I,
)
STRAIGHT = re.compile(r"[\"']| - | -- |\.\.\.|“[^“„]*”")
SENTENCES = re.compile(r"(?:[A-ZÄÖÜ„`§]|ruhrmail ).*[.?“]")
NAMED_FILE = re.compile(r"# (?!ruhrmail: |templates/|ruhrmail\.yaml|subscribers)(.*)")


def where(name: str) -> str:
    """What a failing test says: the file to open and what to write there."""
    file = f"ruhrmail/locales/rules/{name.partition('/')[0]}.yaml"
    return (
        f"{name} has no whole German page. Write it into {file} and run python tools/make_rules.py:\n\n"
        "topic: …                # once in each file: what the topic is called in German\n\n"
        f"{name}:\n  de:\n    title: Was gefunden wurde, ein Satz.\n    why: Warum das schadet, ein bis drei Sätze.\n"
        "    remedy: Was zu tun ist, mit „Sie“.\n    bad: |              # bad and good only where the docstring's "
        "hold English words\n"
    )


def prose(page: Page) -> str:
    """What of a page is running text."""
    return CODE.sub("Kode", "\n".join((page.title, page.why, page.remedy)))


@pytest.mark.parametrize("name", RULE_IDS)
def test_every_rule_has_a_german_page(name):
    assert name in ENTRIES, where(name)
    assert TEXTS <= ENTRIES[name].de.keys() <= {*TEXTS, "bad", "good"}, where(name)
    assert all(text.strip() for text in ENTRIES[name].de.values()), where(name)


def test_every_rule_without_a_docstring_says_why_in_english():
    silent = [name for name in ENTRIES.keys() - DOCSTRINGS if not ENTRIES[name].en.get("why")]
    assert [] == silent, "write `en: {why: …}` beside the German page"


def test_english_pages_are_whole_too():
    pages = {name: page_of(name, "en") for name in RULE_IDS}
    assert [] == [name for name, page in pages.items() if not page or not page.title.endswith(".") or not page.remedy]
    assert [] == [name for name, entry in ENTRIES.items() if entry.en.keys() - TEXTS]


def test_no_page_is_left_over():
    assert set() == ENTRIES.keys() - set(RULE_IDS)


def test_every_page_stands_in_the_file_of_its_topic():
    strays = [(topic, name) for topic in topics() for name in read_entries(topic) if name.partition("/")[0] != topic]
    assert [] == strays


def test_every_topic_has_a_german_name():
    assert [] == [topic for topic in topics() if not heading_of(topic)]


def test_what_a_docstring_says_is_not_written_twice():
    doubled = [name for name in DOCSTRINGS & ENTRIES.keys() if ENTRIES[name].en or ENTRIES[name].bad]
    assert [] == doubled


def test_an_example_is_never_alone():
    assert [] == [name for name, page in PAGES.items() if bool(page.bad) != bool(page.good)]


@pytest.mark.parametrize("name", PAGES)
def test_german_pages_are_german(name):
    page = PAGES[name]
    comments = "\n".join(NAMED_FILE.findall(f"{page.bad}\n{page.good}"))
    assert [] == ENGLISH.findall(prose(page))
    assert [] == ENGLISH.findall(CODE.sub("", comments))
    assert [] == NO_UMLAUT.findall(prose(page) + comments)


@pytest.mark.parametrize("name", PAGES)
def test_german_pages_have_whole_sentences_and_german_signs(name):
    page = PAGES[name]
    texts = (page.title, page.why, page.remedy)
    assert [] == STRAIGHT.findall(prose(page))
    assert [] == [text for text in texts if not SENTENCES.fullmatch(text)]
    assert prose(page).count("„") == prose(page).count("“")
    assert [] == [text for text in texts if text.count("`") % 2]


@pytest.mark.parametrize("text", ["Löschen Sie the comment.", "Fuer jede Zeile.", 'Ein "Wort".', "Erst - dann."])
def test_what_is_no_german_is_noticed(text):
    assert any(pattern.search(text) for pattern in (ENGLISH, NO_UMLAUT, STRAIGHT))


def test_the_page_of_no_rule_is_none():
    assert (None, None) == (page_of("img/mising", "de"), page_of("../de", "en"))
