"""Issues to files: mail.html, mail.txt, mail.eml (mail.VARIANT.…), index.html, pages, calendars and assets/."""

import json
import os
import re
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import chain
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
from ruhrmail.parse import find_misnamed, find_slugs
from ruhrmail.tokens import SAMPLE_TOKEN

ASSET_NAME = re.compile(r"[0-9a-f]{16}\.(?:jpg|png)")
FILE_NAME = re.compile(r"\w[\w.+-]*\.(?:html|txt|eml|ics)")
DRAFT = re.compile(r"\.(.+)\.\d+-\d+\.new")
"""What a file is called until it is whole; a process that is killed leaves it there."""
MAX_LABEL = 80
MANIFEST = ".ruhrmail-build.json"
"""Names the files of the last build, so that the next one deletes those it does not write again, and no others."""


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
    findings = [] if slugs else find_misnamed(config.project)
    for slug in slugs or find_slugs(config.project):
        try:
            made = make_edition(config, slug, columns, shelf=config.state_folder / "pictures")
        except InvalidInput as error:
            findings.extend(error.findings)
            continue
        findings.extend(made.file.findings)
        built.append(write_issue(config, made, out / slug))
    return Built(tuple(built), tuple(findings))


def write_issue(config: Config, made: Made, folder: Path) -> BuiltIssue:
    """Writes one issue for a made-up reader, each file whole or not at all; files of earlier builds are deleted."""
    edition = made.edition
    mails = dict(chain.from_iterable(sample_files(config, made, one) for one in made.editions))
    files = {
        **mails,
        "index.html": edition.web.encode(),
        **{file.name: file.content for file in edition.files},
        **{f"assets/{asset.name}": asset.content for asset in edition.assets},
    }
    try:
        note_files(folder, {*earlier_files(folder), *files})
        for name, content in files.items():
            write_file(folder / name, content)
        delete_stale(folder, files)
        note_files(folder, files)
    except OSError as error:
        message = phrase("{file} cannot be written: {reason}", file=error.filename or folder, reason=error.strerror)
        raise RuhrmailError(message, hint=phrase("check the folder's permissions and the space on the disk")) from error
    return BuiltIssue(made.file.slug, folder, round(len(mails["mail.html"]) / 1024), len(edition.assets))


def sample_files(config: Config, made: Made, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The three files of one variant's mail: `mail.html`, for others than the first `mail.kultur.html`."""
    stem = f"mail.{file_label(made, edition.variant)}" if edition.variant else "mail"
    html = viewable(fill_html(edition.html, SAMPLE_PERSON, edition.language, SAMPLE_TOKEN), edition)
    yield f"{stem}.html", html.encode()
    yield f"{stem}.txt", fill_text(edition.text, SAMPLE_PERSON, edition.language, SAMPLE_TOKEN).encode()
    yield f"{stem}.eml", sample(edition, headers_of(config, sample_date(made)))


def file_label(made: Made, variant: str) -> str:
    """A variant's name as part of a file's name: other signs than letters, digits, `+`, `-` and `_` become `-`."""
    labels = [re.sub(r"[^\w+-]+", "-", one.variant)[:MAX_LABEL] for one in made.editions]
    number = next(number for number, one in enumerate(made.editions) if one.variant == variant)
    same = labels[:number].count(labels[number])
    return f"{labels[number]}-{same + 1}" if same else labels[number]


def viewable(html: str, edition: Edition) -> str:
    """The mail's HTML as a browser can show it: pictures that the mail carries lie in `assets/` here."""
    for asset in edition.assets if edition.embedded else ():
        html = html.replace(f"cid:{asset.content_id}", f"assets/{asset.name}")
    return html


def sample_date(made: Made) -> datetime:
    """The sample message's Date: the issue's day at noon, so that two builds are the same."""
    return datetime.combine(made.file.issue.date, time(12), tzinfo=UTC)


def write_file(path: Path, content: bytes) -> None:
    """Replaces a file at once, whatever others write there meanwhile; one that holds the same bytes is left alone."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def earlier_files(folder: Path) -> frozenset[str]:
    """The names of the files that builds wrote into a folder; none where that is not known."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return frozenset()
    known = names if isinstance(names, list) else []
    return frozenset(name for name in known if isinstance(name, str) and FILE_NAME.fullmatch(name))


def note_files(folder: Path, names: Iterable[str]) -> None:
    """Writes down the files of a build: before, with those of the one before it, and after."""
    own = sorted(name for name in names if FILE_NAME.fullmatch(name))
    write_file(folder / MANIFEST, (json.dumps(own, indent=1) + "\n").encode())


def delete_stale(folder: Path, files: Collection[str]) -> None:
    """Deletes what earlier builds wrote and this one did not; pictures are known by their names."""
    for name in earlier_files(folder).difference(files):
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "assets").glob("*"):
        if ASSET_NAME.fullmatch(path.name) and f"assets/{path.name}" not in files:
            path.unlink()
