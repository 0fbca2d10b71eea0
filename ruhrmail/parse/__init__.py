"""YAML to Issue, every mistake with file, line and column."""

from ruhrmail.parse.issue import IssueFile, check_slug, find_misnamed, issue_path, load_issue
from ruhrmail.slugs import FOLDER, find_slugs

__all__ = ["FOLDER", "IssueFile", "check_slug", "find_misnamed", "find_slugs", "issue_path", "load_issue"]
