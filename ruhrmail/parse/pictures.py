"""Pictures: that they exist, lie inside the project, and can be shown in a mail."""

from collections.abc import Iterator
from pathlib import Path

from ruhrmail.files import is_file, lies_inside
from ruhrmail.markdown import WrittenPicture, find_pictures
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document
from ruhrmail.source.document import Keys

MAX_BYTES = 30_000_000
SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")

Complaint = tuple[str, Phrase, Phrase]
"""Rule id, message, hint."""


def check_pictures(document: Document, folder: Path, project: Path) -> Iterator[Finding]:
    """Findings on every picture of an issue: its file, and what its place in an article's body says about it."""
    for keys, src in sources(document):
        if complaint := check_file(src, folder, project):
            rule, message, hint = complaint
            yield Finding(rule, "error", document.at_value(keys), message, hint)
    for keys, picture in written_pictures(document):
        at = document.at_word(keys, picture.offset)
        for rule, message, hint in filter(None, (*check_form(picture), check_file(picture.src, folder, project))):
            yield Finding(rule, "error", at, message, hint)


def named_pictures(document: Document) -> tuple[str, ...]:
    """Every picture of an issue, each once: the `src` in order, then those in the bodies of articles."""
    written = (picture.src for _, picture in written_pictures(document))
    return tuple(dict.fromkeys((*(src for _, src in sources(document)), *written)))


def sources(document: Document) -> Iterator[tuple[Keys, str]]:
    """Where the document names a picture, and which."""
    for keys in document.marks:
        value = document.get(keys)
        if keys and keys[-1] == "src" and isinstance(value, str) and value.strip():
            yield keys, value.strip()


def written_pictures(document: Document) -> Iterator[tuple[Keys, WrittenPicture]]:
    """Every picture in the Markdown of articles' bodies, with the keys of its text."""
    for keys in document.marks:
        text = document.get(keys)
        if isinstance(text, str) and "![" in text and is_story(document, keys):
            yield from ((keys, picture) for picture in find_pictures(text))


def is_story(document: Document, keys: Keys) -> bool:
    """True for a Markdown body and for a text block inside a body."""
    if keys[-1] == "body":
        return True
    return "body" in keys[:-1] and keys[-1] == "text" and document.get((*keys[:-1], "type")) == "text"


def check_form(picture: WrittenPicture) -> Iterator[Complaint]:
    """What is wrong with how a picture is written into running text."""
    if not picture.alt:
        yield (
            "img/alt-missing",
            phrase("the picture {src} has no alternative text", src=picture.src),
            phrase("say between the square brackets what it shows"),
        )
    if not picture.alone:
        yield (
            "img/not-alone",
            phrase("the picture {src} stands in the middle of a text", src=picture.src),
            phrase("leave an empty line before and after it"),
        )


def check_file(src: str, folder: Path, project: Path) -> Complaint | None:
    """Rule, message and hint for a picture that cannot be used, else None."""
    inside = phrase("put the picture beside the issue's file and write only its name")
    if "://" in src or "\0" in src or Path(src).is_absolute() or src.startswith(("\\", "data:")) or src[1:3] == ":\\":
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
