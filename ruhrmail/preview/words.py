"""What the page in the browser says, in the language of the desk."""

from collections.abc import Mapping

from ruhrmail.i18n import Translator
from ruhrmail.model.phrase import Phrase, phrase

WORDS: tuple[Phrase, ...] = (
    phrase("Issues"),
    phrase("Mail"),
    phrase("Text"),
)


def desk_words(translate: Translator) -> Mapping[str, str]:
    """Every sentence of the page by its English; gaps stay as they are written."""
    return {one.template: translate.words.get(one.template, one.template) for one in WORDS}
