"""The public issues: those whose mailing began, and those that say `published: true`."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from ruhrmail.archive import Masthead, make_leaf, public_files
from ruhrmail.config import Config
from ruhrmail.config.redirects import moved_to
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.imprint import imprint_lines
from ruhrmail.flows.stamps import FileStamp, Stamp, file_stamp, stamp_of
from ruhrmail.model.edition import Edition
from ruhrmail.model.issue import Issue
from ruhrmail.model.public import Listed
from ruhrmail.parse import find_slugs, issue_path
from ruhrmail.source import load_document, validate
from ruhrmail.store import Store, public_slugs

PUBLISHED = re.compile(rb"^published:\s*(?:true|yes|on)\b", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """An issue as it is served: its edition, and its listed pages with what machines read. `published`: its text says
    that it is public."""

    stamp: Stamp
    published: bool
    edition: Edition
    files: Mapping[str, bytes]


@dataclass(slots=True)
class PublicIssues:
    """Renders public issues on demand and keeps each until one of its files changes; several threads may ask.

    An issue whose file is broken at the moment keeps its last good page; nothing is kept that was not public when it
    was rendered.
    """

    config: Config
    store: Store
    kept: dict[str, Shown] = field(default_factory=dict)
    texts: dict[str, tuple[FileStamp, Issue | None]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ask: Callable[[Store], frozenset[str]] = public_slugs
    """The issues whose mailing began, from the store."""

    def issues(self) -> Sequence[Listed]:
        """Every public issue, in no order. Raises StoreError."""
        sent = self.sent()
        found = ((slug, self.read(slug)) for slug in slugs_of(self.config.project))
        return [
            Listed(slug, issue.title or issue.subject, issue.date, issue.number)
            for slug, issue in found
            if issue is not None and (issue.published or slug in sent)
        ]

    def slugs(self) -> Sequence[str]:
        """The public issues that can be read, the newest first. Raises StoreError."""
        newest = sorted(self.issues(), key=lambda one: (one.date, one.slug), reverse=True)
        return [one.slug for one in newest]

    def moved(self, place: str) -> str | None:
        """Where `SLUG/` or `SLUG/NAME` is now, None where it never moved."""
        return moved_to(self.config.settings.redirects, place)

    def page(self, slug: str) -> bytes | None:
        """The HTML of a public issue, None where there is none of that name. Raises StoreError."""
        shown = self.shown(slug)
        return None if shown is None else shown.files["index.html"]

    def asset(self, slug: str, name: str) -> tuple[bytes, str] | None:
        """Content and media type of a picture of a public issue. Raises StoreError."""
        edition = self.edition(slug)
        found = next((one for one in edition.assets if one.name == name), None) if edition else None
        return (found.content, found.media_type) if found else None

    def file(self, slug: str, name: str) -> tuple[bytes, str] | None:
        """Content and media type of an article's page or a calendar of a public issue. Raises StoreError."""
        shown = self.shown(slug)
        found = next((one for one in shown.edition.files if one.name == name), None) if shown else None
        return (shown.files.get(name, found.content), found.media_type) if shown and found else None

    def edition(self, slug: str) -> Edition | None:
        """The edition of a public issue. Raises StoreError."""
        shown = self.shown(slug)
        return shown.edition if shown else None

    def shown(self, slug: str) -> Shown | None:
        """A public issue as its files are now, else as they were when they were last right. Raises StoreError."""
        if not self.is_public(slug):
            self.drop(slug)
            return None
        with self.lock:
            return self.renewed(slug)

    def drop(self, slug: str) -> None:
        """Forgets an issue; one that is being rendered is waited for."""
        with self.lock:
            self.kept.pop(slug, None)

    def renewed(self, slug: str) -> Shown | None:
        """The same of one that was public when it was asked for; whoever calls has the lock."""
        stamp = stamp_of(self.config.project, slug, self.config.settings.theme.logo)
        kept = self.kept.get(slug)
        if kept is not None and kept.stamp == stamp:
            return kept
        try:
            fresh = self.show(slug, stamp)
        except RuhrmailError:
            return kept
        if not (fresh.published or slug in self.sent()):  # withdrawn since it was asked for
            self.kept.pop(slug, None)
            return None
        self.kept[slug] = fresh
        return fresh

    def show(self, slug: str, stamp: Stamp) -> Shown:
        """An issue rendered. Raises InvalidInput."""
        made = make_edition(self.config, slug, None, shelf=self.config.state_folder / "pictures")
        leaf = make_leaf(made.edition, made.file.issue.date, made.file.issue.number)
        files = public_files(masthead_as_served(self.config), made.edition, leaf)
        pages = {name: page for name, page in files.items() if name.endswith(".html")}
        return Shown(stamp, made.file.issue.published, made.edition, pages)

    def is_public(self, slug: str) -> bool:
        """True once the issue's mailing began, or when it says so itself; a broken file changes nothing."""
        issue = self.read(slug)
        if issue is None:
            return slug in self.kept and is_there(self.config.project, slug)
        return issue.published or slug in self.sent()

    def sent(self) -> frozenset[str]:
        """The issues whose mailing began, under this name or an earlier one. Raises StoreError."""
        return with_new_names(self.ask(self.store), self.config.settings.redirects)

    def read(self, slug: str) -> Issue | None:
        """An issue's text, read again where its file changed; None where there is none or it is broken."""
        stamp = file_stamp(self.config.project, slug)
        kept = self.texts.get(slug)
        if kept is None or kept[0] != stamp:
            kept = (stamp, read_issue(self.config.project, slug))
            self.texts[slug] = kept
        return kept[1]


def with_new_names(slugs: frozenset[str], redirects: Mapping[str, str]) -> frozenset[str]:
    """The slugs, and what issues that had these names are called now."""
    found = (moved_to(redirects, f"{old}/") for old in redirects if old in slugs)
    return slugs | {new.partition("/")[0] for new in found if new}


def masthead_as_served(config: Config) -> Masthead:
    """The same where the web service shows it: its form is on the same host, whatever that is called."""
    return replace(masthead_of(config), form=f"{urlsplit(config.url).path.rstrip('/')}/subscribe")


def masthead_of(config: Config) -> Masthead:
    """Whose archive it is."""
    language = config.newsletter.language
    return Masthead(
        name=config.newsletter.name,
        language=language,
        url=config.url,
        colors=config.settings.theme.colors,
        organisation=config.imprint.organisation,
        imprint=imprint_lines(config, language),
        contact=config.imprint.email,
        privacy=config.settings.consent.privacy or "",
    )


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


def says_published(project: Path, slug: str) -> bool:
    """Whether an issue that is broken at the moment wants to be public, as far as its text tells."""
    try:
        text = issue_path(project, slug).read_bytes()
    except (RuhrmailError, OSError):
        return False
    return PUBLISHED.search(text) is not None


def is_there(project: Path, slug: str) -> bool:
    """Whether an issue has a file, right or broken."""
    try:
        issue_path(project, slug)
    except RuhrmailError:
        return False
    return True
