"""Findings for other programs: a module for each format, all of them functions from Report to text."""

from collections.abc import Mapping

from ruhrmail.cli.formats.github import write_github
from ruhrmail.cli.formats.gitlab import write_gitlab
from ruhrmail.cli.formats.junit import write_junit
from ruhrmail.cli.formats.report import Format, Report, folder_in_repository
from ruhrmail.cli.formats.sarif import write_sarif

FORMATS: Mapping[str, Format] = {
    "junit": write_junit,
    "sarif": write_sarif,
    "github": write_github,
    "gitlab": write_gitlab,
}

__all__ = ["FORMATS", "Report", "folder_in_repository"]
