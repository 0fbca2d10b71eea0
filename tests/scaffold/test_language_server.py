"""What editors make of the schemas: the YAML language server completes, explains and complains."""

import os
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from ruhrmail.scaffold import Wanted, project_files, write_project
from tests.servers.yaml_editor import INSTALL, Editor, is_there, yaml_editor

pytestmark = pytest.mark.skipif(
    not is_there() and "CI" not in os.environ, reason=f"needs node and the YAML language server: {INSTALL}"
)

HEAD = """\
# yaml-language-server: $schema=../../issue.schema.json
number: 7
date: 06.11.2026
subject: Licht in der Halle
content:
"""
names = (f"issues/{number}/issue.yaml" for number in count())


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("editor") / "newsletter"
    write_project(folder, project_files(Wanted("de"), date(2026, 11, 6), ()))
    with yaml_editor(folder) as editor:
        yield editor


def test_a_new_project_is_without_complaint(editor: Editor) -> None:
    for name in ("ruhrmail.yaml", "issues/2026-11/issue.yaml"):
        assert [] == editor.complaints(name, (editor.folder / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("issues/*/issue.yaml")), ids=str)
def test_the_sample_issues_are_without_complaint(editor: Editor, path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("../../schema/", "../../")
    assert [] == editor.complaints(next(names), text)


def test_inside_a_block_its_own_keys_are_offered(editor: Editor) -> None:
    offered = editor.completions(next(names), HEAD + "  - type: article\n    title: x\n    <|>\n")
    assert ["id", "kicker", "image", "text", "link", "body", "layout", "only_for", "not_for"] == list(offered)
    assert "Das Bild zum Beitrag." == offered["image"]["documentation"]


def test_inside_an_event_the_keys_of_events_are_offered(editor: Editor) -> None:
    events = "  - type: events\n    events:\n      - title: x\n        <|>\n"
    assert ["start", "end", "place", "dates", "text", "link"] == list(editor.completions(next(names), HEAD + events))


def test_inside_a_body_the_keys_of_its_blocks_are_offered(editor: Editor) -> None:
    body = "  - type: article\n    title: x\n    body:\n      - type: quote\n        <|>\n"
    offered = editor.completions(next(names), HEAD + body)
    assert {"text", "author", "role", "portrait"} <= set(offered)
    assert not {"kicker", "events", "src"} & set(offered)


def test_after_type_all_blocks_are_offered(editor: Editor) -> None:
    assert {
        "editorial", "article", "events", "heading", "text", "image", "gallery", "quote", "button", "contents",
        "related", "figures", "logos", "divider",
    } == set(editor.completions(next(names), HEAD + "  - type: <|>\n"))  # fmt: skip


def test_whole_blocks_are_offered_by_their_german_names(editor: Editor) -> None:
    offered = editor.completions(next(names), HEAD + "  - <|>\n")
    assert {"Beitrag", "Galerie", "Zitat", "Kennzahlen", "Inhaltsverzeichnis"} <= set(offered)
    assert "type: article\n  title: " == offered["Beitrag"]["insertText"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("  - type: article\n    kic<|>ker: x\n    title: y\n", "Ein, zwei Wörter über der Überschrift"),
        ("  - type: art<|>icle\n    title: y\n", "Ein Beitrag: Bild, Überschrift und Anreißer"),
        ("  - type: events\n    events:\n      - title: x\n        st<|>art: 2026-11-21\n", "Wann es beginnt"),
        ("  - type: article\n    title: y\n    image:\n      cre<|>dit: x\n", "Der Bildnachweis"),
        ("  - type: text\n    text: y\n    only_<|>for: x\n", "Nur wer eines dieser Tags hat"),
    ],
)
def test_help_is_in_german(editor: Editor, content: str, expected: str) -> None:
    assert expected in editor.help(next(names), HEAD + content)


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("  - type: article\n    title: x\n    kiker: x\n", 8, "kiker"),
        (
            "  - type: article\n    title: x\n    body:\n      - type: text\n        text: x\n        txt: x\n",
            11,
            "txt",
        ),
        ("  - type: events\n    events:\n      - title: x\n        start: 2026-11-21\n        ort: x\n", 10, "ort"),
        ("  - type: image\n    src: x.jpg\n    alt: x\n    credits: x\n", 9, "credits"),
    ],
)
def test_a_misspelt_key_is_marked_where_it_stands(editor: Editor, content: str, line: int, word: str) -> None:
    ((found, message),) = editor.complaints(next(names), HEAD + content)
    assert (line, True) == (found, word in message)


def test_a_picture_without_alternative_text_is_marked(editor: Editor) -> None:
    ((line, message),) = editor.complaints(next(names), HEAD + "  - type: image\n    src: x.jpg\n")
    assert (6, True) == (line, "alt" in message)


def test_what_is_no_date_is_told_how_to_write_one(editor: Editor) -> None:
    events = "  - type: events\n    events:\n      - title: x\n        start: morgen\n"
    ((line, message),) = editor.complaints(next(names), HEAD + events)
    assert (9, True) == (line, "21.11.2026 10:00" in message)


def test_settings_are_completed_and_explained_too(editor: Editor) -> None:
    text = (editor.folder / "ruhrmail.yaml").read_text(encoding="utf-8")
    offered = editor.completions("one.yaml", text + "delivery:\n  <|>\n")
    assert [
        "relays", "retry", "timeout", "return_path", "return_domain", "at_most_late", "quiet_hours", "domains",
        "refusals", "smtputf8", "slots", "test",
    ] == list(offered)  # fmt: skip
    assert "Registergericht" in editor.help("two.yaml", text.replace("register:", "regi<|>ster:"))
    found = editor.complaints("three.yaml", text.replace("  vat_id:", "  vatid:"))
    line = text.splitlines().index(next(one for one in text.splitlines() if "vat_id" in one)) + 1
    assert [line] == [number for number, _ in found]


def test_a_rate_in_either_form_passes_and_what_is_none_is_told_how_to_write_one(editor: Editor) -> None:
    text = (editor.folder / "ruhrmail.yaml").read_text(encoding="utf-8")
    for number, rate in enumerate(("50/s", "[50/s, 20000/h]", "50/s, 20000/h")):
        limits = f'delivery:\n  domains:\n    "*":\n      rate: {rate}\n'
        assert [] == editor.complaints(f"rate{number}.yaml", text + limits)
    ((line, message),) = editor.complaints("slow.yaml", text + 'delivery:\n  domains:\n    "*":\n      rate: slow\n')
    assert (len(text.splitlines()) + 4, True) == (line, "10/s" in message)
