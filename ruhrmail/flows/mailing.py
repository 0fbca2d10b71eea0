"""A mailing's beginning: what it sends, and the guard against sending something else under its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from ruhrmail.compose import SAMPLE_PERSON, fill_subject, prepare
from ruhrmail.config import Config
from ruhrmail.errors import ChangedIssue
from ruhrmail.flows.edition import Made, make_edition
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.roster import merge_columns
from ruhrmail.model.edition import Edition
from ruhrmail.model.finding import Finding
from ruhrmail.model.mail import PreparedMessage
from ruhrmail.model.merge import MergeField
from ruhrmail.model.phrase import phrase
from ruhrmail.parse import issue_path
from ruhrmail.store import Destination, Mailing, NewMailing

SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mailing that has not begun: `messages` by variant, the variants of each field without a default, what was
    found, and the day that the issue says it appears."""

    new: NewMailing
    messages: Mapping[str, PreparedMessage]
    fields: Mapping[str, frozenset[str]]
    findings: tuple[Finding, ...]
    day: date


def draft_mailing(config: Config, slug: str, destination: Destination, machine: Machine, audience: str = "") -> Draft:
    """Builds the issue and prepares a message for each variant. Raises InvalidInput for errors in it."""
    made = make_edition(config, slug, merge_columns(config))
    edition = made.edition
    new = NewMailing(
        issue=slug,
        subject=fill_subject(edition.subject, SAMPLE_PERSON, edition.language),
        sender=sender_line(config),
        domain=config.newsletter.sender.address.rpartition("@")[2],
        manifest=manifest_of(config, made),
        audience=audience,
        destination=destination,
        legal_basis=config.newsletter.legal_basis or "",
        variants=made.variants,
    )
    headers = headers_of(config, machine.now())
    prepared = {one.variant: prepare(one, headers) for one in made.editions}
    return Draft(new, prepared, fields_without_default(made), made.file.findings, made.file.issue.date)


def sender_line(config: Config) -> str:
    """The From line as people read it."""
    sender = config.newsletter.sender
    return f"{sender.name} <{sender.address}>"


def fields_without_default(made: Made) -> dict[str, frozenset[str]]:
    """The columns whose empty values leave a gap in the mail, each with the variants that it is in."""
    found = {one.variant: gaps_of(one) for one in made.editions}
    return {
        name: frozenset(variant for variant, names in found.items() if name in names)
        for name in sorted(frozenset().union(*found.values()))
    }


def gaps_of(edition: Edition) -> frozenset[str]:
    """The columns that one variant names without a default."""
    parts = (*edition.subject, *edition.preheader, *edition.html, *edition.text)
    fields = (part for part in parts if isinstance(part, MergeField) and not part.default)
    return frozenset(field.name for field in fields if field.name.isidentifier() and field.name != "greeting")


def manifest_of(config: Config, made: Made) -> dict[str, str]:
    """SHA-256 of the issue's file and of every picture it names, by path relative to the project, and the sender.

    Paths are as the project names them: what a link leads to may lie elsewhere.
    """
    file = made.file
    paths = {file.document.path, *(file.folder / src for src in file.pictures)}
    return {
        **{path.relative_to(config.project).as_posix(): digest(path) for path in paths},
        SENDER: sender_line(config),
    }


def content_hash(manifest: Mapping[str, str]) -> str:
    """SHA-256 of a manifest: one value for the whole content, as an approval names it."""
    lines = "".join(f"{name}\0{value}\n" for name, value in sorted(manifest.items()))
    return sha256(lines.encode()).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file, empty where it is gone."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_changes(config: Config, mailing: Mailing) -> list[str]:
    """The issue's files, and `sender`, that are not as they were when the mailing began."""
    now = {name: digest(config.project / name) for name in mailing.manifest if name != SENDER}
    now[SENDER] = sender_line(config)
    changed = sorted(name for name, value in mailing.manifest.items() if now[name] != value)
    own = issue_path(config.project, mailing.issue).relative_to(config.project).as_posix()
    if own not in mailing.manifest:
        changed.append(own)
    return changed


def changed_issue(mailing: Mailing, changed: Sequence[str]) -> ChangedIssue:
    """The refusal to send something else under the name of a mailing that has reached people."""
    if mailing.prepared_at is None:
        return ChangedIssue(
            phrase(
                "{slug} changed since it was scheduled on {day}: {what}",
                slug=mailing.issue,
                day=mailing.started_at.date().isoformat(),
                what=", ".join(changed),
            ),
            hint=phrase("restore it as it was (git shows how), or schedule it anew with --at and see the new plan"),
        )
    return ChangedIssue(
        phrase(
            "{slug} changed since its mailing began on {day}: {what}",
            slug=mailing.issue,
            day=mailing.started_at.date().isoformat(),
            what=", ".join(changed),
        ),
        hint=phrase("restore it as it was (git shows how), or send the new text as an issue of its own"),
    )
