"""Pictures: that they exist, lie inside the project, and can be shown in a mail."""

from collections.abc import Iterator
from pathlib import Path

from ruhrmail.files import is_file, lies_inside
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document
from ruhrmail.source.document import Keys

MAX_BYTES = 30_000_000
SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")


def check_pictures(document: Document, folder: Path, project: Path) -> Iterator[Finding]:
    """Findings on the file of every picture of an issue."""
    for keys, src in sources(document):
        if complaint := check_file(src, folder, project):
            rule, message, hint = complaint
            yield Finding(rule, "error", document.at_value(keys), message, hint)


def named_pictures(document: Document) -> tuple[str, ...]:
    """Every `src` of an issue, each once, in order."""
    return tuple(dict.fromkeys(src for _, src in sources(document)))


def sources(document: Document) -> Iterator[tuple[Keys, str]]:
    """Where the document names a picture, and which."""
    for keys in document.marks:
        value = document.get(keys)
        if keys and keys[-1] == "src" and isinstance(value, str):
            yield keys, value.strip()


def check_file(src: str, folder: Path, project: Path) -> tuple[str, Phrase, Phrase] | None:
    """Rule, message and hint for a picture that cannot be used, else None."""
    inside = phrase("put the picture beside the issue's file and write only its name")
    if "://" in src or Path(src).is_absolute() or src.startswith(("\\", "data:")) or src[1:3] == ":\\":
        return "img/outside-project", phrase("{src} is no file beside the issue", src=src), inside
    path = folder / src
    if not lies_inside(path, project):
        return "img/outside-project", phrase("{src} lies outside the project", src=src), inside
    if not is_file(path):
        return "img/missing", phrase("there is no picture {src}", src=src), near_name(path)
    if path.suffix.lower() not in SUFFIXES:
        return (
            "img/format",
            phrase("{src} is no picture that mail clients show", src=src),
            phrase("save it as JPEG or PNG"),
        )
    if path.stat().st_size > MAX_BYTES:
        return (
            "img/unreadable",
            phrase("{src} is larger than 30 MB", src=src),
            phrase("save it smaller: 2400 pixels wide are plenty"),
        )
    return None


def near_name(path: Path) -> Phrase:
    """The hint for a missing file: the same name in other letter case, or what there is."""
    there = (
        sorted(one.name for one in path.parent.glob("*") if one.suffix.lower() in SUFFIXES)
        if path.parent.is_dir()
        else []
    )
    same = next((name for name in there if name.lower() == path.name.lower()), None)
    if same:
        return phrase("did you mean {word}?", word=same)
    if there:
        return phrase("there are: {slugs}", slugs=", ".join(there[:8]))
    return phrase("put the picture beside the issue's file and write only its name")
