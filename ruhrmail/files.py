"""Questions about files that always have an answer: names too long, loops of links and locked folders mean no.

And reading them, which always comes to an end.
"""

import errno
import os
import stat
from pathlib import Path


def is_file(path: Path) -> bool:
    """True for a file that can be reached."""
    try:
        return path.is_file()
    except OSError:
        return False


def lies_inside(path: Path, folder: Path) -> bool:
    """True when a path, its links followed, lies in the folder; false for links that lead in a circle."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def is_missing(path: Path) -> bool:
    """True where there is nothing of that name; what is there and cannot be reached is not missing."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def read_beginning(path: Path, most: int) -> bytes:
    """At most so many bytes of a file. Raises OSError, also for pipes and devices: reading those may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    with path.open("rb") as file:
        return file.read(most)


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder durable, where the system has folders that can be opened. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_text(path: Path, text: str) -> None:
    """Writes a text file whole or not at all, in UTF-8, and makes its folder; what is no plain file (`/dev/stdout`) is
    written to as it is. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
