"""What every rule means and what to do about it, as programs show it beside a finding."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruhrmail.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's page in short (English, as `docs/rules.md` has it); `severity` is the gravest that it can have."""

    id: str
    severity: Severity
    means: str
    remedy: str


@cache
def read_rulebook() -> Mapping[str, Rule]:
    """All rules by their ids."""
    text = (resources.files("ruhrmail") / "rulebook.json").read_text(encoding="utf-8")
    return {name: Rule(name, **row) for name, row in json.loads(text).items()}
