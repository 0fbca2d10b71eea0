"""What a site was made of: which files are ours, and which issues they came from."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from ruhrmail import __version__
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.build import DRAFT, write_file
from ruhrmail.model.archive import Leaf
from ruhrmail.model.phrase import phrase

NAME = ".ruhrmail-site.json"
LOCK = ".ruhrmail-site.lock"
PATIENCE = 120.0
"""Seconds for which a run waits until another is through, which writes the same site."""
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """An issue on the site: what it was made from, what the archive tells about it, and its files with their sizes."""

    stamp: str
    leaf: Leaf
    files: Mapping[str, int]

    def is_whole(self, out: Path) -> bool:
        """Whether every file is still there, as long as it was."""
        return all(size_of(out / path) == size for path, size in self.files.items())


@dataclass(frozen=True, slots=True)
class Ledger:
    """The issues of a site by slug, and the digests of its other files."""

    issues: Mapping[str, Kept] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    version: str = f"{__version__}/{FORMAT}"

    def paths(self) -> frozenset[str]:
        """Every file of ours."""
        return frozenset(self.shared).union(*(kept.files for kept in self.issues.values()))

    def united(self, other: "Ledger") -> "Ledger":
        """Both, while one becomes the other: issues that differ count as unknown, their files do not."""
        same = {slug: one for slug, one in self.issues.items() if other.issues.get(slug) == one}
        known = frozenset().union(*(kept.files for kept in same.values()))
        rest = (self.paths() | other.paths()) - known
        return Ledger(same, dict.fromkeys(sorted(rest), ""))


LEDGER = TypeAdapter(Ledger)


@contextmanager
def press_lock(out: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Makes this run the only one that writes a site while the block runs: two at once would each take the other's
    files for those of strangers. Raises RuhrmailError where another takes too long, or the folder cannot be written."""
    lock = FileLock(out / LOCK, thread_local=False)
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=patience)
    except Timeout as error:
        message = phrase("another `ruhrmail publish` is writing {folder}", folder=out)
        raise RuhrmailError(message, hint=phrase("run it again when that one is done")) from error
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            (out / LOCK).unlink()
        lock.release()


def cannot_write(place: Path, error: OSError) -> RuhrmailError:
    """Why a site cannot be written."""
    message = phrase("{file} cannot be written: {reason}", file=error.filename or place, reason=error.strerror or "")
    return RuhrmailError(message, hint=phrase("check the folder's permissions and the space on the disk"))


def open_ledger(out: Path) -> Ledger:
    """What earlier runs wrote into a folder. Of another version's only the names of the files count, of what is none
    nothing. Raises RuhrmailError where it may not be read."""
    try:
        found = LEDGER.validate_json((out / NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return Ledger()
    except OSError as error:
        message = phrase("{file} cannot be read: {reason}", file=out / NAME, reason=error.strerror or "")
        raise RuhrmailError(message, hint=phrase("choose another folder with --out, or move it away")) from error
    sound = {slug: kept for slug, kept in found.issues.items() if all(map(is_inside, kept.files))}
    shared = {path: value for path, value in found.shared.items() if is_inside(path)}
    if found.version != Ledger().version:
        return Ledger({slug: Kept("", kept.leaf, kept.files) for slug, kept in sound.items()}, shared)
    return Ledger(sound, shared)


def write_ledger(out: Path, ledger: Ledger) -> None:
    """Replaces the ledger of a folder. Raises OSError."""
    text = json.dumps(json.loads(LEDGER.dump_json(ledger)), ensure_ascii=False, separators=(",", ":"))
    write_file(out / NAME, text.encode())


def is_inside(path: str) -> bool:
    """Whether a path stays in its folder."""
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts


def remove_files(out: Path, paths: Collection[str]) -> int:
    """Deletes files, and folders that are empty then; how many files it were. Raises OSError."""
    removed = 0
    for path in sorted(paths):
        file = out / path
        removed += file.is_file()
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == out or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
    return removed


def remove_drafts(out: Path, paths: Collection[str]) -> None:
    """Deletes what a run that was killed left of these files before they were whole. Raises OSError."""
    known = {*paths, NAME}
    for folder in {PurePosixPath(path).parent for path in known}:
        for draft in (out / folder).glob(".*.new"):
            match = DRAFT.fullmatch(draft.name)
            if match is not None and (folder / match[1]).as_posix() in known:
                draft.unlink()


def size_of(path: Path) -> int:
    """Bytes of a file, -1 where there is none."""
    return path.stat().st_size if path.is_file() else -1


def digest(content: bytes) -> str:
    """Short name of a content."""
    return sha256(content).hexdigest()[:32]
