"""Who approved what, as files in the project: `approvals/SLUG.yaml`, kept in git beside what was approved."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AwareDatetime, Field

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.files import is_file, replace_text
from ruhrmail.flows.mailing import content_hash
from ruhrmail.model.account import Approval
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.model.written import Line, Written
from ruhrmail.source import load_document, validate

FOLDER = "approvals"
MOST = 100
"""A file holds the latest so many; git has the older ones."""
HEADER = """\
# Who approved what: written by `ruhrmail approve`. Commit this file; to take an approval back, remove its entry.
"""
SHA256 = r"^[0-9a-f]{64}$"


class Entry(Written):
    """One approval as the file holds it; `files` is the manifest that `sha256` is made of."""

    sha256: Annotated[str, Field(pattern=SHA256)]
    by: Line
    at: AwareDatetime
    subject: str = ""
    recipients: Annotated[int, Field(ge=0)]
    warnings: Annotated[int, Field(ge=0)] = 0
    notes: Annotated[int, Field(ge=0)] = 0
    files: dict[str, str]


class Trail(Written):
    """The whole file, the oldest entry first."""

    approvals: tuple[Entry, ...] = ()


def trail_path(config: Config, slug: str) -> Path:
    """Where an issue's approvals stand."""
    return config.project / FOLDER / f"{slug}.yaml"


def read_trail(config: Config, slug: str) -> tuple[Approval, ...]:
    """An issue's approvals, oldest first; none where there is no file, or no entry left in it. One whose hash is not
    that of its files counts for nothing. Raises InvalidInput."""
    found = read_entries(config, slug)
    return tuple(approval_of(slug, one) for one, _ in found if content_hash(one.files) == one.sha256)


def changed_entry(config: Config, slug: str) -> Location | None:
    """Where the first entry stands whose hash is not that of its files. Raises InvalidInput."""
    found = read_entries(config, slug)
    return next((at for one, at in found if content_hash(one.files) != one.sha256), None)


def read_entries(config: Config, slug: str) -> tuple[tuple[Entry, Location], ...]:
    """The entries of an issue's file and where each stands. Raises InvalidInput."""
    path = trail_path(config, slug)
    if not is_file(path) or is_empty(path.read_text(encoding="utf-8", errors="replace")):
        return ()
    document = load_document(path, config.name_of(path))
    entries = validate(document, Trail).approvals
    return tuple((one, document.at_value(("approvals", number))) for number, one in enumerate(entries))


def is_empty(text: str) -> bool:
    """Whether somebody has removed the last entry: nothing is left but remarks and the key."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line] in ([], ["approvals:"])


def approval_of(slug: str, one: Entry) -> Approval:
    """The value that an entry stands for."""
    return Approval(
        slug, one.sha256, one.files, one.by, one.at.astimezone(UTC), one.recipients, one.warnings, one.notes,
        one.subject,
    )  # fmt: skip


def write_trail(config: Config, slug: str, approvals: Sequence[Approval]) -> Path:
    """Writes an issue's approvals, whole or not at all. Raises RuhrmailError."""
    path = trail_path(config, slug)
    entries = [entry_of(one) for one in approvals[-MOST:]]
    text = HEADER + yaml.safe_dump({"approvals": entries}, allow_unicode=True, sort_keys=False, width=120)
    try:
        replace_text(path, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RuhrmailError(
            phrase("{file} cannot be written: {reason}", file=config.name_of(path), reason=reason)
        ) from error
    return path


def entry_of(one: Approval) -> dict[str, object]:
    """The entry that a value stands in."""
    return {
        "sha256": one.sha256, "by": one.by, "at": one.at.isoformat(timespec="seconds"), "subject": one.subject,
        "recipients": one.recipients, "warnings": one.warnings, "notes": one.notes,
        "files": dict(sorted(one.manifest.items())),
    }  # fmt: skip
