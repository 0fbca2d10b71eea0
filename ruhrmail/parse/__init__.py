"""YAML to Issue, every mistake with file, line and column."""

from ruhrmail.parse.issue import FOLDER, IssueFile, check_slug, find_misnamed, find_slugs, issue_path, load_issue

__all__ = ["FOLDER", "IssueFile", "check_slug", "find_misnamed", "find_slugs", "issue_path", "load_issue"]
