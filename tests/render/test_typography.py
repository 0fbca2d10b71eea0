"""Typography: what is set, and what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.render.prose import render_prose
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
        ('"Erst" `x = "a" -- z.B. 5 km...`, dann "so"', '„Erst“ `x = "a" -- z.B. 5 km...`, dann „so“'),
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


@pytest.mark.parametrize(
    "word", ["a" * 99_000, "`a" * 49_000, "``" * 49_000, "a." * 49_000, "a@" * 49_000, "www." * 24_000]
)
def test_a_word_as_long_as_a_book_is_set_without_delay(word):
    assert f"’{word}" == typeset(f"'{word}", "de")


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("z. B. und z.B., d. h., u. a., o. Ä., i. d. R.", "z._B. und z._B., d._h., u._a., o._Ä., i._d._R."),
        ("Z. B. hier, u.a.m. und E. V. B.", "Z._B. hier, u.a.m. und E._V. B."),
        ("Dr. h. c. mult. und Prof. Dr. Meier", "Dr._h._c._mult. und Prof._Dr.~Meier"),
        ("10 km, 5 %, 20 °C, 30 Mio. Euro, 8 Uhr", "10_km, 5_%, 20_°C, 30_Mio._Euro, 8_Uhr"),
        ("5 meine, 3 Kilo", "5 meine, 3 Kilo"),
        ("§ 5 Abs. 3 Nr. 7, S. 12, Art. 6", "§_5 Abs._3 Nr._7, S._12, Art._6"),
        ("10-12 Uhr, 8:30-10:30 Uhr, 2,5-3 kg, 3-4 Personen", "10–12_Uhr, 8:30–10:30_Uhr, 2,5–3_kg, 3–4 Personen"),
        ("1990-1995 und S. 12-15", "1990–1995 und S._12–15"),
        ("10.-12. Dezember, 3. und 4. Mai, am 7. Sept.", "10.–12.~Dezember, 3. und 4.~Mai, am 7.~Sept."),
        ("Version 3. Maibaum, im 2. Jahr, Mo., 3. 4.", "Version 3. Maibaum, im 2. Jahr, Mo., 3. 4."),
        ("Dr. Arıkan, St. Josef, Dr. 5, Hof-St. Veit", "Dr.~Arıkan, St.~Josef, Dr. 5, Hof-St. Veit"),
        ("2026-11, 2026-11-06, 0201 123-45, 45128-45130", "2026-11, 2026-11-06, 0201 123-45, 45128-45130"),
        ("ISBN 978-3-16-148410-0, DIN-A4, 3-1, HRB 12-14", "ISBN 978-3-16-148410-0, DIN-A4, 3-1, HRB 12-14"),
        ("Tel. 0201 10-12 km", "Tel. 0201 10-12_km"),
        ("https://a.example/10-12...%20z.B. z.B.", "https://a.example/10-12...%20z.B. z._B."),
        ("x.z.B.y@a.example", "x.z.B.y@a.example"),
    ],
)
def test_spaces_and_ranges_in_german(plain, printed):
    assert printed == typeset(plain, "de").replace("\u202f", "_").replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("10 km, 5 million, 9 am, 5 %", "10_km, 5_million, 9_am, 5 %"),
        ("p. 12, pp. 3-5, No. 7", "p._12, pp._3–5, No._7"),
        ("9:30-11 am - at 2-3 pm", "9:30–11_am – at 2–3_pm"),
        ("e.g. this, i.e. that, z.B.", "e.g. this, i.e. that, z.B."),
        ("14 November, the 3rd May, 5 Maybe, 5 Marchers", "14~November, the 3rd~May, 5 Maybe, 5 Marchers"),
        ("Dr. Smith, Mrs. Jones", "Dr.~Smith, Mrs.~Jones"),
    ],
)
def test_spaces_and_ranges_in_english(plain, printed):
    assert printed == typeset(plain, "en").replace("\u202f", "_").replace("\u00a0", "~")


def test_words_are_held_together_over_a_line_end_and_markup():
    prose, _ = render_prose("z.\nB. 30\nMio. **Euro** oder\nnicht", "de")
    assert "z.\u202fB. 30\u202fMio.\u202f<strong>Euro</strong> oder nicht" in prose.html


PARTS = [
    "z.",
    "B.",
    "z.B.",
    "10",
    "12",
    "5",
    "2026",
    "1995",
    "%",
    "km",
    "Uhr",
    "Mio.",
    "Euro",
    "§",
    "Abs.",
    "Nr.",
    "S.",
    "...",
    "…",
    '"',
    "'",
    "„",
    "“",
    "-",
    "--",
    "www.",
    "https://",
    "a@b.example",
    "@",
    "Dr.",
    "h.",
    "c.",
    "mult.",
    "x",
    ".",
    ",",
    "°C",
    "\\-",
    "\\",
    "ä",
    "pp.",
    "am",
    ":",
    "Dezember",
    "10.",
    "November",
    "3rd",
    "\"'",
    "<",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from([*PARTS, " ", " ", "  ", "\n", "\u202f", "\u00a0"]), st.characters()), max_size=20
).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, language=st.sampled_from(["de", "en"]))
def test_setting_what_is_set_changes_nothing_and_no_letter_is_lost(text, language):
    done = typeset(text, language)
    assert done == typeset(done, language)
    assert [sign for sign in text if sign.isalnum()] == [sign for sign in done if sign.isalnum()]
