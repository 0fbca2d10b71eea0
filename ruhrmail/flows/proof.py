"""Issues as they look at this moment, rendered anew when their files change: what the preview shows."""

import os.path
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

from ruhrmail.config import CONFIG_NAME, Config, load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.edition import Made, make_edition
from ruhrmail.flows.roster import find_in_list, merge_columns, roster_path
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.theme import OVERRIDES, open_theme

ISSUES = "issues"
MISSING = "issue/missing"
MOST_LISTED = 500
"""Findings on the list that are kept."""
MOST_KEPT = 12
"""Issues that stay in memory; the one that nobody asked for longest goes first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An issue at one moment: how it looks, and what keeps its files from being shown as they are now.

    `made` is the last good state (None: it never was right since the preview began), `config` the settings it was made
    with. `look` is equal for equal mails, `revision` grows with everything that is rendered.
    """

    slug: str
    revision: int
    config: Config | None
    made: Made | None
    look: str = ""
    errors: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Proofs:
    """The issues of a project as they were last rendered. One thread renders and keeps; others may read `kept`, `stale`
    and `config`.

    `config` stays what it was when the settings cannot be read; `trouble` says why. `shelf` keeps fitted pictures.
    `listed` are findings on the list; once `closed`, nobody wants them any more.
    """

    project: Path
    environ: Mapping[str, str]
    shelf: Path
    config: Config | None = None
    columns: Collection[str] | None = None
    trouble: tuple[Finding, ...] = ()
    kept: dict[str, Proof] = field(default_factory=dict)
    stale: dict[str, int] = field(default_factory=dict)
    """Issues whose files changed since they were rendered, with the revision after which they did."""
    templates: set[str] = field(default_factory=set)
    listed: tuple[Finding, ...] = ()
    list_stamp: object = None
    closed: bool = False
    revisions: "count[int]" = field(default_factory=lambda: count(1))

    def open(self) -> None:
        """Reads settings and the list's columns; what is wrong with the settings becomes `trouble`."""
        try:
            self.config = load_config(self.project, self.environ)
        except InvalidInput as error:
            self.trouble = error.findings
            return
        self.trouble = ()
        self.columns = merge_columns(self.config)

    def note(self, paths: Iterable[Path]) -> None:
        """Takes notice of changed files: settings and columns are read again, issues they belong to become stale."""
        changed = set(paths)
        if self.project / CONFIG_NAME in changed:
            self.open()
        elif self.config is not None and roster_path(self.config) in changed:
            self.columns = merge_columns(self.config)
        if any(path.is_relative_to(self.project / OVERRIDES) for path in changed):
            self.note_templates()
        kept = tuple(self.kept.items())
        self.outdate([slug for slug, proof in kept if any(self.concerns(one, proof) for one in changed)])

    def note_all(self) -> None:
        """Anything may have changed, as after a time without news."""
        self.open()
        self.note_templates()
        self.outdate(self.kept)

    def outdate(self, slugs: Iterable[str]) -> None:
        """What was rendered of these issues until now is not what their files say."""
        self.stale.update(dict.fromkeys(slugs, next(self.revisions)))

    def note_templates(self) -> None:
        """Forgets read templates when the project has a new one: it stands before a packaged one of its name."""
        folder = self.project / OVERRIDES
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.j2")}
        if found - self.templates:
            open_theme.cache_clear()
        self.templates = found

    def concerns(self, path: Path, proof: Proof) -> bool:
        """Whether a changed file may change how an issue looks."""
        parts = path.relative_to(self.project).parts if path.is_relative_to(self.project) else ()
        if parts[:1] != (ISSUES,) or proof.made is None or len(parts) == 1:
            return True
        if parts[1] in (proof.slug, f"{proof.slug}.yaml"):
            return True
        return path in self.pictures(proof)

    def pictures(self, proof: Proof) -> frozenset[Path]:
        """The picture files that an issue names."""
        if proof.made is None:
            return frozenset()
        folder = proof.made.file.folder
        return frozenset(Path(shorten(folder / name)) for name in proof.made.file.pictures)

    def proof(self, slug: str) -> Proof:
        """The issue as it is now, rendered where that has not been done; its errors count at once."""
        known = self.kept.get(slug)
        if known is not None and slug not in self.stale:
            return known
        proof = self.render(slug)
        return proof if proof.made is None and is_missing_issue(proof) else self.keep(proof)

    def renew(self, slug: str) -> Proof:
        """The issue rendered from its files as they are now; not yet kept with errors: it may be half written."""
        proof = self.render(slug)
        return proof if proof.errors else self.keep(proof)

    def render(self, slug: str) -> Proof:
        """The same, not kept."""
        known, revision = self.kept.get(slug), next(self.revisions)
        if self.config is None:
            return Proof(slug, revision, None, None, errors=self.trouble)
        try:
            made = make_edition(self.config, slug, self.columns, shelf=self.shelf)
        except RuhrmailError as error:
            errors = findings_of(error, slug)
            if known is None:
                return Proof(slug, revision, self.config, None, errors=errors)
            return Proof(slug, revision, known.config, known.made, known.look, errors)
        return Proof(slug, revision, self.config, made, look_of(made))

    def keep(self, proof: Proof) -> Proof:
        """Makes a proof the one that is shown, unless a newer one is; returns that one. What changed since it was
        rendered keeps it stale."""
        known = self.kept.get(proof.slug)
        if known is not None and known.revision > proof.revision:
            return known
        self.kept.pop(proof.slug, None)
        self.kept[proof.slug] = proof
        if self.stale.get(proof.slug, 0) < proof.revision:
            self.stale.pop(proof.slug, None)
        while len(self.kept) > MOST_KEPT:
            self.kept.pop(next(iter(self.kept)))
        return proof

    def list_is_stale(self) -> bool:
        """Whether the list changed since `read_list`."""
        return self.config is not None and self.list_stamp != stamp_of_list(self.config)

    def read_list(self) -> None:
        """Reads the list from beginning to end for its findings, of which the first few hundred are kept."""
        if self.config is not None:
            stamp = stamp_of_list(self.config)
            self.listed = tuple(islice(find_in_list(self.config, lambda: self.closed), MOST_LISTED))
            self.list_stamp = stamp

    def folders(self) -> frozenset[Path]:
        """The folders to be followed with all that is in them: issues, templates, and those of pictures elsewhere."""
        own = {self.project / ISSUES, self.project / OVERRIDES}
        logo = self.config.settings.theme.logo if self.config else None
        pictures = {path for proof in tuple(self.kept.values()) for path in self.pictures(proof)}
        if logo:
            pictures.add(Path(shorten(self.project / logo)))
        others = {path.parent for path in pictures if path.parent != self.project}
        return frozenset(own | {one for one in others if not any(one.is_relative_to(each) for each in own)})


def shorten(path: Path) -> str:
    """A path without `..`, its links as they are."""
    return os.path.normpath(path)


def look_of(made: Made) -> str:
    """What is equal for issues whose mails and pages look the same."""
    digest = sha256()
    for edition in made.editions:
        digest.update(repr((edition.subject, edition.preheader, edition.html, edition.text)).encode())
    digest.update(made.edition.web.encode())
    for file in made.edition.files:
        digest.update(file.name.encode() + file.content)
    return digest.hexdigest()[:16]


def stamp_of_list(config: Config) -> tuple[object, ...]:
    """What changes when the list does, or how it is read."""
    path = roster_path(config)
    try:
        stat = path.stat()
    except OSError:
        return (path,)
    basis, smtputf8 = config.newsletter.legal_basis, config.settings.delivery.smtputf8
    return path, stat.st_mtime_ns, stat.st_size, stat.st_ino, bool(basis), smtputf8


def is_missing_issue(proof: Proof) -> bool:
    """Whether there is no issue of this name."""
    return any(one.rule == MISSING for one in proof.errors)


def findings_of(error: RuhrmailError, slug: str) -> tuple[Finding, ...]:
    """All that an error says, as findings."""
    if isinstance(error, InvalidInput):
        return error.findings
    return (Finding(MISSING, "error", error.at or Location(f"{ISSUES}/{slug}"), error.message, error.hint),)
