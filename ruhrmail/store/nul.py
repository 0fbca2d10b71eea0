"""A text's NUL characters, which PostgreSQL cannot keep, as U+FFFD; in JSON halves of surrogate pairs as well."""

import json
import re

from ruhrmail.store.sqlite import as_json

NUL, REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"
HALVES = re.compile("[\0\ud800-\udfff]")
ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def without_nul(text: str) -> str:
    """A text as PostgreSQL can keep it."""
    return text.replace(NUL, REPLACEMENT) if NUL in text else text


def json_without_nul(text: str) -> str:
    """JSON as PostgreSQL can keep it and give back; anything else is left as it is."""
    return as_json(whole(json.loads(text))) if ESCAPED.search(text) else text


def whole(value: object) -> object:
    """A value of JSON whose texts, names of fields included, are whole."""
    if isinstance(value, str):
        return HALVES.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(name): whole(one) for name, one in value.items()}
    return value
