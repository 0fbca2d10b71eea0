"""An issue's file to Issue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.files import is_file
from ruhrmail.model.finding import Finding, has_errors, in_order
from ruhrmail.model.issue import Issue
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.parse.facts import check_facts
from ruhrmail.parse.fields import check_fields
from ruhrmail.parse.pictures import check_pictures, named_pictures
from ruhrmail.slugs import FOLDER, SLUG, find_slugs, has_file, issue_files
from ruhrmail.source import Document, load_document, validate


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


def find_misnamed(project: Path) -> list[Finding]:
    """A warning for every issue that no command finds because of its name."""
    return [
        Finding("issue/name", "warning", Location(path.relative_to(project).as_posix()), cannot_name(slug), SLUG_RULE)
        for slug, path in issue_files(project)
        if not SLUG.fullmatch(slug)
    ]


def check_slug(slug: str) -> None:
    """Raises RuhrmailError for what cannot name an issue."""
    if not SLUG.fullmatch(slug):
        raise RuhrmailError(cannot_name(slug), hint=SLUG_RULE)


def cannot_name(slug: str) -> Phrase:
    """What is said about a name that is none."""
    return phrase("{slug} cannot be the name of an issue", slug=slug)


SLUG_RULE = phrase("letters a-z, digits, hyphens and dots, such as 2026-11")


def issue_path(project: Path, slug: str) -> Path:
    """issues/SLUG/issue.yaml or issues/SLUG.yaml. Raises InvalidInput where both are there, RuhrmailError for none."""
    check_slug(slug)
    folder, single = project / FOLDER / slug / "issue.yaml", project / FOLDER / f"{slug}.yaml"
    if has_file(folder) and is_file(single):
        at = Location(single.relative_to(project).as_posix())
        message = phrase("the issue {slug} exists twice: issues/{slug}/issue.yaml and issues/{slug}.yaml", slug=slug)
        raise InvalidInput([Finding("issue/twice", "error", at, message, phrase("rename or delete one of the two"))])
    if not has_file(folder) and not is_file(single):
        raise RuhrmailError(phrase("there is no issue {slug}", slug=slug), hint=known(find_slugs(project)))
    return folder if has_file(folder) else single


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
    found = [*check_fields(document, columns), *check_pictures(document, path.parent, project)]
    try:
        issue = validate(document, Issue)
    except InvalidInput as error:
        raise InvalidInput(in_order([*error.findings, *found])) from None
    findings = in_order([*found, *check_facts(document, issue)])
    if has_errors(findings):
        raise InvalidInput(findings)
    return IssueFile(slug, path.parent, document, issue, named_pictures(document), tuple(findings))
