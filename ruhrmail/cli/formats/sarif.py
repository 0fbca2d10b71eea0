"""SARIF 2.1.0 (OASIS), which GitHub code scanning and many editors read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ruhrmail import __version__
from ruhrmail.cli.formats.report import Report, sound
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.fingerprint import fingerprints

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVEL: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "ruhrmailFinding/v1"
"""The name of our way to make fingerprints; one that changes what they are made of needs another name."""


def write_sarif(report: Report) -> str:
    """The report as one log with one run."""
    rules = list(dict.fromkeys(finding.rule for finding in report.findings))
    run = {
        "tool": {"driver": {"name": "ruhrmail", "version": __version__, "rules": [rule(one, report) for one in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": results(report, rules),
        "properties": {"summary": report.counts()},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def rule(name: str, report: Report) -> dict[str, Any]:
    """What is said of a rule once, whatever the number of its findings."""
    known = report.rules.get(name)
    found: dict[str, Any] = {"id": name}
    if known is None:
        return found
    help_text = f"{known.means}. Remedy: {known.remedy}."
    return found | {
        "shortDescription": {"text": known.means},
        "fullDescription": {"text": known.means},
        "help": {"text": help_text, "markdown": f"{known.means}\n\n**Remedy:** {known.remedy}"},
        "defaultConfiguration": {"level": LEVEL[known.severity]},
        "properties": {"tags": [name.partition("/")[0]]},
    }


def results(report: Report, rules: Sequence[str]) -> list[dict[str, Any]]:
    """A result for each finding."""
    return [
        {
            "ruleId": finding.rule,
            "ruleIndex": rules.index(finding.rule),
            "level": LEVEL[finding.severity],
            "message": {"text": "\n".join(filter(None, (report.message(finding), report.advice(finding))))},
            "locations": [location(finding, report)],
            "partialFingerprints": {FINGERPRINT: fingerprint},
        }
        for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
    ]


def location(finding: Finding, report: Report) -> dict[str, Any]:
    """Line and column of a file; a name alone for what has no lines, such as a variable of the environment."""
    if not finding.at.line:
        return {"logicalLocations": [{"fullyQualifiedName": report.path(finding)}]}
    region: dict[str, Any] = {"startLine": finding.at.line, "startColumn": max(1, finding.at.column)}
    if finding.at.excerpt:
        region["snippet"] = {"text": sound(finding.at.excerpt)}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(report.path(finding))}, "region": region}}
