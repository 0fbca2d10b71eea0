"""Files that another tool exported, found, unpacked and told apart: not yet read."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, UsageError
from ruhrmail.flows.importing import open_file
from ruhrmail.migrate import DROPPED, ORIGIN, OWN, TOOLS, Layout, ObjectFile, layout_of, recognise, stamp_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.migration import STRICTNESS, Stood, stricter
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.roster import Roster, name_column

PLAIN = "csv"
SOURCES = (PLAIN, *TOOLS)
"""What `--from` takes: a list of one's own, or a tool."""
LARGEST = 4 << 30
"""Bytes that the files of one archive may unpack to."""
OBJECTS, ARCHIVE = b"{", b"PK\x03\x04"
PACKS = "mailchimp"
"""The tool whose archives hold more than lists."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to read: where it lies, and how messages call it. `packed`: it lay in an archive."""

    path: Path
    name: str
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """A file of a tool, understood: its table or its objects, and where everybody in it stands at least."""

    name: str
    content: Roster | ObjectFile
    layout: Layout
    named: Stood | None


@contextmanager
def unpacked(config: Config, paths: Sequence[Path]) -> Iterator[list[File]]:
    """The files that are named, archives taken apart into a folder that only this user can read, and that goes away.

    Raises InvalidInput for an archive that cannot be read.
    """
    with TemporaryDirectory(prefix="ruhrmail-import-") as folder:
        found: list[File] = []
        for number, path in enumerate(paths):
            name = config.name_of(path)
            if is_archive(path):
                found += unpack(path, name, Path(folder) / str(number))
            else:
                found.append(File(path, name))
        yield found


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, or only the beginning of one; what cannot be read is told elsewhere."""
    try:
        with path.open("rb") as file:
            return file.read(len(ARCHIVE)) == ARCHIVE or is_zipfile(file)
    except OSError:
        return False


def unpack(path: Path, name: str, folder: Path) -> list[File]:
    """The CSV files of an archive. Raises InvalidInput."""
    folder.mkdir()
    try:
        with ZipFile(path) as archive:
            wanted = [one for one in archive.infolist() if is_wanted(one)]
            if sum(one.file_size for one in wanted) > LARGEST:
                raise unreadable(name, phrase("unpacked it is larger than 4 GB"))
            if not wanted:
                raise unreadable(name, phrase("there is no CSV file in it"))
            return [extract(archive, one, name, folder / f"{number}.csv") for number, one in enumerate(wanted)]
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise unreadable(name, phrase("the archive cannot be read: {reason}", reason=error)) from error


def is_wanted(one: ZipInfo) -> bool:
    """Whether a member of an archive may be a list; what the Finder adds is none."""
    return one.filename.lower().endswith(".csv") and not one.filename.startswith("__MACOSX/")


def extract(archive: ZipFile, one: ZipInfo, name: str, target: Path) -> File:
    """Writes one member to a file of our choosing, whatever path it names itself."""
    with archive.open(one) as source, target.open("wb") as out:
        shutil.copyfileobj(source, out)
    return File(target, f"{name}/{one.filename}", packed=True)


def unreadable(name: str, message: Phrase) -> InvalidInput:
    """The error for an archive that is none."""
    hint = phrase("export it once more, or unpack it and name the files in it")
    return InvalidInput([Finding("csv/unreadable", "error", Location(name), message, hint)])


def open_exports(config: Config, files: Sequence[File], tool: str, said: Stood | None) -> list[Export]:
    """Every file with its columns understood, those first that take people off the list.

    Of an archive only what is an export of this tool. Raises InvalidInput, UsageError for files of another tool, or
    where nothing says where their people stand.
    """
    layout = layout_of(tool, name_column)
    found = [one for file in files if (one := open_export(config, file, tool, layout, said)) is not None]
    if not found:
        raise UsageError(
            phrase("{file} holds no export of {tool}", file=files[0].name.partition("/")[0], tool=layout.title),
            hint=phrase("unpack it and name the files with the people in them"),
        )
    return sorted(found, key=lambda one: -STRICTNESS[one.named or Stood.SUBSCRIBED])


def open_export(config: Config, file: File, tool: str, layout: Layout, said: Stood | None) -> Export | None:
    """A file with its columns understood; None for one from an archive that is none of this tool's."""
    if tool == "listmonk" and holds_objects(file.path):
        return Export(file.name, ObjectFile(file.path, stamp_of(file.path)), layout, said)
    try:
        roster = replace(open_file(config, file.path, address_first=layout.address_first), name=file.name)
    except InvalidInput as error:
        if is_aside(file, tool, layout, error):
            return None
        raise
    headers = [header.strip().lower() for header in roster.headers]
    plain = [header.replace(" ", "_") for header in headers]
    if not layout.fits(plain if tool == PACKS else headers):
        if is_aside(file, tool, layout):
            return None
        raise no_export(file.name, roster, layout)
    found = layout.named(file.name, headers)
    if found is None and said is None and not layout.tells(headers):
        raise UsageError(phrase("{file}: nothing says whether these people are subscribed", file=file.name), hint=SAY)
    named = found if said is None else stricter(said, found)
    return Export(file.name, understood(roster, layout, config.settings.consent.origin), layout, named)


def is_aside(file: File, tool: str, layout: Layout, error: InvalidInput | None = None) -> bool:
    """Whether a file that is no export may be left aside: one that is empty, or one that Mailchimp packed as well and
    whose name does not say that it holds people. Who left, and stood in a file that is left aside, would be mailed."""
    if error is not None and [one.rule for one in error.findings] == ["csv/empty"]:
        return file.packed
    return file.packed and tool == PACKS and layout.named(file.name, ()) is None


SAY = phrase(
    "keep the file names of the export (subscribed_…, unsubscribed_…, cleaned_…, nonsubscribed_…), or say it: --state"
)


def holds_objects(path: Path) -> bool:
    """Whether a file begins as JSON does; what cannot be read is told elsewhere."""
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(OBJECTS)
    except OSError:
        return False


def understood(roster: Roster, layout: Layout, keeps_origin: bool) -> Roster:
    """The table with its columns as the tool means them; network addresses only where the settings ask for them."""
    pairs = zip(roster.headers, roster.names, strict=True)
    meant = (layout.column(header, name) for header, name in pairs)
    names = tuple(DROPPED if name == ORIGIN and not keeps_origin else name for name in meant)
    columns = tuple(name for name in names if name and not name.startswith(OWN))
    return replace(roster, names=names, columns=columns, legal_basis=True)


def no_export(name: str, roster: Roster, layout: Layout) -> UsageError:
    """The error for a file of another tool, or of none."""
    other = recognise(roster.headers, name_column)
    if other is not None:
        return looks_like(name, other)
    return UsageError(
        phrase("{file} does not look like an export of {tool}", file=name, tool=layout.title),
        hint=phrase("a list of your own is imported without --from; its columns are: {columns}",
                    columns=", ".join(header.strip() for header in roster.headers)),
    )  # fmt: skip


def looks_like(name: str, tool: str) -> UsageError:
    """The error for a file that a tool wrote, read as something else."""
    title = layout_of(tool, name_column).title
    return UsageError(
        phrase("{file} looks like an export of {tool}", file=name, tool=title),
        hint=phrase("say so: --from {tool} (or --from csv, if it is a list of your own)", tool=tool),
    )


def refuse_exports(config: Config, path: Path) -> None:
    """Looks whether a list of one's own is some tool's export: who left there would be mailed again. Raises UsageError,
    InvalidInput."""
    name = config.name_of(path)
    if is_archive(path):
        raise UsageError(
            phrase("{file} is an archive", file=name),
            hint=phrase("say which tool exported it: --from {tools}", tools="|".join(TOOLS)),
        )
    if holds_objects(path):
        raise looks_like(name, "listmonk")
    tool = recognise(open_file(config, path).headers, name_column)
    if tool is not None:
        raise looks_like(name, tool)
