"""YAML to Issue, every mistake with file, line and column."""

from ruhrmail.parse.issue import IssueFile, check_slug, find_misnamed, find_slugs, issue_path, load_issue

__all__ = ["IssueFile", "check_slug", "find_misnamed", "find_slugs", "issue_path", "load_issue"]
