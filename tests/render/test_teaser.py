"""Teasers: cut between words, without markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.render.prose import render_prose
from ruhrmail.render.teaser import shorten


@pytest.mark.parametrize(
    ("text", "language", "length", "expected"),
    [
        ("Kurz.", "de", 5, "Kurz."),
        ("Eins\n\nZwei & <drei>", "de", 18, "Eins Zwei & <drei>"),
        ("- eins\n- zwei", "de", 9, "eins zwei"),
        ("Ein [Weg](https://a.example/lang) am Kanal", "de", 12, "Ein Weg am\u00a0…"),
        ("Eins zwei, drei vier", "de", 12, "Eins zwei\u00a0…"),
        ("Eins zwei, drei vier", "en", 12, "Eins zwei…"),
        ("Donaudampfschifffahrt", "de", 12, "Donaudampfsc…"),
    ],
)
def test_cut_between_two_words(text, language, length, expected):
    assert expected == shorten(render_prose(text, language)[0], language, length)


@given(
    st.lists(st.sampled_from(["Haus", "und", "Kanal,", "–", "sehr", "*kurz*", "[x](https://a.example)"]), min_size=1)
)
def test_never_longer_than_asked_for(words):
    prose, _ = render_prose(" ".join(words), "de")
    assert len(shorten(prose, "de", 40)) <= 42
