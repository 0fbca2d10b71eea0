"""A Maildir: messages that survive a power cut once they are in `new`."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ruhrmail.errors import RuhrmailError
from ruhrmail.files import sync_folder
from ruhrmail.inbox.summary import HEAD, Summary, printable, summarize
from ruhrmail.model.phrase import phrase

FOLDERS = ("tmp", "new", "cur")


def make_maildir(folder: Path) -> None:
    """Makes the folders that are missing. Raises RuhrmailError when it cannot."""
    try:
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        message = phrase("cannot keep mail in {folder}: {reason}", folder=str(folder), reason=reason)
        raise RuhrmailError(message, hint=phrase("choose a folder that you may write to")) from error


def file_name(now: datetime, unique: str) -> str:
    """A Maildir's file name: it sorts by time, and `unique` keeps it apart from every other."""
    return f"{int(now.timestamp())}.M{now.microsecond:06d}R{unique}.localhost"


def trace(sender: str, recipients: Sequence[str]) -> bytes:
    """The headers that a delivering server puts in front (RFC 5321 section 4.4), one pair for each recipient."""
    lines = [f"Return-Path: <{printable(sender)}>"]
    for recipient in recipients:
        lines += [f"Delivered-To: {printable(recipient)}", f"X-Original-To: {printable(recipient)}"]
    return "".join(line + "\r\n" for line in lines).encode("utf-8", "replace")


def keep(folder: Path, name: str, parts: Sequence[bytes]) -> Path:
    """Writes a message into the Maildir: on disk before it appears in `new`. Raises OSError, leaving nothing."""
    draft, final = folder / "tmp" / name, folder / "new" / name
    try:
        with draft.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(final)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(final.parent)
    return final


def list_inbox(folder: Path, most: int | None = None) -> list[Summary]:
    """What lies in a Maildir, read or not, the oldest first; with `most` only so many of the latest.

    Raises RuhrmailError when it cannot be read.
    """
    try:
        files = [file for name in ("new", "cur") for file in (folder / name).glob("*") if file.is_file()]
        latest = sorted(files, key=lambda file: file.name)[-most if most else 0 :]
        return [summary for file in latest if (summary := look_at(file)) is not None]
    except OSError as error:
        reason = error.strerror or str(error)
        raise RuhrmailError(phrase("cannot read {folder}: {reason}", folder=str(folder), reason=reason)) from error


def look_at(file: Path) -> Summary | None:
    """The summary of one kept message, None where it was taken away just now. Raises OSError."""
    try:
        with file.open("rb") as opened:
            return summarize(opened.read(HEAD), os.fstat(opened.fileno()).st_size, file)
    except FileNotFoundError:
        return None
