"""YAML as people get it wrong: refused with file, line, column and a remedy, never a traceback."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.errors import InvalidInput
from ruhrmail.source import load_document, parse_document


def parse(text: str):
    return parse_document(text, Path("issue.yaml"), "issue.yaml")


def complaints(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert all(finding.hint for finding in caught.value.findings), "every refusal says what to do"
    return [(one.rule, one.at.line, one.at.column) for one in caught.value.findings]


def load(tmp_path: Path, raw: bytes):
    path = tmp_path / "issue.yaml"
    path.write_bytes(raw)
    return load_document(path, "issues/x/issue.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a: "x\nb: 1\n', ("yaml/syntax", 1, 4)),
        ("a: 'x\nb: 1\n", ("yaml/syntax", 1, 4)),
        ('a: "C:\\dorf"\n', ("yaml/syntax", 1, 7)),
        ('a: "x\\u12"\n', ("yaml/syntax", 1, 6)),
        ('a: "x\n  \\ud800"\n', ("yaml/syntax", 2, 3)),
        ("a: {b: c\nd: e\n", ("yaml/syntax", 1, 4)),
        ("a:\n  - [b, c\nd: e\n", ("yaml/syntax", 2, 5)),
        ("a: [\n", ("yaml/syntax", 1, 4)),
        ("a: {b: [1, {c: 2}, d\ne: f\n", ("yaml/syntax", 1, 8)),
        ("a: 1\nb: 2\na: 3\n", ("yaml/duplicate-key", 3, 1)),
        ("a:\n\tb: 1\n", ("yaml/syntax", 2, 1)),
        ("a: b: c\n", ("yaml/syntax", 1, 5)),
        ('a: "Die "Halle" steht"\n', ("yaml/syntax", 1, 10)),
        ("a: @halle\n", ("yaml/syntax", 1, 4)),
        ("a: *x* y\n", ("yaml/syntax", 1, 4)),
        ("a: **x**\n", ("yaml/syntax", 1, 4)),
        ("- b: > Zitat\n", ("yaml/syntax", 1, 6)),
        ("a: [Halle](https://a.example) steht\n", ("yaml/syntax", 1, 11)),
        ("a: {b: c d: e}\n", ("yaml/syntax", 1, 11)),
        ("a: {b: [c}\n", ("yaml/syntax", 1, 8)),
        ("a: 1\nb\nc: 2\n", ("yaml/syntax", 2, 1)),
        ("a: 1\nb:2\nc: 3\n", ("yaml/syntax", 2, 2)),
        ("a:\n  -type: b\n   c: d\n", ("yaml/syntax", 2, 3)),
        ("a: b\n  c: d\n", ("yaml/syntax", 2, 3)),
        ("a:\n  - b: c\n   d: e\n", ("yaml/syntax", 3, 4)),
        ("a: ! b\n", ("yaml/tag", 1, 4)),
        ("a: 1\nb: !wichtig c\n", ("yaml/tag", 2, 4)),
        ("!wichtig a: 1\n", ("yaml/tag", 1, 1)),
        ("a: !Achtung, b\n", ("yaml/syntax", 1, 4)),
        ("a: !los! b\n", ("yaml/syntax", 1, 4)),
        ("a: 1\nb:\n  - &Co KG\n", ("yaml/anchor", 3, 5)),
        ("a: &Co\n", ("yaml/anchor", 1, 4)),
        ("a: [b, &Co]\n", ("yaml/anchor", 1, 8)),
        ("&Co KG: 1\n", ("yaml/anchor", 1, 1)),
        ("a: &x b\nc: &x d\ne: *x\n", ("yaml/anchor", 1, 4)),
        ("a: &x [&y b]\nc: *x\n", ("yaml/anchor", 1, 8)),
        ("a: &Co, KG\n", ("yaml/syntax", 1, 4)),
        ("a: &R&D b\n", ("yaml/syntax", 1, 4)),
        ("a: *fett*\n", ("yaml/syntax", 1, 4)),
        ("a: *x\n", ("yaml/alias", 1, 4)),
        ("a: &x [*x]\n", ("yaml/recursion", 1, 8)),
        ("<<: {a: 1}\n", ("yaml/merge-key", 1, 1)),
        ("a: 1\n---\nb: 1\n", ("yaml/documents", 2, 1)),
        ("a: !!python/name:os.system x\n", ("yaml/tag", 1, 4)),
        ("{[a]: b}\n", ("yaml/key", 1, 2)),
        ("", ("yaml/empty", 1, 1)),
        ("# only a comment\n", ("yaml/empty", 1, 1)),
        ("a: b\x00c\n", ("text/illegal-char", 1, 5)),
        ('a:\n  b: "\\0"\n', ("text/illegal-char", 2, 6)),
        ("a: |\n  gut\n  b\u202eöse\n", ("text/illegal-char", 3, 4)),
        ("[" * 60 + "]" * 60, ("yaml/depth", 1, 52)),
    ],
)
def test_refuses_with_rule_line_and_column(text, expected):
    assert [expected] == complaints(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a: "C:\\dorf"\n', "this backslash means nothing in double quotation marks"),
        ('a: "x\nb: 1\n', "a quotation mark is opened here and never closed"),
        ('a: "Die "Halle" steht"\n', "words stand behind the quotation mark that closes the text"),
        ("a: @halle\n", "no text can begin with @"),
        ("a: `x`\n", "no text can begin with `"),
        ("a: *x* y\n", "no text can begin with *"),
        ("a: - b\n", "no text can begin with -"),
        ("a: &Co, KG\n", "no text can begin with &"),
        ("a: &Co KG\n", "&Co would be lost: YAML takes it for an anchor, and no *Co uses it"),
        ("a: !los! b\n", "no text can begin with !"),
        ("a: | b\n", "words stand behind |, in the same line"),
        ("a: {{ greeting }},\n", "something stands behind the bracket that closes"),
        ("a: {b: c d: e}\n", "a colon stands where YAML expects plain text"),
        ("a: {b: c\n", "a bracket is opened here and never closed"),
        ("a: 1\nb\nc: 2\n", "a line without a colon stands where YAML expects a key"),
        ("a: 1\nb:2\nc: 3\n", "a space is missing behind the colon"),
        ("a:\n  -type: b\n   c: d\n", "a space is missing behind the hyphen"),
        ("a: b\n  c: d\n", "this line is indented otherwise than those it belongs to"),
        ("a:\n  - b: c\n   d: e\n", "this line is indented otherwise than those it belongs to"),
        ("%foo\n", "YAML does not understand this: found unknown directive name"),
    ],
)
def test_says_what_is_wrong_in_the_editors_words(text, expected):
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert expected == str(caught.value.findings[0].message)


def test_reads_texts_whose_quotation_marks_make_signs_harmless():
    assert parse("a: \"*x* y\"\nb: '- c'\nd: 'e: f'\n").data == {"a": "*x* y", "b": "- c", "d": "e: f"}


def test_anchors_that_aliases_use_or_that_nobody_takes_for_words_are_silent():
    assert {"a": "b", "c": ["b", "b"], "d": "e", "f": "e"} == parse("a: &x b\nc: [*x, *x]\nd: &x e\nf: *x\n").data
    assert {"a": "b", "c": ["d"], "e": {"f": "g"}} == parse('a: &x "b"\nc: &y [d]\ne: &z\n  f: g\n').data
    assert {"a": "Müller &Co", "b": "x *y"} == parse("a: Müller &Co\nb: x *y\n").data


def test_tells_every_lost_word_in_the_order_of_the_file():
    assert [("yaml/anchor", 1, 4), ("yaml/tag", 2, 4), ("yaml/anchor", 3, 4)] == complaints(
        "a: &Co KG\nb: !los c\nd: &Partner\n"
    )


def test_tells_every_duplicate_at_once():
    assert complaints("a: 1\na: 2\nb: 1\nb: 2\n") == [("yaml/duplicate-key", 2, 1), ("yaml/duplicate-key", 4, 1)]


def test_refuses_an_alias_bomb_quickly():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert complaints("\n".join(lines))[0][0] == "yaml/too-many"


def test_refuses_depth_that_aliases_pile_up():
    lines = ["a0: &a0 " + "[" * 40 + "x" + "]" * 40]
    lines += [f"a{n}: &a{n} " + "[" * 40 + f"*a{n - 1}" + "]" * 40 for n in range(1, 26)]
    assert [("yaml/depth", 2, 49)] == complaints("\n".join(lines))


@pytest.mark.parametrize(
    ("raw", "rule", "line"),
    [
        ("a: ü\n".encode("utf-16"), "yaml/encoding", 1),
        ("a: x\n".encode("utf-16-le"), "yaml/encoding", 1),
        ("a: gut\nb: übel\n".encode("cp1252"), "yaml/encoding", 2),
        ("a: gut\rb: übel\r".encode("cp1252"), "yaml/encoding", 2),
        ("a: gut\u2028\nb: ".encode() + b"\xfc", "yaml/encoding", 2),
        (b"a: " + b"x" * 10_000_000, "yaml/too-large", 1),
    ],
)
def test_refuses_other_encodings_and_huge_files(tmp_path, raw, rule, line):
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path, raw)
    assert (rule, line) == (caught.value.findings[0].rule, caught.value.findings[0].at.line)


def test_accepts_a_byte_order_mark_and_windows_line_ends(tmp_path):
    assert load(tmp_path, b"\xef\xbb\xbf" + "a: ü\r\nb:\r\n  - 1\r\n".encode()).data == {"a": "ü", "b": ["1"]}


def test_a_missing_file_is_an_error_with_its_name(tmp_path):
    with pytest.raises(InvalidInput) as caught:
        load_document(tmp_path / "none.yaml", "none.yaml")
    assert caught.value.findings[0].at.file == "none.yaml"


def test_resolves_no_scalars():
    data = parse("a: no\nb: 12:30\nc: 04103\nd: 1.400\ne: 2026-11-06\nf: ~\ng:\nh: null\ni: 'null'\n").data
    assert data == {
        "a": "no", "b": "12:30", "c": "04103", "d": "1.400", "e": "2026-11-06", "f": None, "g": None, "h": None,
        "i": "null",
    }  # fmt: skip


def test_accepts_anchors_and_addresses_with_question_marks():
    data = parse("a: &x {url: https://x.example/a?b=c}\nb: *x\n").data
    assert data == {"a": {"url": "https://x.example/a?b=c"}, "b": {"url": "https://x.example/a?b=c"}}


@pytest.mark.parametrize("sign", "\x85\u2028\u2029")
def test_a_line_end_of_word_processors_is_a_space_and_moves_no_place(sign):
    assert {"a": "eins zwei", "b": "drei vier\n"} == parse(f"a: eins{sign}zwei\nb: |\n  drei{sign}vier\n").data
    assert [("yaml/duplicate-key", 2, 1)] == complaints(f'a: "x{sign}y"\na: 1\n')


def test_finds_a_word_inside_a_literal_block():
    document = parse("content:\n  - text: |\n      eins\n\n      zwei drei\n")
    text = document.get(("content", 0, "text"))
    at = document.at_word(("content", 0, "text"), text.index("drei"))
    assert (at.line, at.column, at.excerpt) == (5, 12, "      zwei drei")


@pytest.mark.parametrize(
    "line",
    ["url: smtp://me:hunter2hunter2@relay.example:587", "password: hunter2hunter2", '{token: "hunter2hunter2"}'],
)
def test_masks_secrets_in_excerpts(line):
    document = parse(line + "\n")
    assert "hunter2" not in document.at_value(()).excerpt


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_document_or_a_refusal(text):
    try:
        parse(text)
    except InvalidInput as error:
        lines = text.count("\n") + text.count("\r") + 1
        assert all(1 <= finding.at.line <= lines and finding.at.column >= 1 for finding in error.findings)


def test_a_line_as_long_as_a_book_is_excerpted_at_once():
    document = parse("a: '" + "://a:" * 150_000 + "'\nb: 'x'\n")
    assert (2_000, 1) == (len(document.at_value(("a",)).excerpt), document.at_value(("a",)).line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{url: "smtp://ada:geheim123456@relay.example", a: 1, a: 2}', "a: 2}"),
        ("{a: 1, a: 2, password: geheim}", "a: 2, password: ***"),
        ("{b: x, a: 1, a: 2}", "a: 2}"),
    ],
)
def test_the_caret_stands_at_its_place_in_a_line_whose_secrets_are_masked(line, expected):
    with pytest.raises(InvalidInput) as caught:
        parse(line)
    at = caught.value.findings[0].at
    assert line.rindex("a:") + 1 == at.column
    assert expected == at.excerpt[at.caret :]
