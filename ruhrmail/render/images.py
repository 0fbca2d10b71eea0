"""Pictures for mail: fitted to their place, in sRGB, without metadata, named by their content."""

import hashlib
import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import PIL
from PIL import Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

from ruhrmail.files import is_file
from ruhrmail.model.edition import Asset

MAX_PIXELS = 50_000_000
QUALITY = 82
MAX_FLAT_COLOURS = 256
HOW = (2, QUALITY, MAX_FLAT_COLOURS, PIL.__version__)
"""What besides source and place decides the bytes of a fitted picture; the first number counts changes of this file."""
WORKERS = 4
OPAQUE = 255
CLEAR = 255
"""The number of the transparent colour in a palette; below it there is room for as many others."""
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
FIRST_TURNED = 5
"""EXIF orientations from here on swap width and height."""
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
"""What editors have. Pillow reads more, whatever the file is called: EPS for one is handed to Ghostscript to be run."""
UNREADABLE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow's readers raise on broken files."""


class Unreadable(Exception):
    """A picture that cannot be shown: `reason` is `broken`, `large` or `missing`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """The room a picture gets, in pixels of the layout; `round` cuts a circle out of the middle.

    `density` is the number of pixels for each pixel of the layout: 2 is sharp on telephones; more where a picture
    grows when its neighbours no longer stand beside it.
    """

    width: int
    height: int = 4_000
    round: bool = False
    density: int = 2


FULL = Place(600)
PAGE = Place(760)
"""Across the whole width of an article's page."""
CARD = Place(290)
THIRD = Place(188, density=3)
PORTRAIT = Place(96, 96, round=True)
SPEAKER = Place(76, 76, round=True)
SIGNATURE = Place(180, 100)
LOGO = Place(180, 44)
PARTNER = Place(104, 40)

Job = tuple[Path, Place]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture ready to go, and the size it is shown at in pixels of the layout."""

    asset: Asset
    width: int
    height: int


Fit = Callable[[bytes, Place], Fitted]


class Pictures(dict[Job, Future[Fitted | Unreadable]]):
    """Pictures on their way into their places; one that nobody ordered ahead is begun when it is asked for."""

    def __init__(self, pool: ThreadPoolExecutor, jobs: Iterable[Job], fit: Fit) -> None:
        super().__init__({job: pool.submit(try_fit, job, fit) for job in dict.fromkeys(jobs)})
        self.pool = pool
        self.fit = fit

    def __missing__(self, job: Job) -> Future[Fitted | Unreadable]:
        self[job] = self.pool.submit(try_fit, job, self.fit)
        return self[job]


@contextmanager
def fit_pictures(jobs: Iterable[Job], fit: Fit) -> Iterator[Pictures]:
    """Every picture in its place, several at a time and beside the caller's work (Pillow leaves Python's lock).

    `fit` turns a file's bytes into the fitted picture: `fit_picture`, or a shelf that remembers.
    """
    with warnings.catch_warnings(), ThreadPoolExecutor(WORKERS) as pool:
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is the lower bound
        yield Pictures(pool, jobs, fit)


def try_fit(job: Job, fit: Fit) -> Fitted | Unreadable:
    """One picture, or why it cannot be shown."""
    path, place = job
    try:
        stat = path.stat()
        return fit_file(path, place, fit, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except Unreadable as error:
        return error
    except OSError:
        return Unreadable("broken" if is_file(path) else "missing")


@lru_cache(maxsize=128)
def fit_file(path: Path, place: Place, fit: Fit, _stamp: tuple[int, int, int]) -> Fitted:
    """The picture of a file; `_stamp` tells when a file changed, so that a preview fits only new ones again."""
    return fit(path.read_bytes(), place)


def fit_picture(content: bytes, place: Place) -> Fitted:
    """A picture file's bytes fitted to its place in high density, never enlarged. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as source:
            if source.width * source.height > MAX_PIXELS:
                raise Unreadable("large")
            picture = shrink(source, place)
        return encode(picture, place)
    except Image.DecompressionBombError as error:
        raise Unreadable("large") from error
    except UNREADABLE as error:
        raise Unreadable("broken") from error


def shrink(source: Image.Image, place: Place) -> Image.Image:
    """The picture turned upright, in RGB, RGBA or L, no larger than its place needs."""
    profile = source.info.get("icc_profile")
    size = target_size(source, place)
    source.draft(None, size)  # a JPEG is decoded at a half, quarter or eighth where that is enough
    plain = source if source.mode in ("RGB", "RGBA", "L", "CMYK") else to_plain(source)
    if size != plain.size:
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    upright = to_srgb(ImageOps.exif_transpose(plain), profile)
    if place.round:
        side = min(place.density * place.width, *upright.size)
        upright = ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    return upright


def target_size(source: Image.Image, place: Place) -> tuple[int, int]:
    """The size the stored picture is shrunk to, before it is turned; for a circle the shorter side counts."""
    wide, high = place.density * place.width, place.density * place.height
    if source.getexif().get(ORIENTATION, 1) >= FIRST_TURNED:
        wide, high = high, wide
    choose = max if place.round else min
    factor = min(1.0, choose(wide / source.width, high / source.height))
    return max(1, round(source.width * factor)), max(1, round(source.height * factor))


def to_plain(source: Image.Image) -> Image.Image:
    """Palettes, 16-bit greys and rare modes to RGB, RGBA or L; EXIF stays for turning."""
    if source.mode.startswith("I") or source.mode == "F":
        plain = source.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif source.has_transparency_data:
        plain = source.convert("RGBA")
    else:
        plain = source.convert("L" if source.mode == "1" else "RGB")
    plain.info["exif"] = source.info.get("exif", b"")
    return plain


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours of the picture's own profile (print, cameras) as sRGB; opaque pictures lose their empty alpha."""
    if picture.mode == "RGBA":
        return picture.convert("RGB") if picture.getchannel("A").getextrema()[0] == OPAQUE else picture
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return found or picture.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            return picture.convert("RGB")  # a broken profile is no reason to refuse the picture
    return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")


def encode(picture: Image.Image, place: Place) -> Fitted:
    """PNG where something is transparent or drawn in few colours, else JPEG."""
    picture.info.clear()  # no profile, comment or place walks along
    if place.round:
        return name_picture(write_round(picture), picture.size, place, flat=True)
    flat = picture.mode == "RGBA" or picture.getcolors(MAX_FLAT_COLOURS) is not None
    buffer = io.BytesIO()
    if flat:
        picture.save(buffer, "PNG", optimize=True)
    else:
        picture.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return name_picture(buffer.getvalue(), picture.size, place, flat=flat)


def write_round(picture: Image.Image) -> bytes:
    """A square picture as a PNG with only its inner circle to be seen, for mail programs that round no corners.

    A palette of dithered colours is less than half as large as true colours; its last one is transparent. The circle
    is a pixel wider than it is shown, so that style sheets smooth its edge.
    """
    whole = Image.new("RGB", picture.size, WHITE)
    whole.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    flat = whole.quantize(CLEAR, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
    colours = (flat.getpalette() or [])[: 3 * CLEAR]
    flat.putpalette(colours + [0] * (3 * (CLEAR + 1) - len(colours)))
    outside = Image.new("L", picture.size, CLEAR)
    ImageDraw.Draw(outside).ellipse((-1, -1, picture.width, picture.height), fill=0)
    flat.paste(CLEAR, mask=outside)
    buffer = io.BytesIO()
    flat.save(buffer, "PNG", transparency=CLEAR)
    return buffer.getvalue()


def name_picture(content: bytes, size: tuple[int, int], place: Place, *, flat: bool) -> Fitted:
    """A picture's bytes as an asset."""
    asset = Asset(name_asset(content, flat=flat), content, "image/png" if flat else "image/jpeg", *size)
    return Fitted(asset, *shown_size(size, place))


def name_asset(content: bytes, *, flat: bool) -> str:
    """A picture's file name, made from its content."""
    return hashlib.sha256(content).hexdigest()[:16] + (".png" if flat else ".jpg")


def shown_size(size: tuple[int, int], place: Place) -> tuple[int, int]:
    """The size in the layout: as wide and high as the place allows, never more pixels than there are."""
    factor = min(1.0, place.width / size[0], place.height / size[1])
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
