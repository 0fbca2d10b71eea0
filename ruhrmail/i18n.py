"""Words and sentences in the reader's language; English is the language of the source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Translator:
    """Puts phrases into one language. `words` maps an English template to its translation."""

    language: str
    words: Mapping[str, str]

    def __call__(self, text: Phrase | str, /, **values: object) -> str:
        """A phrase, or an English template with its values, in this language; phrases and fractions inside too."""
        if isinstance(text, str):
            text = Phrase(text, values)
        template = self.words.get(text.template, text.template)
        if not text.values:
            return template
        return template.format_map({name: self._shown(value) for name, value in text.values.items()})

    def _shown(self, value: object) -> object:
        """A value as it stands in a sentence: phrases in this language, fractions with its decimal sign."""
        if isinstance(value, Phrase):
            return self(value)
        if isinstance(value, float) and self.language == "de":
            return str(value).replace(".", ",")
        return value


def choose_language(wanted: str | None, otherwise: str = "en") -> str:
    """The interface's language: what the environment asks for (`de_DE.UTF-8` too), else the newsletter's."""
    short = (wanted or "").strip().lower()[:2]
    return short if short in LANGUAGES else otherwise


@cache
def translator(language: str) -> Translator:
    """The translator for `de` or `en`."""
    if language == "en":
        return Translator("en", {})
    text = (resources.files("ruhrmail") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    return Translator(language, json.loads(text))


def greet(person: Person | None, language: str) -> str:
    """The greeting without a comma: by salutation, title and last name, otherwise the neutral form."""
    forms = GREETINGS[language]
    form = forms.get(person.salutation.strip().rstrip(".").lower()) if person else None
    if person is None or not form or not person.last_name:
        return NEUTRAL_GREETING[language]
    return " ".join([part for part in (form, person.title, person.last_name) if part])


GREETINGS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "frau": "Sehr geehrte Frau",
        "herr": "Sehr geehrter Herr",
        "ms": "Sehr geehrte Frau",
        "mrs": "Sehr geehrte Frau",
        "mr": "Sehr geehrter Herr",
    },
    "en": {"frau": "Dear Ms", "herr": "Dear Mr", "ms": "Dear Ms", "mrs": "Dear Mrs", "mr": "Dear Mr"},
}

NEUTRAL_GREETING: Mapping[str, str] = {"de": "Guten Tag", "en": "Hello"}
