"""An issue to its successor: the same text and pictures with another number and date."""

import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.source import Document

MARKDOWN_PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*([^)\s]+)")
UPWARDS = re.compile(r"""(\bsrc:\s*["']?|!\[[^\]\n]*\]\(\s*|\$schema=)(?=\.\./)""")
"""What stands before a path that leads out of the folder of the file it is written in."""


def copy_issue(document: Document, target: Path, number: int, day: date, project: Path) -> None:
    """Writes `document` with `number` and `day` to `target` (issues/SLUG/issue.yaml), its pictures beside it.

    Only the lines of number, date and `published` differ, so comments and layout stay. The pictures come first:
    while the file is not there, there is no issue. Raises RuhrmailError where something is in the way or cannot be
    written, InvalidInput where number or date are written in a way that cannot be replaced.
    """
    text = renew(document, number, day)
    if target.parent.parent == document.path.parent:  # issues/OLD.yaml to issues/NEW/issue.yaml: one level deeper
        text = UPWARDS.sub(r"\1../", text)
    try:
        for source, name in pictures_of(document, project):
            copy_picture(source, target.parent / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError as error:
        message = phrase("{file} is in the way", file=Path(error.filename).relative_to(project).as_posix())
        raise RuhrmailError(message, hint=phrase("choose another name, or move it away")) from error
    except OSError as error:
        message = phrase("the issue cannot be written: {reason}", reason=error.strerror or error)
        raise RuhrmailError(message, hint=phrase("check the permissions of the folder issues/")) from error


def renew(document: Document, number: int, day: date) -> str:
    """The issue's text with another number and date, and not published yet; what it does not have stays away."""
    lines = document.path.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    replace(document, lines, "number", str(number))
    replace(document, lines, "date", in_notation_of(document.get(("date",)), day))
    replace(document, lines, "published", "false")
    return "".join(lines)


def replace(document: Document, lines: list[str], key: str, value: str) -> None:
    """Puts a value in place of the one that the line holds."""
    old, mark = document.get((key,)), document.marks.get((key,))
    if mark is None or not isinstance(old, str):
        return
    row, column = mark.value
    before, after = lines[row][:column], lines[row][column:]
    written = re.match(rf"""(["']?){re.escape(old)}\1""", after)
    if written is None:
        raise InvalidInput([unreplaceable(document, key, value)])
    lines[row] = f"{before}{written[1]}{value}{written[1]}{after[written.end() :]}"


def unreplaceable(document: Document, key: str, value: str) -> Finding:
    """The finding for a value over several lines, behind an anchor, or the like."""
    message = phrase("{key} is written in a way that cannot be replaced", key=key)
    hint = phrase("write it on one line, such as {key}: {value}", key=key, value=value)
    return Finding("schema/value", "error", document.at_value((key,)), message, hint)


def in_notation_of(old: object, day: date) -> str:
    """The day as 21.11.2026 where the old one is written so, else as 2026-11-21."""
    german = isinstance(old, str) and re.fullmatch(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}", old.strip())
    return f"{day:%d.%m.%Y}" if german else day.isoformat()


def pictures_of(document: Document, project: Path) -> Iterator[tuple[Path, str]]:
    """The pictures beside (or below) the issue's file: where each lies, and its path relative to the file."""
    folder = document.path.parent
    for src in dict.fromkeys(named(document)):
        path = folder / src
        inside = not Path(src).is_absolute() and ".." not in Path(src).parts
        if inside and path.is_file() and path.resolve().is_relative_to(project.resolve()):
            yield path, src


def named(document: Document) -> Iterable[str]:
    """Every picture that the issue names, as `src` or in Markdown."""
    for keys in document.marks:
        value = document.get(keys)
        if isinstance(value, str):
            yield from [value.strip()] if keys and keys[-1] == "src" else MARKDOWN_PICTURE.findall(value)


def copy_picture(source: Path, target: Path) -> None:
    """Copies a file; one that is there already with the same bytes will do. Raises FileExistsError, OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    with source.open("rb") as original, target.open("xb") as copy:
        shutil.copyfileobj(original, copy)
