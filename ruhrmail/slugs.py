"""Where issues lie, and what may be their name. Light: shells ask for it at every press of the tabulator key."""

import re
from collections.abc import Iterator
from pathlib import Path

from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_file, is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
FOLDER = "issues"


def find_slugs(project: Path) -> list[str]:
    """The slugs of all issues of a project, in the order of their names."""
    return sorted({slug for slug, _ in issue_files(project) if SLUG.fullmatch(slug)})


def issue_files(project: Path) -> Iterator[tuple[str, Path]]:
    """Every file that holds an issue, readable or not, and how the issue is called. Raises InvalidInput."""
    folder = project / FOLDER
    if is_missing(folder):
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        message = phrase("the issues cannot be read: {reason}", reason=error.strerror or error)
        hint = phrase("check the permissions of the folder issues/")
        raise InvalidInput([Finding("issue/unreadable", "error", Location(FOLDER), message, hint)]) from error
    for entry in entries:
        if entry.suffix == ".yaml" and is_file(entry):
            yield entry.stem, entry
        elif has_file(entry / "issue.yaml"):
            yield entry.name, entry / "issue.yaml"


def has_file(path: Path) -> bool:
    """True for a file, also one that cannot be reached."""
    return is_file(path) or (path.parent.is_dir() and not is_missing(path))
