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


def read(files):
    """The list of documents, and the words of all pieces."""
    calls = {path: json.loads(f"[{content.decode()[len('foundInArchive(') : -3]}]") for path, content in files.items()}
    _, listed = calls.pop("search/documents.js")
    assert {f"search/index/{name}.js" for name in listed["pieces"].values()} == set(calls)
    assert all(path == f"search/index/{name}.js" for path, (name, _) in calls.items())
    return listed["documents"], {word: found for _, piece in calls.values() for word, found in piece.items()}


def test_every_word_of_every_page_leads_to_its_page(masthead, leaf):
    documents, words = read(write_search(masthead, [leaf()]))
    assert ["archive/2026-11/bauen.html", "archive/2026-11/"] == [one[0] for one in documents]
    assert {"halle": [1, 12], "strassenbahn": [1, 1], "emailadresse": [0, 1]}.items() <= words.items()


def test_a_title_counts_more_than_the_text(masthead, leaf):
    texts = {"": "nichts", "bauen.html": "groesser Größer"}
    assert [0, 14] == read(write_search(masthead, [leaf(texts=texts)]))[1]["groesser"]


def test_a_new_issue_leaves_the_numbers_of_older_ones(masthead, leaf):
    older = leaf("2025-11", leaf().date.replace(year=2025))
    before, after = (read(write_search(masthead, leaves))[0] for leaves in ([older], [leaf(), older]))
    assert before == after[: len(before)] and len(before) < len(after)


def test_a_list_never_meets_a_piece_of_another_day(masthead, leaf):
    """What a piece holds is in its name."""
    one, other = (write_search(masthead, [leaf(texts={"": text})]) for text in ("Halle", "Halde"))
    assert all(one[path] == other[path] for path in one.keys() & other.keys() - {"search/documents.js"})
    assert one.keys() != other.keys()
