"""The files that findings lead to, line by line, secrets masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.check.place import find_word
from ruhrmail.config import CONFIG_NAME
from ruhrmail.errors import RuhrmailError
from ruhrmail.files import is_file, lies_inside, read_beginning
from ruhrmail.parse import issue_path
from ruhrmail.source import Document
from ruhrmail.source.document import LONGEST_LINE, mask
from ruhrmail.source.load import MAX_BYTES
from ruhrmail.theme import OVERRIDES, PACKAGED

TEMPLATE = ".j2"
MOST_WORDS, FEWEST_WORDS = 8, 2


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's name as findings tell it, and its lines."""

    file: str
    lines: Sequence[str]


def read_source(project: Path, slug: str, name: str) -> SourceText | None:
    """The issue's own file (without a name), the settings, or a template; None for anything else."""
    path = find_source(project, slug, name)
    if path is None:
        return None
    try:
        raw = read_beginning(path, MAX_BYTES)
    except OSError:
        return None
    lines = raw.decode("utf-8", "replace").splitlines()
    return SourceText(name or path.relative_to(project).as_posix(), [mask(line[:LONGEST_LINE]) for line in lines])


def line_of(document: Document, words: str) -> int | None:
    """The line of a file where the last of these words stand, as an editor wrote them; None where they do not.

    The typographer changes quotation marks and spaces, so fewer and fewer words are looked for.
    """
    parts = words.split()
    for count in range(min(len(parts), MOST_WORDS), FEWEST_WORDS - 1, -1):
        found = find_word(document, " ".join(parts[-count:]))
        if found is not None:
            return found.line
    return None


def find_source(project: Path, slug: str, name: str) -> Path | None:
    """Which file that is."""
    try:
        own = issue_path(project, slug)
    except RuhrmailError:
        return None
    if not name or project / name == own:
        return own
    if name == CONFIG_NAME:
        return project / CONFIG_NAME
    folders = ((project, project / OVERRIDES), (PACKAGED.parent.parent, PACKAGED))
    for root, folder in folders:
        path = root / name
        if path.suffix == TEMPLATE and is_file(path) and lies_inside(path, folder):
            return path
    return None
