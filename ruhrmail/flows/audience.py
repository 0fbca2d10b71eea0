"""What somebody named as the audience to the expression that it means."""

import difflib

from ruhrmail.config import Config
from ruhrmail.errors import UsageError
from ruhrmail.flows.roster import merge_columns
from ruhrmail.model.audience import EVERYBODY, Audience, BadAudience, Expression, conditions, parse_audience
from ruhrmail.model.location import Location
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.phrase import Phrase, phrase

ANYWHERE = ("tag", *KNOWN_COLUMNS)
"""What a condition may ask of every list."""


class AudienceError(UsageError):
    """An audience that cannot be understood, with the expression and the place in it."""


def choose_audience(config: Config, text: str | None) -> Audience:
    """The audience of a name in the settings, or of an expression; everybody for None.

    A mailing to an expression is called by it, as it is written in order. Raises AudienceError.
    """
    if text is None:
        return EVERYBODY
    language = config.newsletter.language
    named = config.settings.audiences.get(text.strip())
    if named is None and ":" not in text:
        raise unknown_name(config, text.strip())
    expression = read(config, named or text)
    return Audience(text.strip() if named else str(expression), expression, language)


def read(config: Config, text: str) -> Expression:
    """The expression of a text, about columns that there are. Raises AudienceError."""
    try:
        expression = parse_audience(text)
    except BadAudience as error:
        raise misread(text, error.at, error.message, error.hint) from None
    columns = merge_columns(config)
    for one in conditions(expression):
        if columns is not None and one.name not in ANYWHERE and one.name not in columns:
            message = phrase("there is no column {name} in the list", name=one.name)
            raise misread(text, one.at, message, near(one.name, (*ANYWHERE, *sorted(columns))))
    return expression


def misread(text: str, at: int, message: Phrase, hint: Phrase) -> AudienceError:
    """The error with the expression and a caret below the place."""
    return AudienceError(message, Location("--audience", 0, at + 1, text), hint)


def unknown_name(config: Config, name: str) -> AudienceError:
    """The error for a name that the settings do not know."""
    message = phrase("there is no audience named {name}", name=name)
    known = tuple(config.settings.audiences)
    hint = near(name, known) if known else phrase("name it in ruhrmail.yaml below `audiences:`, or write tag:{name}",
                                                   name=name)  # fmt: skip
    return AudienceError(message, Location("--audience", 0, 1, name), hint)


def near(word: str, known: tuple[str, ...]) -> Phrase:
    """ "Did you mean", or what there is."""
    found = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if found:
        return phrase("did you mean {word}?", word=found[0])
    return phrase("known here: {words}", words=", ".join(dict.fromkeys(known)))
