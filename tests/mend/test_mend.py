"""Mending an issue's file changes how things are written, never what they say."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.errors import InvalidInput
from ruhrmail.mend import Typography, mend
from ruhrmail.mend.lines import is_date, plain
from ruhrmail.mend.prose import PROSE
from ruhrmail.model.dates import read_when
from ruhrmail.render import set_quotes, show_markdown, show_plain
from ruhrmail.source import parse_document
from ruhrmail.source.scalars import find_scalars


def typography(language="de"):
    return Typography(
        lambda text: set_quotes(text, language),
        lambda text: show_plain(text, language),
        lambda text: show_markdown(text, language),
    )


def mended(text, language="de"):
    return mend(parse_document(text, Path("x.yaml"), "x.yaml"), text, typography(language)).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title: Der "Ring" kommt', "title: Der „Ring“ kommt"),
        ('title: "Der \\"Ring\\" kommt"', 'title: "Der „Ring“ kommt"'),
        ("title: 'Geht''s \"gut\"?'", "title: 'Geht’s „gut“?'"),
        ("title: Halle -- Süd", "title: Halle – Süd"),
        ("title: Halle  Süd", "title: Halle Süd"),
        ("title: Halle   # so  oder -- so  ", "title: Halle   # so  oder -- so  "),
        ("title: Halle  ", "title: Halle"),
        ("title: Halle  Süd  # ein  \"Wort\"", "title: Halle Süd  # ein  \"Wort\""),
        ("date: 6.11.2026", "date: 2026-11-06"),
        ("start: '21.11.2026, 10.30 Uhr'", "start: '2026-11-21T10:30'"),
        ("end: 31.12.2026 9 Uhr", "end: 2026-12-31T09:00"),
        ('text: |\n  "Eins"\n  zwei  \n  drei \n\n  vier  \n', "text: |\n  „Eins“\n  zwei  \n  drei\n\n  vier\n"),
        ('text: >-\n  Er: "Eins\n  zwei"\n', "text: >-\n  Er: „Eins\n  zwei“\n"),
        ('text: siehe [a "b"](https://x.example "T  t")', 'text: siehe [a „b“](https://x.example "T  t")'),
        ("a: &x\n  title: Halle -- Süd\nb: *x", "a: &x\n  title: Halle -- Süd\nb: *x"),
    ],
)  # fmt: skip
def test_mends(old, new):
    assert new == mended(old)


def test_english_has_its_own_quotation_marks():
    assert "title: The “Ring”" == mended('title: The "Ring"', "en")


@pytest.mark.parametrize(
    "text",
    [
        "src: halle  süd--neu.jpg",
        'url: https://x.example/?q="a"--b',
        'text: siehe https://x.example/a--b?q="1"',
        'text: "an {{ company or \\"Ihr  Haus\\" }}"',
        'text: Code `"a"  -- b` bleibt',
        'text: 5\\" und 3" hoch',
        "date: 31.02.2026",
        "date: |\n  6.11.2026\n",
        "number: 1  2",
        "title: a---b--c - d",
        'text: |\n  -   "offen\n\n  -  zu',
        "text: |2\n    Halle  Süd\n",
        'text: "a\u2028 b  c"',
        "# x  \n\ntitle: a\n#  \n",
        '"title": x',
        "title: ' '",
    ],
)
def test_leaves_alone(text):
    assert text == mended(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end):
    old = f"# a  {end}title: 'a \"b\"'{end}text: |{end}  c  d{end}"
    assert f"# a  {end}title: 'a „b“'{end}text: |{end}  c d{end}" == mended(old)


def test_one_value_that_cannot_be_mended_keeps_no_other_from_it():
    unsafe = 'text: |\n  Er sagte *"Hallo" und* "ja  -- nein\n'
    values = [f"title: a  {number}" for number in range(9)]
    text = "x:\n" + "".join(f"  - {{{value}}}\n" for value in values) + unsafe
    new = mended(text)
    assert [f"  - {{title: a {number}}}" for number in range(9)] == new.splitlines()[1:10]


def test_a_file_that_is_mended_in_all_places_names_its_lines():
    text = "date: 6.11.2026\ntitle: a\ntext: |\n  b  c \n"
    edits = mend(parse_document(text, Path("x.yaml"), "x.yaml"), text, typography()).edits
    assert [(0, "dates"), (3, "spaces"), (3, "trailing")] == [(edit.line, edit.kind) for edit in edits]


@pytest.mark.parametrize("slug", ["2026-10", "2026-11"])
def test_a_real_issue_written_on_a_typewriter_becomes_what_it_was(slug):
    issue = (Path(__file__).parents[2] / "issues" / slug / "issue.yaml").read_text(encoding="utf-8")
    typed = issue.translate(str.maketrans("„“", '""')).replace(" – ", " -- ")
    assert issue == mended(issue)
    assert typed != issue == mended(typed)


WORDS = st.sampled_from(
    ['"', "'", '\\"', "''", "--", "-", " ", "  ", "   ", "a", "Wort", "*", "**", "`", "[x](", "](https://x.example ",
     ")", "https://x.example/a--b", "{{ name }}", '{{ name or "du  da" }}', "{{", "}}", "\n", "  \n", "\n\n", "\n- ",
     "\n  -   ", "# ", " #", ":", ": ", "„", "“", "’", "–", "5", "10  km", "\\", "\u00a0", "&", "<a>", "...", "!"]
)  # fmt: skip
TEXT = st.lists(WORDS, max_size=14).map("".join)
KEYS = st.sampled_from(["title", "text", "body", "url", "src", "date", "start", "role", "x"])
DATES = st.sampled_from(["6.11.2026", "21. 11. 2026", "'21.11.2026, 10 Uhr'", "2026-11-06", "32.1.2026", "6.11.26"])


def indented(text):
    return "".join(f"\n    {line}" if line.strip() else f"\n{line}" for line in text.split("\n"))


def quoted(text):
    return '"' + re.sub(r'(?<!\\)"', '\\"', text) + '"'


VALUE = st.one_of(
    TEXT,
    TEXT.map(lambda text: f"|{indented(text)}"),
    TEXT.map(lambda text: f">-{indented(text)}"),
    TEXT.map(quoted),
    TEXT.map(lambda text: f"'{text}'"),
    DATES,
)
LINE = st.one_of(
    st.tuples(KEYS, VALUE).map(lambda pair: f"  {pair[0]}: {pair[1]}"),
    TEXT.map(lambda text: "# " + text.replace("\n", "")),
    st.sampled_from(["", "   ", "  - a"]),
)
FILES = st.lists(LINE, min_size=1, max_size=5, unique_by=lambda line: line.split(":")[0]).map("\n".join)


def read(text):
    try:
        return parse_document(text, Path("x.yaml"), "x.yaml")
    except InvalidInput:
        return None


@settings(max_examples=600, deadline=None)
@given(FILES)
def test_mending_twice_is_mending_once_and_says_the_same(text):
    before = read(text)
    if before is None:
        return
    new = mended(text)
    assert new == mended(new)
    after = read(new)
    assert after is not None
    assert before.marks.keys() == after.marks.keys()
    for keys in before.marks:
        old_value, new_value = before.get(keys), after.get(keys)
        if old_value == new_value or not isinstance(old_value, str):
            continue
        if is_date(keys):
            assert read_when(old_value) == read_when(new_value)
        else:
            assert keys[-1] in PROSE
            assert plain(old_value) == plain(new_value)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_comments_and_the_number_of_lines_stay(text):
    if read(text) is None:
        return
    old, new = text.split("\n"), mended(text).split("\n")
    assert len(old) == len(new)
    inside = {row for one in find_scalars(read(text).lines) for row in range(one.start[0], one.end[0] + 1)}
    comments = [row for row, line in enumerate(old) if line.startswith("#") and row not in inside]
    assert [old[row] for row in comments] == [new[row] for row in comments]
