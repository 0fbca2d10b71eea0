"""What is wrong, where, how badly, and what to do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


FEATURE = re.compile(r"client/(?:css|html|image)-[a-z0-9-]+")
"""The ids of features that mail clients drop: one for each that caniemail.com tests."""
FEATURES = "client/feature"
"""The rule that finds them all, and what all of their ids are called by."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about something a person wrote; `rule` is its permanent id, such as `schema/unknown`."""

    rule: str
    severity: Severity
    at: Location
    message: Phrase
    hint: Phrase | None = None


def names_of(rule: str) -> tuple[str, ...]:
    """The ids by which people mean a finding's rule: its own, then the one for all features of clients."""
    return (rule, FEATURES) if FEATURE.fullmatch(rule) else (rule,)


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when at least one finding is an error."""
    return any(finding.severity == "error" for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by file, line, column and rule, without repetitions."""
    once = {(f.rule, f.at, str(f.message)): f for f in findings}
    return sorted(once.values(), key=lambda f: (f.at.file, f.at.line, f.at.column, f.rule))
