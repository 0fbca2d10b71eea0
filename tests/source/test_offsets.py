"""Characters of values at their places in the file, whatever style YAML writes them in."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.source import load_document

WORDS = st.lists(
    st.text("abcäß'\"\\:#{}[],&*!|>%@x1 ", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=9
)


def place(tmp_path, written, keys, word):
    path = tmp_path / "issue.yaml"
    path.write_text(written, encoding="utf-8")
    document = load_document(path, "issue.yaml")
    location = document.at_word(keys, document.get(keys).index(word))
    return location.line, location.column


def test_a_folded_block(tmp_path):
    assert (4, 3) == place(tmp_path, "text: >\n  Eine Fahrt\n  nach Hamm,\n  Herne und\n", ("text",), "Herne")


def test_a_folded_block_of_paragraphs(tmp_path):
    written = "text: >-\n  Eins zwei\n\n  drei\n    mehr\n  vier fünf\n"
    assert (6, 8) == place(tmp_path, written, ("text",), "fünf")


def test_plain_over_lines(tmp_path):
    assert (2, 9) == place(tmp_path, "text: Eine Fahrt\n  nach  Hamm\nmore: x\n", ("text",), "Hamm")


def test_single_quotation_marks(tmp_path):
    written = "text: 'Ulla''s\n  ''K'' Kiosk'\n"
    assert (2, written.split("\n")[1].index("Kiosk") + 1) == place(tmp_path, written, ("text",), "Kiosk")


def test_a_text_on_one_line_is_placed_where_it_begins(tmp_path):
    assert (1, 7) == place(tmp_path, "text: 'Ulla''s Kiosk'\n", ("text",), "Kiosk")


def test_double_quotation_marks_with_escapes_and_joined_lines(tmp_path):
    written = 'text: "Gr\\u00fc\\xdfe\\n \\"aus\\" Her\\\n    ne und Hamm"\n'
    assert (2, written.split("\n")[1].index("Hamm") + 1) == place(tmp_path, written, ("text",), "Hamm")


def test_a_word_right_behind_a_line_end(tmp_path):
    assert (2, 3) == place(tmp_path, "text: 'Eine\n  Fahrt'\n", ("text",), "Fahrt")


@given(WORDS, st.sampled_from(["'", '"', ""]), st.integers(20, 60))
def test_words_are_found_where_they_are_written(tmp_path_factory, words, style, width):
    text = " ".join([*words, "ZIEL", "ende"])
    written = yaml.dump({"text": text}, default_style=style or None, allow_unicode=True, width=width)
    line, column = place(tmp_path_factory.mktemp("yaml"), written, ("text",), "ZIEL")
    found = written.split("\n")[line - 1]
    assert "ZIEL" in found and (line == 1 or found[column - 1 :].startswith("ZIEL"))
