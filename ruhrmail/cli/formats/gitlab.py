"""GitLab's Code Quality report: a JSON array that the merge request's page compares with that of its target.

The fields are those that GitLab documents under "Code Quality report format".
"""

import json
from collections.abc import Mapping

from ruhrmail.cli.formats.report import Report
from ruhrmail.model.finding import Severity
from ruhrmail.model.fingerprint import fingerprints

SEVERITY: Mapping[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}
"""Of GitLab's five; `critical` and `blocker` are left to those whose trade is security."""


def write_gitlab(report: Report) -> str:
    """The report as one array; description and remedy in one text, for GitLab shows no other."""
    rows = [
        {
            "description": " – ".join(filter(None, (report.message(finding), report.advice(finding)))),
            "check_name": finding.rule,
            "fingerprint": fingerprint,
            "severity": SEVERITY[finding.severity],
            "location": {"path": report.path(finding), "lines": {"begin": max(1, finding.at.line)}},
        }
        for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
