"""Every sentence that a person reads exists in German, with the same gaps."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest

from ruhrmail.i18n import choose_language, greet, translator
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase

PACKAGE = Path(__file__).parents[1] / "ruhrmail"
SPEAKERS = {"phrase", "say", "tell", "later", "word", "translate", "wrong", "broken", "wrong_kind", "words"}


def templates() -> set[str]:
    """Every literal first argument of a function that speaks, and the `template` and `hint` of validation errors."""
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(spoken(node))
    for file in (*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.js")):
        found.update(re.findall(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""", file.read_text(encoding="utf-8")))
    return found


def spoken(call: ast.Call) -> list[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name == "wrong":
        return texts[1:]
    if name in ("wrong_kind", "Phrase"):
        return [f"{{key}} must be {text}" for text in texts] if name == "wrong_kind" else []
    return texts[: 2 if name == "broken" else 1] if name in SPEAKERS else []


def gaps(template: str) -> set[str]:
    """The names of the gaps; a sentence about merge fields has doubled braces and no gaps."""
    return set() if "{{" in template else {name for _, name, _, _ in Formatter().parse(template) if name}


GERMAN: dict[str, str] = json.loads((PACKAGE / "locales" / "de.json").read_text(encoding="utf-8"))


def test_every_sentence_has_a_german_translation():
    assert [] == sorted(templates() - GERMAN.keys())


@pytest.mark.parametrize("template", sorted(GERMAN))
def test_translations_have_the_same_gaps(template):
    assert gaps(template) == gaps(GERMAN[template])


def test_phrases_inside_phrases_are_translated():
    german = translator("de")
    assert "es gibt kein Bild x.jpg" == german(phrase("there is no picture {src}", src="x.jpg"))


def test_fractions_have_the_languages_decimal_sign():
    seconds = phrase("{seconds} s", seconds=0.5)
    assert ("0.5 s", "0,5 s") == (translator("en")(seconds), translator("de")(seconds))


@pytest.mark.parametrize(
    ("wanted", "otherwise", "expected"),
    [("de_DE.UTF-8", "en", "de"), ("EN", "de", "en"), ("fr", "de", "de"), (None, "en", "en"), ("", "de", "de")],
)
def test_the_language_is_the_wanted_one_or_the_newsletters(wanted, otherwise, expected):
    assert expected == choose_language(wanted, otherwise)


@pytest.mark.parametrize(
    ("salutation", "title", "last_name", "expected"),
    [
        ("Frau", "Dr.", "Müller", "Sehr geehrte Frau Dr. Müller"),
        ("herr", "", "von und zu Aue", "Sehr geehrter Herr von und zu Aue"),
        ("Divers", "", "Berg", "Guten Tag"),
        ("Frau", "", "", "Guten Tag"),
        ("", "Dr.", "Berg", "Guten Tag"),
    ],
)
def test_greets_by_salutation_title_and_last_name(salutation, title, last_name, expected):
    person = Person("a@b.example", "a@b.example", salutation=salutation, title=title, last_name=last_name)
    assert expected == greet(person, "de")
