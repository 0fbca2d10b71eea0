"""Pictures: their words, their files, their weight."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement
from PIL import Image, UnidentifiedImageError

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.photos import Photo, find_photos
from ruhrmail.check.place import origin_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

FILE_NAME = re.compile(
    r"[\w .-]+\.(?:jpe?g|png|gif|webp|tiff?|bmp|heic)|(?:img|dsc[fn]?|pict?|p|image|bild|foto|screenshot)[ _-]?\d{2,}",
    re.IGNORECASE,
)
GPS = 0x8825
WITHOUT_CREDIT = frozenset({"signature", "logo", "portrait"})
KILOBYTE = 1024


def find_positions(dossier: Dossier) -> Iterator[Finding]:
    """A picture's file says where it was taken.

    Why: Mail and web page carry a fitted copy without it, but the file lies in your repository: the coordinates of an
        interviewee's home do not belong there.
    Bad:
        # a photograph straight from a telephone
    Good:
        # the same, saved without position
    Remedy: save the picture without its position (`exiftool -gps:all= FILE`)
    """
    for photo in find_photos(dossier):
        if has_position(photo):
            message = phrase("{src} says where it was taken", src=photo.src)
            hint = phrase("save it without its position: exiftool -gps:all= {src}", src=photo.src)
            yield Finding("img/exif-gps", "warning", photo.at, message, hint)


def has_position(photo: Photo) -> bool:
    """True for a file with coordinates; what cannot be read is a finding of rendering."""
    try:
        with Image.open(photo.path) as image:
            return bool(image.getexif().get_ifd(GPS))
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        return False


def width_of(photo: Photo) -> int | None:
    """The pixels of a file across, None where it cannot be read."""
    try:
        with Image.open(photo.path) as image:
            return image.width
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        return None


def find_small(dossier: Dossier) -> Iterator[Finding]:
    """A picture has fewer pixels than its place.

    Why: It is shown smaller than its neighbours, or blurred on telephones. Twice the width of the place is sharp.
    Bad:
        # a picture 240 pixels wide, across the whole width (600)
    Good:
        # the same, 1200 pixels wide
    Remedy: take the picture from the original, not from a web page
    """
    for photo in find_photos(dossier):
        width = width_of(photo)
        if width is not None and width < photo.room:
            message = phrase(
                "{src} is {width} pixels wide, its place {room}", src=photo.src, width=width, room=photo.room
            )
            hint = phrase("take the picture from the original: {double} pixels are sharp", double=2 * photo.room)
            yield Finding("img/too-small", "warning", photo.at, message, hint)


def find_heavy(dossier: Dossier) -> Iterator[Finding]:
    """A fitted picture is still heavy.

    Why: On the train every picture of more than 400 KB is waited for. `check.picture` in ruhrmail.yaml sets the limit.
        Fitted JPEG stays far below; PNG with many colours does not.
    Bad:
        # a photograph saved as PNG
    Good:
        # the same as JPEG
    Remedy: save photographs as JPEG; PNG is for drawings with few colours
    """
    limit = dossier.config.settings.check.picture
    heavy = {asset.name: asset for asset in dossier.editions[0].assets if len(asset.content) > limit}
    for name, at in shown_at(dossier).items():
        if name in heavy:
            size = f"{len(heavy[name].content) / KILOBYTE:.0f}"
            message = phrase("a picture has {size} KB after fitting", size=size)
            yield Finding("img/weight", "warning", at, message, phrase("save photographs as JPEG"))


def shown_at(dossier: Dossier) -> dict[str, Location]:
    """Where each fitted picture is named: the first of its block whose turn it is."""
    found: dict[str, Location] = {}
    for sheet in dossier.sheets:
        turns: dict[tuple[str | int, ...], int] = {}
        for element in sheet.elements("img"):
            origin = origin_of(element)
            keys = origin[2] if origin else ()
            name = asset_name(element)
            places = [one for one, _ in dossier.written(keys) if one[-1] == "src"] if keys else []
            turn = turns.get(keys, 0)
            turns[keys] = turn + 1
            if turn < len(places):
                found.setdefault(name, dossier.document.at_value(places[turn]))
    return found


def asset_name(element: HtmlElement) -> str:
    """The file that an <img> shows, hosted or embedded."""
    return str(element.get("src", "")).rpartition("/")[2].removeprefix("cid:").partition("@")[0]


def find_file_names(dossier: Dossier) -> Iterator[Finding]:
    """The alternative text is a file name.

    Why: A screen reader says "I M G underline 4 7 1 1" in place of the picture.
    Bad:
        content:
          - {type: image, src: halle.png, alt: IMG_4711.jpg, credit: Foto}
    Good:
        content:
          - {type: image, src: halle.png, alt: Halle mit fünf Bogenfenstern, credit: Foto}
    Remedy: say what the picture shows
    """
    for photo in find_photos(dossier):
        if FILE_NAME.fullmatch(photo.alt):
            message = phrase("the alternative text {alt} is a file name", alt=photo.alt)
            yield Finding("img/alt-filename", "warning", photo.at_alt, message, phrase("say what the picture shows"))


def find_echoes(dossier: Dossier) -> Iterator[Finding]:
    """The alternative text says the same as the caption.

    Why: A screen reader says the same twice, and still not what the picture shows.
    Bad:
        content:
          - {type: image, src: halle.png, alt: Die neue Halle, caption: Die neue Halle, credit: Foto}
    Good:
        content:
          - {type: image, src: halle.png, alt: Halle mit fünf Bogenfenstern, caption: Die neue Halle, credit: Foto}
    Remedy: say in `alt` what one sees, in `caption` what one should know about it
    """
    for photo in find_photos(dossier):
        if photo.alt and plain_words(photo.alt) == plain_words(photo.caption):
            message = phrase("the alternative text says the same as the caption")
            hint = phrase("say in `alt` what one sees, in `caption` what one should know about it")
            yield Finding("img/alt-is-caption", "warning", photo.at_alt, message, hint)


def find_no_credit(dossier: Dossier) -> Iterator[Finding]:
    """A picture names nobody who made it.

    Why: § 13 UrhG: who made a picture may be named, and warnings about it are dear. Not asked for signatures, logos,
        the portrait of the editorial and decorative pictures.
    Bad:
        content:
          - {type: image, src: halle.png, alt: Halle mit fünf Bogenfenstern}
    Good:
        content:
          - {type: image, src: halle.png, alt: Halle mit fünf Bogenfenstern, credit: "Foto: Ada Beispiel"}
    Remedy: write `credit:`
    """
    for photo in find_photos(dossier):
        if not photo.credit and not photo.decorative and photo.role not in WITHOUT_CREDIT:
            message = phrase("{src} names nobody who made it", src=photo.src)
            yield Finding("img/credit-missing", "warning", photo.at, message, phrase('write `credit: "Photo: …"`'))


def plain_words(text: str) -> str:
    """A line without case, spaces and the dot at its end."""
    return " ".join(text.split()).rstrip(".").casefold()
