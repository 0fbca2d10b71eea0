"""The evidence sheet of a person's consent."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.consent import Section, Subject, make_sheet
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.people import look_at
from ruhrmail.flows.roster import roster_path
from ruhrmail.model.phrase import phrase


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sheet, and whether it proves that somebody agreed, or that a basis was declared."""

    sections: tuple[Section, ...]
    proves: bool


def prove(config: Config, text: str, machine: Machine) -> Evidence:
    """The sheet of an address. Raises RuhrmailError where nothing is stored about it, UsageError, StoreError."""
    portrait = look_at(config, text, machine)
    imprint, record = config.imprint, portrait.record
    subject = Subject(
        portrait.address,
        config.newsletter.name,
        (imprint.organisation, imprint.street, imprint.city, imprint.email),
        portrait.standing,
        record.suppression,
        record.person,
    )
    sections = make_sheet(subject, record.consents, machine.now())
    return Evidence(sections, portrait.proof is not None and portrait.proof.kind != "asked")


def spare(config: Config, path: Path) -> None:
    """Raises UsageError where a file that is to be written is the project's own list, or what the store keeps."""
    target = path.resolve()
    if target == roster_path(config).resolve() or config.state_folder.resolve() in target.parents:
        raise UsageError(
            phrase("{file} is the project's own: it is never written over", file=path),
            hint=phrase("name another file"),
        )


def write_private(path: Path, parts: Iterable[str]) -> None:
    """Writes a file for its owner alone, for it holds personal data, in UTF-8 as it comes. Raises RuhrmailError."""
    try:
        path.touch(mode=0o600)
        if path.is_file():
            path.chmod(0o600)  # it may have been there, for others to read
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RuhrmailError(phrase("{file} cannot be written: {reason}", file=path, reason=reason)) from error
