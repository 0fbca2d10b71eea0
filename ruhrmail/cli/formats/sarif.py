"""SARIF 2.1.0 (OASIS), which GitHub code scanning and many editors read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ruhrmail import __version__
from ruhrmail.cli.formats.report import Report, sound
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.fingerprint import fingerprints
from ruhrmail.model.phrase import phrase
from ruhrmail.rulebook import Page

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVEL: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "ruhrmailFinding/v1"
"""The name of our way to make fingerprints; one that changes what they are made of needs another name."""


def write_sarif(report: Report) -> str:
    """The report as one log with one run."""
    rules = list(dict.fromkeys(finding.rule for finding in report.findings))
    run = {
        "tool": {"driver": {"name": "ruhrmail", "version": __version__, "rules": [rule(one, report) for one in rules]}},
        "language": report.translate.language,
        "columnKind": "unicodeCodePoints",
        "results": results(report, rules),
        "properties": {"summary": report.counts()},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def rule(name: str, report: Report) -> dict[str, Any]:
    """What is said of a rule once, whatever the number of its findings."""
    known, page = report.rules.get(name), report.manual(name)
    found: dict[str, Any] = {"id": name}
    if known is None or page is None:
        return found
    remedy = report.translate(phrase("What to do")), page.remedy
    return found | {
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.why or page.title},
        "help": {"text": f"{page.why} {remedy[0]}: {remedy[1]}".strip(), "markdown": markdown(page, report)},
        "defaultConfiguration": {"level": LEVEL[known.severity]},
        "properties": {"tags": [name.partition("/")[0]]},
    }


def markdown(page: Page, report: Report) -> str:
    """A manual page as code scanning shows it beside a finding."""
    bad, good, remedy = map(report.translate, (phrase("Bad"), phrase("Good"), phrase("What to do")))
    examples = [f"{label}:\n\n```\n{text}\n```" for label, text in ((bad, page.bad), (good, page.good)) if text]
    return "\n\n".join(filter(None, (page.why or page.title, *examples, f"**{remedy}:** {page.remedy}")))


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
