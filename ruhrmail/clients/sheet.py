"""Style sheets and inline styles to the features of CSS that they use."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import tinycss2

from ruhrmail.clients.css import (
    AT_RULES,
    COMBINATORS,
    FUNCTIONS,
    KEYWORDS,
    MEDIA,
    PSEUDO,
    UNITS,
    VALUES,
    property_feature,
)

Found = tuple[str, tuple[str, ...]]
"""A feature, and the at-rules that a client must know to get there."""
NESTING = 20
"""Blocks inside blocks that are followed."""


@lru_cache(maxsize=2_000)
def find_in_declarations(text: str) -> tuple[str, ...]:
    """The features of an inline style, each once."""
    if not text.strip():
        return ()
    parsed = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
    return tuple(dict.fromkeys(slug for one in parsed if one.type == "declaration" for slug in of_declaration(one)))


def find_in_sheet(text: str) -> tuple[Found, ...]:
    """The features of a style sheet, each once for each way to it."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return tuple(dict.fromkeys(of_rules(rules, (), 0)))


def of_rules(rules: Sequence[Any], through: tuple[str, ...], depth: int) -> Iterator[Found]:
    """The features of rules that stand within the at-rules `through`."""
    for rule in rules:
        if rule.type == "declaration":
            yield from ((slug, through) for slug in of_declaration(rule))
        elif rule.type == "qualified-rule":
            yield from ((slug, through) for slug in of_selector(rule.prelude))
            yield from of_block(rule.content, through, depth)
        elif rule.type == "at-rule":
            needed = tuple(of_at_rule(rule))
            yield from ((slug, through) for slug in needed)
            yield from of_block(rule.content or [], (*through, *needed), depth)


def of_block(content: Sequence[Any], through: tuple[str, ...], depth: int) -> Iterator[Found]:
    """The features of what stands between braces."""
    if depth < NESTING:
        inner = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        yield from of_rules(inner, through, depth + 1)


def of_at_rule(rule: Any) -> Iterator[str]:
    """The features that an at-rule is, the query's included."""
    if slug := AT_RULES.get(rule.lower_at_keyword):
        yield slug
    if rule.lower_at_keyword == "media":
        query = tinycss2.serialize(rule.prelude).lower()
        yield from (slug for word, slug in MEDIA.items() if word in query)


def of_declaration(declaration: Any) -> Iterator[str]:
    """The features of a property and its value."""
    name = declaration.lower_name
    if slug := property_feature(name):
        yield slug
    if declaration.important:
        yield "css-important"
    for token in walk(declaration.value, 0):
        yield from of_value(name, token)


def of_value(name: str, token: Any) -> Iterator[str]:
    """The features of one part of a property's value."""
    if token.type == "ident":
        known = (VALUES.get((name, token.lower_value)), KEYWORDS.get(token.lower_value))
    elif token.type == "function":
        known = (FUNCTIONS.get(token.lower_name), None)
    elif token.type == "dimension":
        known = (UNITS.get(token.lower_unit), None)
    else:
        known = ("css-unit-percent" if token.type == "percentage" else None, None)
    yield from filter(None, known)


def walk(tokens: Sequence[Any], depth: int) -> Iterator[Any]:
    """Every part of a value, those inside functions and brackets too."""
    for token in tokens:
        yield token
        inner = getattr(token, "arguments", None) or getattr(token, "content", None)
        if isinstance(inner, list) and depth < NESTING:
            yield from walk(inner, depth + 1)


def of_selector(prelude: Sequence[Any]) -> Iterator[str]:
    """The features of a rule's selectors."""
    tokens = [token for token in prelude if token.type != "comment"]
    while tokens and tokens[-1].type == "whitespace":
        tokens.pop()
    for before, token in zip([None, *tokens], tokens, strict=False):
        yield from of_token(before, token)
    yield from of_spaces(tokens)


def of_token(before: Any, token: Any) -> Iterator[str]:
    """The feature of one sign of a selector, which may hang on the sign before it."""
    sign = getattr(before, "value", "") if before is not None and before.type == "literal" else ""
    if token.type == "literal" and token.value in COMBINATORS:
        yield COMBINATORS[token.value]
    elif token.type == "hash":
        yield "css-selector-id"
    elif token.type == "[] block":
        yield "css-selector-attribute"
    elif token.type == "ident" and sign == ".":
        yield "css-selector-class"
    elif token.type == "ident" and sign != ":":
        yield "css-selector-type"
    elif sign == ":" and token.type in ("ident", "function"):
        name = token.lower_value if token.type == "ident" else token.lower_name
        yield from [PSEUDO[name]] if name in PSEUDO else []


def of_spaces(tokens: Sequence[Any]) -> Iterator[str]:
    """A space between two parts of a selector means "inside of"; parts without anything between are a chain."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.type == "whitespace" and all(
            one.type != "literal" or one.value not in (">", "+", "~", ",") for one in (before, after)
        ):
            yield "css-selector-descendant"
        if before.type in ("ident", "hash", "[] block") and token.type == "literal" and token.value == ".":
            yield "css-selector-chaining"
