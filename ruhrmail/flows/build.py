"""Issues to files: mail.html, mail.txt, mail.eml (and mail.VARIANT.…), index.html, calendars and assets/."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from ruhrmail.compose import SAMPLE_PERSON, fill_html, fill_text, sample
from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.edition import Made, make_edition
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.roster import merge_columns
from ruhrmail.model.edition import Edition
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.parse import find_slugs
from ruhrmail.tokens import SAMPLE_TOKEN

ASSET_NAME = re.compile(r"[0-9a-f]{16}\.(?:jpg|png)")
VARIANT_NAME = re.compile(r"mail\..+\.(?:html|txt|eml)")
CALENDAR_NAME = re.compile(r"[a-z0-9-]+\.ics")
MAX_LABEL = 80


@dataclass(frozen=True, slots=True)
class BuiltIssue:
    """Where an issue was written, and how large its HTML is."""

    slug: str
    folder: Path
    kilobytes: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Built:
    """What was written, and what was found on the way; an issue with errors is not written."""

    issues: tuple[BuiltIssue, ...]
    findings: tuple[Finding, ...]


def build_issues(config: Config, slugs: Sequence[str], out: Path) -> Built:
    """Writes the named issues (none named: all) to `out`/SLUG. Raises RuhrmailError where one does not exist."""
    columns = merge_columns(config)
    built: list[BuiltIssue] = []
    findings: list[Finding] = []
    for slug in slugs or find_slugs(config.project):
        try:
            made = make_edition(config, slug, columns)
        except InvalidInput as error:
            findings.extend(error.findings)
            continue
        findings.extend(made.file.findings)
        built.append(write_issue(config, made, out / slug))
    return Built(tuple(built), tuple(findings))


def write_issue(config: Config, made: Made, folder: Path) -> BuiltIssue:
    """Writes one issue for a made-up reader, each file whole or not at all; files no longer made are deleted."""
    edition = made.edition
    mails = {name: content for one in made.editions for name, content in sample_files(config, made, one)}
    files = {
        **mails,
        "index.html": edition.web.encode(),
        **{file.name: file.content for file in edition.files},
        **{f"assets/{asset.name}": asset.content for asset in edition.assets},
    }
    try:
        for name, content in files.items():
            write_file(folder / name, content)
        delete_stale(folder, files)
    except OSError as error:
        message = phrase("{file} cannot be written: {reason}", file=error.filename or folder, reason=error.strerror)
        raise RuhrmailError(message, hint=phrase("check the folder's permissions and the space on the disk")) from error
    return BuiltIssue(made.file.slug, folder, round(len(mails["mail.html"]) / 1024), len(edition.assets))


def sample_files(config: Config, made: Made, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The three files of one variant's mail: `mail.html`, for others than the first `mail.kultur.html`."""
    stem = ".".join(("mail", file_label(made, edition.variant))) if edition.variant else "mail"
    yield f"{stem}.html", fill_html(edition.html, SAMPLE_PERSON, edition.language, SAMPLE_TOKEN).encode()
    yield f"{stem}.txt", fill_text(edition.text, SAMPLE_PERSON, edition.language, SAMPLE_TOKEN).encode()
    yield f"{stem}.eml", sample(edition, headers_of(config, sample_date(made)))


def file_label(made: Made, variant: str) -> str:
    """A variant's name as part of a file's name: other signs than letters, digits, `+`, `-` and `_` become `-`."""
    labels = [re.sub(r"[^\w+-]+", "-", one.variant)[:MAX_LABEL] for one in made.editions]
    number = next(number for number, one in enumerate(made.editions) if one.variant == variant)
    same = labels[:number].count(labels[number])
    return f"{labels[number]}-{same + 1}" if same else labels[number]


def sample_date(made: Made) -> datetime:
    """The sample message's Date: the issue's day at noon, so that two builds are the same."""
    return datetime.combine(made.file.issue.date, time(12), tzinfo=UTC)


def write_file(path: Path, content: bytes) -> None:
    """Replaces a file at once; one that holds the same bytes is left alone."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


def delete_stale(folder: Path, wanted: Container[str]) -> None:
    """Deletes pictures, variants and calendars of earlier builds; only files whose names a build gives."""
    for names, pattern in (("*", VARIANT_NAME), ("*", CALENDAR_NAME), ("assets/*", ASSET_NAME)):
        for path in folder.glob(names):
            if pattern.fullmatch(path.name) and path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
