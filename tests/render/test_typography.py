"""Typography: what is set, and what is left alone."""

import pytest

from ruhrmail.render.typography import typeset


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ('Er sagte "ja".', "Er sagte „ja“."),
        ("Er sagte \"sie rief 'ja'\".", "Er sagte „sie rief ‚ja‘“."),
        ("'Kurz' gesagt", "‚Kurz‘ gesagt"),
        ("wie geht's", "wie geht’s"),
        ("'n Bier, '68er, Hans' Rad", "’n Bier, ’68er, Hans’ Rad"),
        ("Essen - Hamm", "Essen – Hamm"),
        ("Essen -- Hamm", "Essen – Hamm"),
        ("Halle-Ost", "Halle-Ost"),
        ("und so ...", "und so …"),
        ("(R)UHRZEIT (c) (tm) +-", "(R)UHRZEIT (c) (tm) +-"),
        ("Akteur*innen", "Akteur*innen"),
        ('27" breit', '27" breit'),
        ('("so")', "(„so“)"),
        ("https://a.example/it's...x", "https://a.example/it's...x"),
        ("Grund\\-stück", "Grund\u00adstück"),
        ("„schon gesetzt“", "„schon gesetzt“"),
    ],
)
def test_german(plain, printed):
    assert typeset(plain, "de") == printed


@pytest.mark.parametrize(
    ("plain", "printed"),
    [("She said \"it's 'fine'\"", "She said “it’s ‘fine’”"), ("'Tis the '90s", "’Tis the ’90s")],
)
def test_english(plain, printed):
    assert typeset(plain, "en") == printed


@pytest.mark.parametrize("word", ["a" * 99_000, "a." * 49_000, "a@" * 49_000, "www." * 24_000])
def test_a_word_as_long_as_a_book_is_set_without_delay(word):
    assert f"’{word}" == typeset(f"'{word}", "de")
