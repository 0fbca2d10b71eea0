"""Audiences: which part of the list a mailing is for, as an expression that a person wrote.

    tag:wirtschaft and language:de
    (tag:kultur or tag:stadt) and not company:"Zeche & Söhne"

A condition is a name, a colon and a value. `tag` asks whether a person has a tag, `language` for their language, any
other name for the column that merge fields call so. Letter case does not count. `and` binds closer than `or`, `not`
closest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruhrmail.model.phrase import Phrase, phrase

MAX_LENGTH, MAX_DEPTH = 1000, 20
TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<name>[A-Za-z][A-Za-z0-9_]*):(?P<value>"[^"]*"|'[^']*'|[^\s()"':]+)?|(?P<word>[^\s()]+))"""
)
PLAIN = re.compile(r"[^\s()\"':]+")
WORDS = ("and", "or", "not")


class BadAudience(Exception):
    """The expression cannot be understood: why, at which character (from 0), and what to do."""

    def __init__(self, message: Phrase, at: int, hint: Phrase) -> None:
        super().__init__(str(message))
        self.message, self.at, self.hint = message, at, hint


@dataclass(frozen=True, slots=True)
class Has:
    """A tag, a language, or a column with this value; an empty value asks for an empty column."""

    name: str
    value: str
    at: int = 0

    def __str__(self) -> str:
        if PLAIN.fullmatch(self.value):
            return f"{self.name}:{self.value}"
        quote = "'" if '"' in self.value else '"'
        return f"{self.name}:{quote}{self.value}{quote}"


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody but these."""

    inner: "Expression"

    def __str__(self) -> str:
        return f"not {bracketed(self.inner)}"


@dataclass(frozen=True, slots=True)
class Both:
    """Whoever is in all of these."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " and ".join(f"({one})" if isinstance(one, Either) else str(one) for one in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Whoever is in one of these."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " or ".join(str(one) for one in self.parts)


Expression = Has | Not | Both | Either


def bracketed(inner: Expression) -> str:
    """An expression as one word of another."""
    return f"({inner})" if isinstance(inner, (Both, Either)) else str(inner)


@dataclass(frozen=True, slots=True)
class Audience:
    """A part of the list: what mailings to it are called, and who belongs to it (None: everybody).

    `language` counts as the language of people who have none.
    """

    name: str = ""
    expression: Expression | None = None
    language: str = "de"


EVERYBODY = Audience()


def conditions(expression: Expression) -> Iterator[Has]:
    """Every condition in an expression."""
    match expression:
        case Has():
            yield expression
        case Not(inner):
            yield from conditions(inner)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from conditions(part)


def parse_audience(text: str) -> Expression:
    """The expression of a text. Raises BadAudience."""
    if len(text) > MAX_LENGTH:
        hint = phrase("give the people a tag of their own")
        raise BadAudience(phrase("the expression is longer than {count} characters", count=MAX_LENGTH), 0, hint)
    parser = Parser(text)
    found = parser.either(0)
    if parser.index < len(parser.tokens):
        raise parser.unexpected()
    return found


EXAMPLE = phrase('such as tag:wirtschaft and not language:en, values with blanks in quotation marks: company:"A & B"')
DEEPER = phrase("write it with fewer brackets")


class Parser:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [match for match in TOKEN.finditer(text) if match.group().strip()]
        self.index = 0

    def word(self) -> str:
        """The next word in small letters, or bracket; empty for a condition and at the end."""
        if self.index == len(self.tokens):
            return ""
        token = self.tokens[self.index]
        return (token["bracket"] or token["word"] or "").lower()

    def takes(self, word: str) -> bool:
        """Goes past a word if it is the next."""
        found = self.word() == word
        self.index += found
        return found

    def either(self, depth: int) -> Expression:
        """Parts with `or` between them."""
        parts = [self.both(depth)]
        while self.takes("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Expression:
        """Parts with `and` between them."""
        parts = [self.one(depth)]
        while self.takes("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self, depth: int) -> Expression:
        """A condition, or something in brackets, with `not` in front or without."""
        if depth > MAX_DEPTH:
            raise BadAudience(phrase("the brackets are nested too deep"), self.place(), DEEPER)
        if self.takes("not"):
            return Not(self.one(depth + 1))
        opened = self.place()
        if self.takes("("):
            inner = self.either(depth + 1)
            if not self.takes(")"):
                hint = phrase("add a closing bracket")
                raise BadAudience(phrase("this bracket is not closed"), opened, hint)
            return inner
        return self.condition()

    def condition(self) -> Has:
        """A name, a colon and a value."""
        if self.index == len(self.tokens) or self.tokens[self.index]["name"] is None:
            raise self.unexpected()
        token = self.tokens[self.index]
        value, name = token["value"], token["name"].lower()
        if value is None:
            message = phrase("{name} has no value", name=f"{name}:")
            raise BadAudience(message, token.end(), EXAMPLE)
        self.index += 1
        bare = value[1:-1] if value[0] in "\"'" else value
        return Has("tag" if name == "tags" else name, bare, token.start("name"))

    def place(self) -> int:
        """Where the next token begins; the end of the text after the last."""
        if self.index == len(self.tokens):
            return len(self.text)
        token = self.tokens[self.index]
        return token.end() - len(token.group().lstrip())

    def unexpected(self) -> BadAudience:
        """The error for what stands where a condition belongs, or another word."""
        if self.index == len(self.tokens):
            return BadAudience(phrase("a condition is missing at the end"), len(self.text.rstrip()), EXAMPLE)
        found = self.tokens[self.index]
        if found["name"] is not None or found["bracket"] == "(" or self.word() == "not":
            message = phrase("between two conditions belongs `and` or `or`")
            return BadAudience(message, self.place(), EXAMPLE)
        return BadAudience(phrase("{word} is no condition", word=found.group().strip()), self.place(), EXAMPLE)
