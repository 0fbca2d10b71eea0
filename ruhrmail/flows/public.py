"""The public issues: those whose mailing began, and those that say `published: true`."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruhrmail.config import CONFIG_NAME, Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.edition import Edition
from ruhrmail.model.issue import Issue
from ruhrmail.model.public import Listed
from ruhrmail.parse import find_slugs, issue_path
from ruhrmail.source import load_document, validate
from ruhrmail.store import Store, public_slugs

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class PublicIssues:
    """Renders public issues on demand and keeps each until one of its files changes; several threads may ask.

    An issue whose file is broken at the moment keeps its last good page.
    """

    config: Config
    store: Store
    kept: dict[str, tuple[Stamp, Edition]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def issues(self) -> Sequence[Listed]:
        """Every public issue, in no order. Raises StoreError."""
        sent = public_slugs(self.store)
        found = ((slug, read_issue(self.config.project, slug)) for slug in slugs_of(self.config.project))
        return [
            Listed(slug, issue.title or issue.subject, issue.date, issue.number)
            for slug, issue in found
            if issue is not None and (issue.published or slug in sent)
        ]

    def page(self, slug: str) -> bytes | None:
        """The HTML of a public issue, None where there is none of that name. Raises StoreError."""
        edition = self.edition(slug)
        return None if edition is None else edition.web.encode()

    def asset(self, slug: str, name: str) -> tuple[bytes, str] | None:
        """Content and media type of a picture of a public issue. Raises StoreError."""
        edition = self.edition(slug)
        found = next((one for one in edition.assets if one.name == name), None) if edition else None
        return (found.content, found.media_type) if found else None

    def file(self, slug: str, name: str) -> tuple[bytes, str] | None:
        """Content and media type of an article's page or a calendar of a public issue. Raises StoreError."""
        edition = self.edition(slug)
        found = next((one for one in edition.files if one.name == name), None) if edition else None
        return (found.content, found.media_type) if found else None

    def edition(self, slug: str) -> Edition | None:
        """The edition of a public issue as its files are now, else as they were when they were last right."""
        if not self.is_public(slug):
            self.kept.pop(slug, None)
            return None
        with self.lock:
            stamp = stamp_of(self.config.project, slug)
            kept = self.kept.get(slug)
            if kept is not None and kept[0] == stamp:
                return kept[1]
            try:
                edition = make_edition(self.config, slug, None).edition
            except RuhrmailError:
                return kept[1] if kept else None
            self.kept[slug] = (stamp, edition)
            return edition

    def is_public(self, slug: str) -> bool:
        """True once the issue's mailing began, or when it says so itself; a broken file changes nothing."""
        issue = read_issue(self.config.project, slug)
        if issue is None:
            return slug in self.kept and is_there(self.config.project, slug)
        return issue.published or slug in public_slugs(self.store)


def slugs_of(project: Path) -> list[str]:
    """The slugs of a project, none while its issues cannot be read."""
    try:
        return find_slugs(project)
    except RuhrmailError:
        return []


def read_issue(project: Path, slug: str) -> Issue | None:
    """An issue's text, None where there is none or it is broken at the moment."""
    try:
        path = issue_path(project, slug)
        return validate(load_document(path, path.name), Issue)
    except RuhrmailError:
        return None


def is_there(project: Path, slug: str) -> bool:
    """Whether an issue has a file, right or broken."""
    try:
        issue_path(project, slug)
    except RuhrmailError:
        return False
    return True


def stamp_of(project: Path, slug: str) -> Stamp:
    """What changes when a file of an issue, a template or the settings change."""
    try:
        own = issue_path(project, slug)
    except RuhrmailError:
        return ()
    near = own.parent.rglob("*") if own.name == "issue.yaml" else project.joinpath("issues").glob("*.*")
    files = {own, project / CONFIG_NAME, *near, *project.joinpath("templates").rglob("*")}
    stats = ((str(file), file.stat()) for file in files if file.is_file())
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))
