"""Issues to their files, mended."""

import difflib
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.roster import merge_columns
from ruhrmail.mend import Edit, Typography, mend
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.parse import find_slugs, load_issue
from ruhrmail.render import set_quotes, show_markdown, show_plain
from ruhrmail.source import parse_document
from ruhrmail.store import mailings_of, open_store_readonly

KINDS: Mapping[str, Phrase] = {
    "quotes": phrase("quotation marks"),
    "dashes": phrase("dashes"),
    "spaces": phrase("double spaces"),
    "trailing": phrase("spaces at the end"),
    "dates": phrase("date"),
}


@dataclass(frozen=True, slots=True)
class MendedFile:
    """A file that can be written better; `old` and `new` are all it holds.

    One whose mailing has `begun` is not to be written: `send` refuses an issue that changed after that.
    """

    path: Path
    name: str
    old: str
    new: str
    edits: tuple[Edit, ...]
    begun: bool = False

    def lines(self) -> Iterator[tuple[int, tuple[Phrase, ...]]]:
        """Each mended line (from 1) and what was mended in it."""
        by_line: dict[int, dict[str, None]] = {}
        for edit in self.edits:
            by_line.setdefault(edit.line + 1, {})[edit.kind] = None
        for line, kinds in sorted(by_line.items()):
            yield line, tuple(KINDS[kind] for kind in kinds)

    def diff(self) -> str:
        """What differs, as `patch` and `git apply` read it."""
        rows = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            f"a/{self.name}",
            f"b/{self.name}",
        )
        return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)


def mend_issues(project: Path, environ: Mapping[str, str], slugs: Sequence[str]) -> Iterator[MendedFile]:
    """The files of the named issues (none named: all) that can be mended; nothing is written.

    A file with errors is passed over, and all of them where the settings have some: `check` tells what is wrong.
    """
    try:
        config = load_config(project, environ)
        names = slugs or find_slugs(project)
    except InvalidInput:
        return
    columns = merge_columns(config)
    for slug in dict.fromkeys(names):
        mended = mend_issue(config, slug)
        if mended and mended.edits and can_be_built(config, slug, columns):
            yield replace(mended, begun=has_begun(config, slug))


def can_be_built(config: Config, slug: str, columns: Collection[str] | None) -> bool:
    """True for an issue without errors, those included that only rendering finds."""
    try:
        make_edition(config, slug, columns)
    except InvalidInput:
        return False
    return True


def has_begun(config: Config, slug: str) -> bool:
    """True when the issue's mailing has begun, or waits for its time; trials do not count. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return False
    with store:
        return bool(mailings_of(store, slug, "relay"))


def mend_issue(config: Config, slug: str) -> MendedFile | None:
    """One issue's file as it should be; None where it cannot be read as one, or there is no such issue."""
    try:
        file = load_issue(config.project, slug, None)
        old = file.document.path.read_bytes().decode("utf-8")
        document = parse_document(old.removeprefix("\ufeff"), file.document.path, file.document.name)
    except (RuhrmailError, OSError, UnicodeDecodeError):
        return None  # `check`, which follows, tells why
    language = file.issue.language or config.newsletter.language
    typography = Typography(
        lambda text: set_quotes(text, language),
        lambda text: show_plain(text, language),
        lambda text: show_markdown(text, language),
    )
    bom = "\ufeff" if old.startswith("\ufeff") else ""
    mended = mend(document, old.removeprefix(bom), typography)
    return MendedFile(document.path, document.name, old, bom + mended.text, mended.edits)


def write_mended(file: MendedFile) -> None:
    """Replaces the file at once, with the permissions it had. Raises RuhrmailError where that is not possible."""
    path = file.path.resolve()
    draft = path.with_name(f".{path.name}.new")
    try:
        if path.read_bytes() != file.old.encode():
            raise RuhrmailError(phrase("{file} was changed meanwhile", file=file.name), hint=AGAIN)
        draft.write_bytes(file.new.encode())
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = phrase("{file} cannot be written: {reason}", file=file.name, reason=error.strerror or error)
        raise RuhrmailError(message, hint=phrase("check the folder's permissions and the space on the disk")) from error


AGAIN = phrase("run the command again")
