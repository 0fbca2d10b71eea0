"""An issue's file to Issue."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.files import is_file
from ruhrmail.model.finding import Finding, has_errors, in_order
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.parse.facts import check_facts
from ruhrmail.parse.fields import check_fields
from ruhrmail.parse.pictures import check_pictures, named_pictures
from ruhrmail.source import Document, load_document, validate

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
FOLDER = "issues"


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue as it lies in the project: its slug, the folder its pictures are relative to, and its text."""

    slug: str
    folder: Path
    document: Document
    issue: Issue
    pictures: tuple[str, ...] = ()
    """Every `src`, relative to the folder."""
    findings: tuple[Finding, ...] = ()
    """Warnings; errors never get this far."""


def find_slugs(project: Path) -> list[str]:
    """The slugs of all issues of a project, in the order of their names."""
    folder = project / FOLDER
    folders = {path.parent.name for path in folder.glob("*/issue.yaml") if is_file(path)}
    found = folders | {path.stem for path in folder.glob("*.yaml") if is_file(path)}
    return sorted(slug for slug in found if SLUG.fullmatch(slug))


def check_slug(slug: str) -> None:
    """Raises RuhrmailError for what cannot name an issue."""
    if not SLUG.fullmatch(slug):
        raise RuhrmailError(
            phrase("{slug} cannot be the name of an issue", slug=slug),
            hint=phrase("letters a-z, digits, hyphens and dots, such as 2026-11"),
        )


def issue_path(project: Path, slug: str) -> Path:
    """The file of an issue: issues/SLUG/issue.yaml or issues/SLUG.yaml. Raises RuhrmailError."""
    check_slug(slug)
    folder, single = project / FOLDER / slug / "issue.yaml", project / FOLDER / f"{slug}.yaml"
    if is_file(folder) and is_file(single):
        raise RuhrmailError(
            phrase("the issue {slug} exists twice: issues/{slug}/issue.yaml and issues/{slug}.yaml", slug=slug),
            hint=phrase("rename or delete one of the two"),
        )
    if not is_file(folder) and not is_file(single):
        raise RuhrmailError(phrase("there is no issue {slug}", slug=slug), hint=known(find_slugs(project)))
    return folder if is_file(folder) else single


def known(slugs: Sequence[str]) -> Phrase:
    """The hint that names the issues there are."""
    if not slugs:
        return phrase("there is no issue yet: `ruhrmail new SLUG` makes one")
    return phrase("there are: {slugs}", slugs=", ".join(slugs[-8:]))


def load_issue(project: Path, slug: str, columns: Collection[str] | None) -> IssueFile:
    """Reads and checks one issue; `columns` are the names merge fields may use, None when any may.

    Raises InvalidInput with everything that is wrong, RuhrmailError where there is no such issue.
    """
    path = issue_path(project, slug)
    document = load_document(path, path.relative_to(project).as_posix())
    issue = validate(document, Issue)
    findings = in_order(
        [
            *check_fields(document, columns),
            *check_pictures(document, path.parent, project),
            *check_facts(document, issue),
        ]
    )
    if has_errors(findings):
        raise InvalidInput(findings)
    return IssueFile(slug, path.parent, document, issue, named_pictures(document), tuple(findings))
