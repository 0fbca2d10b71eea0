"""Pictures as the issue names them, and the files behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.check.dossier import Dossier
from ruhrmail.markdown import find_pictures
from ruhrmail.model.location import Location
from ruhrmail.source.document import Keys

FRAMED = frozenset({"portrait", "signature"})


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture: its file, its words, and where each of these stands. `role` is `image`, `portrait`, `signature`,
    `logo` or `body`; `room` how many pixels wide it can be shown."""

    path: Path
    src: str
    alt: str
    caption: str
    credit: str
    role: str
    room: int
    decorative: bool
    at: Location
    at_alt: Location


def find_photos(dossier: Dossier) -> Iterator[Photo]:
    """Every picture of the issue in the order of the file, those in Markdown bodies too."""
    for keys, text in dossier.written():
        if keys[-1] == "src":
            yield read_photo(dossier, keys[:-1])
        elif "body" in keys and "![" in text:
            yield from body_photos(dossier, keys, text)


def read_photo(dossier: Dossier, keys: Keys) -> Photo:
    """A picture of a block."""
    document = dossier.document

    def said(name: str) -> str:
        value = document.get((*keys, name))
        return value.strip() if isinstance(value, str) else ""

    role = role_of(keys, str(document.get((*keys[:2], "type"))))
    return Photo(
        dossier.folder / said("src"), said("src"), said("alt"), said("caption"), said("credit"), role,
        room_of(role, str(document.get((*keys[:-1], "layout")))),
        said("decorative").lower() in ("true", "yes", "on", "1"),
        document.at_value((*keys, "src")), document.at_value((*keys, "alt")),
    )  # fmt: skip


def role_of(keys: Keys, block: str) -> str:
    """What a picture is for."""
    if "logos" in keys:
        return "logo"
    name = str(keys[-1])
    if name in FRAMED:
        return name if block == "editorial" or name == "signature" else "speaker"
    return "gallery" if "images" in keys else "card" if "cards" in keys else "image"


def room_of(role: str, layout: str) -> int:
    """How many pixels wide a picture can be shown."""
    if role == "image":
        return 290 if layout == "card" else 600
    return {"gallery": 188, "card": 290, "portrait": 96, "speaker": 76, "signature": 100}.get(role, 60)


def body_photos(dossier: Dossier, keys: Keys, text: str) -> Iterator[Photo]:
    """The pictures in the Markdown of an article's body."""
    for one in find_pictures(text):
        at = dossier.document.at_word(keys, one.offset)
        yield Photo(
            dossier.folder / one.src, one.src, one.alt, one.caption, one.credit, "body", 600, False, at, at
        )  # fmt: skip
