"""JUnit XML, as Jenkins, GitLab and others show test results: a suite for each file, a case for each finding.

What gives exit code 1 is a failure; the rest are cases that passed and say something.
"""

import re
from itertools import groupby
from xml.etree import ElementTree

from ruhrmail.cli.formats.report import Report
from ruhrmail.model.finding import Finding

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
NAME = "ruhrmail check"


def write_junit(report: Report) -> str:
    """The report as one XML document."""
    root = ElementTree.Element("testsuites", name=NAME)
    for file, findings in groupby(report.findings, lambda finding: finding.at.file):
        write_suite(root, file, list(findings), report)
    if not report.findings:
        suite = ElementTree.SubElement(root, "testsuite", name=NAME, tests="1", failures="0", errors="0", skipped="0")
        ElementTree.SubElement(suite, "testcase", name=NAME, classname=NAME)
    failures = sum(map(report.fails, report.findings))
    root.attrib |= {"tests": str(len(report.findings) or 1), "failures": str(failures), "errors": "0"}
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def write_suite(root: ElementTree.Element, file: str, findings: list[Finding], report: Report) -> None:
    """The findings on one file."""
    failures = sum(map(report.fails, findings))
    numbers = {"tests": str(len(findings)), "failures": str(failures), "errors": "0", "skipped": "0"}
    name = clean(report.path(findings[0]))
    suite = ElementTree.SubElement(root, "testsuite", {"name": name, "file": name, **numbers})
    for finding in findings:
        title = f"{finding.rule} {finding.at.line}:{finding.at.column}" if finding.at.line else finding.rule
        case = ElementTree.SubElement(suite, "testcase", name=title, classname=name)
        write_outcome(case, finding, report)


def write_outcome(case: ElementTree.Element, finding: Finding, report: Report) -> None:
    """A failure, or what a case that passed has to say."""
    message = report.message(finding)
    text = clean("\n".join(filter(None, (f"{finding.at}: {message}", finding.at.excerpt, report.advice(finding)))))
    if report.fails(finding):
        ElementTree.SubElement(case, "failure", type=finding.severity, message=clean(message)).text = text
    else:
        ElementTree.SubElement(case, "system-out").text = f"{finding.severity}: {text}"


def clean(text: str) -> str:
    """The text without characters that no XML document may hold."""
    return FORBIDDEN.sub("\ufffd", text)
