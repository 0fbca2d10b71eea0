"""GitHub's workflow commands: lines in a job's log that become annotations at their lines of a pull request.

See "Workflow commands for GitHub Actions" in GitHub's documentation; the signs that must be escaped are those of the
official toolkit.
"""

from collections.abc import Mapping

from ruhrmail.cli.formats.report import Report
from ruhrmail.model.finding import Finding, Severity

COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def write_github(report: Report) -> str:
    """A command for each finding."""
    return "".join(f"{annotation(finding, report)}\n" for finding in report.findings)


def annotation(finding: Finding, report: Report) -> str:
    """`::error file=…,line=…,col=…,title=…::message`; what has no line is told of the run."""
    properties = {"title": finding.rule}
    if finding.at.line:
        place = {"file": report.path(finding), "line": str(finding.at.line), "col": str(max(1, finding.at.column))}
        properties = place | properties
    text = "\n".join(filter(None, (report.message(finding), report.advice(finding))))
    if not finding.at.line:
        text = f"{report.path(finding)}: {text}"
    listed = ",".join(f"{name}={value.translate(IN_PROPERTY)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {listed}::{text.translate(IN_MESSAGE)}"
