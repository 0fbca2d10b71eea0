"""Every rule there is: those of this room, and those that reading settings, issues and lists brings along."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruhrmail.check.rules import RULES


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """A rule that is found while a file is read; `fixed.json` is made from the tables of docs/rules.md."""

    rule: str
    severity: str
    meaning: str
    remedy: str


@cache
def reading_rules() -> tuple[ReadingRule, ...]:
    """The rules of reading, in the order of the reference."""
    text = resources.files("ruhrmail.check").joinpath("fixed.json").read_text(encoding="utf-8")
    return tuple(ReadingRule(**row) for row in json.loads(text))


@cache
def known_ids() -> frozenset[str]:
    """The ids of all rules."""
    return frozenset((*(rule.id for rule in RULES), *(rule.rule for rule in reading_rules())))
