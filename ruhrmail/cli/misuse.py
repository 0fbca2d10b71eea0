"""What typer says about a command line that it does not understand, in ruhrmail's words.

Typer's kinds of errors are private, its sentences are English; so they are told by their sentences. One that is not
known here, after an update of typer, is left to typer.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches

from typer.exceptions import TyperException

from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

Said = re.Match[str]
Maker = Callable[[Said], tuple[Phrase, Phrase | None]]
"""A sentence's parts to message and hint; without a hint, help is offered."""


def misuse_of(error: TyperException) -> UsageError | None:
    """The error in ruhrmail's words, None for one that is not known here."""
    sentence = error.format_message()
    for pattern, make in SENTENCES:
        if match := pattern.fullmatch(sentence):
            message, hint = make(match)
            return UsageError(message, hint=hint or offer_help(error))
    return None


def offer_help(error: TyperException) -> Phrase | None:
    """How to see what the command understands."""
    context = getattr(error, "ctx", None)
    return phrase("{command} shows what there is", command=f"{context.command_path} --help") if context else None


def no_option(said: Said) -> tuple[Phrase, Phrase | None]:
    near = get_close_matches(said["option"], (said["known"] or "").split(", "), n=1)
    return phrase("there is no option {option}", option=said["option"]), mean(near[0] if near else None)


def no_command(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("there is no command {command}", command=said["command"]), mean(said["near"])


def mean(word: str | None) -> Phrase | None:
    return phrase("did you mean {word}?", word=word) if word else None


def missing(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("{name} is missing", name=said["name"]), None


def no_command_given(_: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("the command is missing"), None


def no_value(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("{option} needs a value", option=said["option"]), None


def too_many(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("too much on the command line: {words}", words=said["words"]), None


def no_choice(said: Said) -> tuple[Phrase, Phrase | None]:
    choices = said["choices"].replace("'", "")
    return phrase("{key} cannot be {value}", key=said["key"], value=said["value"]), choice_of(choices)


def choice_of(choices: str) -> Phrase:
    return phrase("one of: {choices}", choices=choices)


def no_number(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("{key} must be a whole number", key=said["key"]), None


def out_of_range(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("{key} is out of range (bound: {bound})", key=said["key"], bound=said["bound"]), None


def no_good_value(said: Said) -> tuple[Phrase, Phrase | None]:
    return phrase("{key}: {reason}", key=said["key"], reason=said["reason"]), None


INVALID = r"Invalid value for '(?P<key>[^']*)': "
SENTENCES: tuple[tuple[re.Pattern[str], Maker], ...] = tuple(
    (re.compile(pattern, re.DOTALL), make)
    for pattern, make in (
        (r"No such option: (?P<option>.+?)(?: \(Possible options: (?P<known>.+)\))?", no_option),
        (r"No such command '(?P<command>.+?)'\.(?: Did you mean '(?P<near>[^']+)'.*)?", no_command),
        (r"Missing (?:argument|option) '(?P<name>[^']+)'\.(?: .*)?", missing),
        (r"Missing command\.", no_command_given),
        (r"Option '(?P<option>[^']+)' requires .*", no_value),
        (r"Got unexpected extra argument\(s\) \((?P<words>.+)\)", too_many),
        (INVALID + r"(?:Value error, )?'(?P<value>.*)' is not one of (?P<choices>.+?)\.?", no_choice),
        (INVALID + r"Input should be a valid (?:integer|number).*", no_number),
        (INVALID + r"Input should be (?:less|greater) than(?: or equal to)? (?P<bound>\S+)", out_of_range),
        (INVALID + r"(?P<reason>.+)", no_good_value),
    )
)
"""Typer's sentences, the first that fits counts."""
