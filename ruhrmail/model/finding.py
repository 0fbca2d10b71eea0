"""What is wrong, where, how badly, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about something a person wrote; `rule` is its permanent id, such as `schema/unknown`."""

    rule: str
    severity: Severity
    at: Location
    message: Phrase
    hint: Phrase | None = None


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when at least one finding is an error."""
    return any(finding.severity == "error" for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by file, line, column and rule, without repetitions."""
    once = {(f.rule, f.at, str(f.message)): f for f in findings}
    return sorted(once.values(), key=lambda f: (f.at.file, f.at.line, f.at.column, f.rule))
