"""Editions to Findings: what is wrong with an issue, where, and what to do."""

from ruhrmail.check.assassin import open_assassin
from ruhrmail.check.dossier import Dossier, Neighbour, Template
from ruhrmail.check.equipment import BARE, Equipment, Need
from ruhrmail.check.rule import Rule, read_page
from ruhrmail.check.rules import RULES, find_rule
from ruhrmail.check.run import is_equipped, run, settle
from ruhrmail.check.sheet import Sheet, read_sheet
from ruhrmail.check.templates import lint

__all__ = [
    "BARE",
    "RULES",
    "Dossier",
    "Equipment",
    "Need",
    "Neighbour",
    "Rule",
    "Sheet",
    "Template",
    "find_rule",
    "is_equipped",
    "lint",
    "open_assassin",
    "read_page",
    "read_sheet",
    "run",
    "settle",
]
