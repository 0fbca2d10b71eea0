"""The index of the search: which words are in it, where they lead, and how much they count."""

import json

import pytest

from ruhrmail.archive.search import fold_words, write_search


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Größe", ["groesse"]),
        ("GRÖSSE", ["groesse"]),
        ("Gro\u0308ße", ["groesse"]),
        ("Café", ["cafe"]),
        ("E-Mail-Adresse", ["emailadresse", "e", "mail", "adresse"]),
        ("Akteur*innen", ["akteurinnen", "akteur", "innen"]),
        ("(R)UHRZEIT", ["r", "uhrzeit"]),
        ("1.400 m²", ["1400", "1", "400", "m²"]),
        ("– … „“", []),
    ],
)
def test_words_are_folded_as_people_type_them(text, words):
    assert words == list(fold_words(text))


def test_every_word_of_every_page_leads_to_its_page(masthead, leaf):
    files = write_search(masthead, [leaf()])
    documents = json.loads(files["search/documents.json"])
    assert ["archive/2026-11/", "archive/2026-11/bauen.html"] == [one[0] for one in documents["documents"]]
    assert {"halle": [0, 12]}.items() <= json.loads(files["search/index/h.json"]).items()
    assert {"strassenbahn": [0, 1]}.items() <= json.loads(files["search/index/s.json"]).items()
    assert [1, 1] == json.loads(files["search/index/e.json"])["emailadresse"]
    assert {f"search/index/{piece}.json" for piece in documents["pieces"]} == set(files) - {"search/documents.json"}


def test_a_title_counts_more_than_the_text(masthead, leaf):
    texts = {"": "nichts", "bauen.html": "groesser Größer"}
    words = json.loads(write_search(masthead, [leaf(texts=texts)])["search/index/g.json"])
    assert [1, 14] == words["groesser"]


def test_newer_pages_come_first(masthead, leaf):
    older = leaf("2025-11", leaf().date.replace(year=2025))
    documents = json.loads(write_search(masthead, [older, leaf()])["search/documents.json"])["documents"]
    assert ["archive/2026-11/", "archive/2025-11/"] == [one[0] for one in documents if one[0].endswith("/")]
