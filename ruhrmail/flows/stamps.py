"""Files to stamps: two that are equal say that nothing changed meanwhile."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from ruhrmail.config import CONFIG_NAME
from ruhrmail.errors import RuhrmailError
from ruhrmail.parse import issue_path

Stamp = tuple[tuple[str, int, int], ...]
FileStamp = tuple[int, int] | None


def file_stamp(project: Path, slug: str) -> FileStamp:
    """What changes when an issue's own file changes; None where it has none."""
    try:
        stat = issue_path(project, slug).stat()
    except (RuhrmailError, OSError):
        return None
    return stat.st_mtime_ns, stat.st_size


def stamp_of(project: Path, slug: str, logo: str | None = None) -> Stamp:
    """What changes when a file of an issue, a template, the logo or the settings change."""
    try:
        own = issue_path(project, slug)
    except RuhrmailError:
        return ()
    near = files_below(own.parent) if own.name == "issue.yaml" else files_beside(own.parent)
    files = {own, project / CONFIG_NAME, *near, *files_below(project / "templates")}
    files |= {project / logo} if logo else set()
    stats = ((str(file), stat) for file in files if (stat := stat_of(file)) is not None)
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


def stat_of(file: Path) -> os.stat_result | None:
    """What the system says of a regular file; None for any other, and for one that went away just now."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat if S_ISREG(stat.st_mode) else None


def files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those below it; of one that goes away meanwhile, none."""
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


def files_beside(issues: Path) -> Iterator[Path]:
    """What an issue that has no folder of its own may show: the files of `issues/`, in folders below it too, but for
    those of other issues."""
    _, folders, names = next(os.walk(issues), ("", [], []))
    yield from (issues / name for name in names)
    for name in folders:
        if not (issues / name / "issue.yaml").is_file():
            yield from files_below(issues / name)
