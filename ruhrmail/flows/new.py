"""A new issue, from the pattern or from another issue."""

from datetime import date
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.parse import FOLDER, check_slug, find_slugs, issue_path
from ruhrmail.scaffold import copy_issue, write_issue
from ruhrmail.source import load_document, validate


def new_issue(config: Config, slug: str, today: date) -> Path:
    """Writes the next issue's file and gives its path. Raises RuhrmailError where the slug cannot be or exists."""
    refuse_taken(config.project, slug)
    return write_issue(config, slug, next_number(config.project), today)


def copy_to(config: Config, slug: str, source: str, today: date) -> Path:
    """Writes a new issue with the text and the pictures of another one, and gives its path.

    Raises RuhrmailError where the slug cannot be or exists, or there is no issue `source`.
    """
    refuse_taken(config.project, slug)
    path = issue_path(config.project, source)
    document = load_document(path, path.relative_to(config.project).as_posix())
    target = config.project / FOLDER / slug / "issue.yaml"
    copy_issue(document, target, next_number(config.project), today, config.project)
    return target


def refuse_taken(project: Path, slug: str) -> None:
    """Raises RuhrmailError for a name that no new issue can have."""
    check_slug(slug)
    if slug in find_slugs(project):
        raise RuhrmailError(phrase("there is an issue {slug} already", slug=slug), hint=phrase("choose another name"))


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
