"""What the page in the browser says, in the language of the desk."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from ruhrmail.i18n import Translator

SPOKEN = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")
"""`t("English words")` in the page's modules: there is no second list of them that could be forgotten."""


@cache
def spoken() -> tuple[str, ...]:
    """The English of everything that the page's modules say; gaps as they are written there."""
    return tuple(sorted(set(find_spoken())))


def find_spoken() -> Iterator[str]:
    """Every literal that a module of the page hands to `t`."""
    for file in (resources.files("ruhrmail.preview") / "static").iterdir():
        if file.name.endswith(".js"):
            yield from SPOKEN.findall(file.read_text(encoding="utf-8"))


def desk_words(translate: Translator) -> Mapping[str, str]:
    """Every sentence of the page by its English; gaps stay as they are written."""
    return {english: translate.words.get(english, english) for english in spoken()}
