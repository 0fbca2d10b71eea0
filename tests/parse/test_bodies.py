"""Bodies of articles: their pictures are checked at the line of the word, and merge fields have no place in them."""

import pytest

from ruhrmail.errors import InvalidInput
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.parse import load_issue

HEAD = "date: 2026-11-06\nsubject: Licht\npreheader: Vier Termine\ncontent:\n  - type: article\n    title: Weg\n"


@pytest.fixture
def load(tmp_path):
    """Reads an issue whose only article has this body."""
    folder = tmp_path / "issues" / "x"
    folder.mkdir(parents=True)
    for name in ("da.jpg", "große halle.jpg", "notiz.txt"):
        (folder / name).write_bytes(b"picture")

    def run(body, head=HEAD):
        (folder / "issue.yaml").write_text(head + body, encoding="utf-8")
        return load_issue(tmp_path, "x", KNOWN_COLUMNS)

    return run


def found(load, body):
    with pytest.raises(InvalidInput) as caught:
        load(body)
    return [(one.rule, one.at.line, one.at.column) for one in caught.value.findings]


BAD = [
    ("![](da.jpg)", "img/alt-missing"),
    ("![ ](da.jpg)", "img/alt-missing"),
    ("![Weg](weg.jpg)", "img/missing"),
    ("![Weg](Da.JPG)", "img/missing"),
    ("![Weg]()", "img/missing"),
    (f"![Weg]({'x' * 300}.jpg)", "img/missing"),
    ("![Weg](../../../da.jpg)", "img/outside-project"),
    ("![Weg](/etc/passwd)", "img/outside-project"),
    ("![Weg](https://fremd.example/a.jpg)", "img/outside-project"),
    ("![Weg](data:image/png;base64,AAAA)", "img/outside-project"),
    ("![Weg](a%00b.jpg)", "img/outside-project"),
    ("![Weg](notiz.txt)", "img/format"),
    ("Ein ![Weg](da.jpg) mittendrin", "img/not-alone"),
    ("- ![Weg](da.jpg)", "img/not-alone"),
    ("> ![Weg](da.jpg)", "img/not-alone"),
    ("## ![Weg](da.jpg)", "img/not-alone"),
    ("[![Weg](da.jpg)](https://a.example)", "img/not-alone"),
]


@pytest.mark.parametrize(("picture", "rule"), BAD)
def test_a_bad_picture_is_found_at_its_line(load, picture, rule):
    body = f"    body: |\n      Eins.\n\n      Zwei.\n\n      {picture}\n\n      Drei.\n"
    assert [(rule, 12, 7 + picture.index("!["))] == found(load, body)


@pytest.mark.parametrize(("picture", "rule"), BAD)
def test_so_is_one_in_a_text_block_of_a_body(load, picture, rule):
    body = f"    body:\n      - type: text\n        text: |\n          Eins.\n\n          {picture}\n"
    assert [(rule, 12, 11 + picture.index("!["))] == found(load, body)


def test_every_bad_picture_is_told_at_once(load):
    body = "    body: |\n      ![a](a.jpg)\n\n      ![b](b.jpg)\n      ![](c.jpg)\n"
    assert [
        ("img/missing", 8, 7),
        ("img/missing", 10, 7),
        ("img/not-alone", 10, 7),
        ("img/alt-missing", 11, 7),
        ("img/missing", 11, 7),
        ("img/not-alone", 11, 7),
    ] == found(load, body)


def test_in_a_quoted_body_the_place_is_the_bodys(load):
    assert [("img/missing", 7, 11)] == found(load, '    body: "Hallo\\n\\n![x](weg.jpg)"\n')


def test_pictures_of_bodies_belong_to_the_issue(load):
    body = (
        "    image: {src: da.jpg, alt: x}\n    body:\n      - type: text\n        text: |\n"
        '          ![Halle](<große halle.jpg> "Halle | Foto: Ada")\n\n          ![Nochmal](große%20halle.jpg)\n'
    )
    assert ("da.jpg", "große halle.jpg") == load(body).pictures


def test_pictures_in_mail_text_are_no_pictures(load):
    file = load("  - type: text\n    text: 'Hallo ![x](weg.jpg)'\n")
    assert () == file.pictures


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("    body: |\n      Hallo\n\n      {{ first_name }}\n", (10, 7)),
        ("    body:\n      - type: text\n        text: Hallo {{ first_name }}\n", (9, 15)),
        ("    body:\n      - type: button\n        label: x\n        url: https://a.example/?{{ email }}\n", (10, 14)),
        ("    body:\n      - type: editorial\n        salutation: '{{ greeting }},'\n        text: x\n", (9, 21)),
    ],
)
def test_merge_fields_are_refused_everywhere_in_a_body(load, body, place):
    assert [("text/placeholder", *place)] == found(load, body)


def test_an_article_in_a_body_has_no_body_itself(load):
    body = "    body:\n      - type: article\n        title: Innen\n        body: Nein\n"
    assert [("schema/nested-body", 10, 9)] == found(load, body)


@pytest.mark.parametrize("name", ["index", "mail"])
def test_no_page_takes_the_name_of_the_issues_own(load, name):
    assert [("schema/id", 7, 9)] == found(load, f"    id: {name}\n    body: Hallo\n")
    assert load(f"    id: {name}\n    link: {{url: https://a.example}}\n").issue.content[0].id == name


def test_link_and_body_exclude_each_other(load):
    assert [("schema/both", 8, 11)] == found(load, "    link: {url: https://a.example}\n    body: Hallo\n")
