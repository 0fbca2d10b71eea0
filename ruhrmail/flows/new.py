"""A new issue."""

from datetime import date
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.parse import check_slug, find_slugs, issue_path
from ruhrmail.scaffold import write_issue
from ruhrmail.source import load_document, validate


def new_issue(config: Config, slug: str, today: date) -> Path:
    """Writes the next issue's file and gives its path. Raises RuhrmailError where the slug cannot be or exists."""
    check_slug(slug)
    if slug in find_slugs(config.project):
        raise RuhrmailError(phrase("there is an issue {slug} already", slug=slug), hint=phrase("choose another name"))
    return write_issue(config, slug, next_number(config.project), today)


def next_number(project: Path) -> int:
    """One more than the highest number of an issue that can be read."""
    numbers = [0]
    for slug in find_slugs(project):
        try:
            path = issue_path(project, slug)
            issue = validate(load_document(path, path.name), Issue)
        except InvalidInput:
            continue  # a broken neighbour must not keep anybody from beginning the next issue
        numbers.append(issue.number or 0)
    return max(numbers) + 1
