"""Findings that a project has had for long: noted in a file, counted, and not told again."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.finding import Finding
from ruhrmail.model.fingerprint import fingerprints
from ruhrmail.model.phrase import phrase

VERSION = 1
MAX_BYTES = 20_000_000
Covered = Callable[[str, str], bool]
"""Whether a run looked for findings of this rule on this file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A noted finding; rule and file are there for people, and to know whether a run could have met it."""

    fingerprint: str
    rule: str
    file: str


Baseline = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings to tell, how many were known, and the entries that fit no finding any more; `left_out` is how many
    errors nobody hears of, for their rules were not chosen."""

    findings: tuple[Finding, ...]
    known: int
    stale: tuple[Entry, ...]
    left_out: int = 0


def sift(findings: Sequence[Finding], baseline: Baseline, covered: Covered) -> Sifted:
    """Leaves out what the baseline notes."""
    noted = {entry.fingerprint for entry in baseline}
    marks = fingerprints(findings)
    fresh = tuple(finding for finding, mark in zip(findings, marks, strict=True) if mark not in noted)
    gone = noted.difference(marks)
    stale = tuple(entry for entry in baseline if entry.fingerprint in gone and covered(entry.rule, entry.file))
    return Sifted(fresh, len(findings) - len(fresh), stale)


def read_baseline(path: Path) -> Baseline:
    """The entries of a file. Raises UsageError where there is none, RuhrmailError for one that cannot be used."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        hint = phrase("make it with --write-baseline")
        raise UsageError(phrase("there is no file {file}", file=path), hint=hint) from error
    except OSError as error:
        reason = error.strerror or error
        raise RuhrmailError(phrase("{file} cannot be read: {reason}", file=path, reason=reason)) from error
    try:
        return entries_of(json.loads(raw))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = phrase("{file} is no baseline of this version of ruhrmail", file=path)
        raise RuhrmailError(message, hint=phrase("delete it, and make it anew with --write-baseline")) from error


def entries_of(data: Any) -> Baseline:
    """What the JSON of a baseline says. Raises TypeError, KeyError or ValueError for anything else."""
    if data["version"] != VERSION:
        raise ValueError(data["version"])
    rows = [(row["fingerprint"], row["rule"], row["file"]) for row in data["findings"]]
    if not all(isinstance(text, str) for row in rows for text in row):
        raise TypeError(rows)
    return tuple(Entry(*row) for row in rows)


def write_baseline(path: Path, findings: Sequence[Finding], kept: Iterable[Entry] = ()) -> None:
    """Notes the findings, and entries of an earlier baseline that this run did not look for.

    One entry a line, in the order of file and rule, so that a version control shows what came and went. The file is
    replaced whole. Raises RuhrmailError where it cannot be written.
    """
    new = (Entry(mark, one.rule, one.at.file) for one, mark in zip(findings, fingerprints(findings), strict=True))
    entries = sorted({*new, *kept}, key=lambda entry: (entry.file, entry.rule, entry.fingerprint))
    rows = ",\n".join(f"  {json.dumps(row(entry), ensure_ascii=True)}" for entry in entries)
    text = f'{{"version": {VERSION}, "findings": [\n{rows}\n]}}\n'
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(text.encode())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = phrase("{file} cannot be written: {reason}", file=path, reason=error.strerror or error)
        raise RuhrmailError(message, hint=phrase("check the folder's permissions and the space on the disk")) from error


def row(entry: Entry) -> dict[str, str]:
    """An entry as JSON has it."""
    return {"rule": entry.rule, "file": entry.file, "fingerprint": entry.fingerprint}
