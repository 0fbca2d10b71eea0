"""Editions to Findings: what is wrong with an issue, where, and what to do."""

from ruhrmail.check.dossier import Dossier, Neighbour, Template
from ruhrmail.check.known import known_ids, reading_rules
from ruhrmail.check.rule import Rule, read_page
from ruhrmail.check.rules import RULES, find_rule
from ruhrmail.check.run import run, settle
from ruhrmail.check.sheet import Sheet, read_sheet
from ruhrmail.check.templates import lint

__all__ = [
    "RULES",
    "Dossier",
    "Neighbour",
    "Rule",
    "Sheet",
    "Template",
    "find_rule",
    "known_ids",
    "lint",
    "read_page",
    "read_sheet",
    "reading_rules",
    "run",
    "settle",
]
