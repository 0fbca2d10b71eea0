"""What dark mode needs."""

import io
from collections import Counter
from collections.abc import Iterator

from PIL import Image

from ruhrmail.check.cascade import cascade
from ruhrmail.check.colour import Colour, contrast
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.pictures import asset_name, shown_at
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

SIDE = 48
"""Pixels of the copy that a picture is looked at by."""
COVERED = 0.7
"""From this share of opaque pixels on it is a picture and no drawing: round portraits cover 0.79."""
OPAQUE, STEP = 128, 16
"""From when on a pixel is seen, and how coarsely its colour is taken."""
FAINT = 2.0
"""A contrast below which nobody makes out a form."""
MOST_UNSEEN = 0.6
"""The share of pixels above which an edge of another colour does not help any more."""
METAS = ("color-scheme", "supported-color-schemes")


def find_missing_metas(dossier: Dossier) -> Iterator[Finding]:
    """The mail does not say that it has a dark form.

    Why: Apple Mail shows the dark colours of a style sheet only where both metas name the scheme; without them it turns
        light colours around by itself.
    Bad:
        # templates/mail.mjml.j2, in part
        <mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Good:
        # templates/mail.mjml.j2, in part
        <mj-raw>
          <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
        </mj-raw>
    Remedy: write both metas into <mj-raw> in <mj-head>
    """
    for sheet in dossier.sheets_of("mail"):
        said = {meta.get("name", ""): meta.get("content", "") for meta in sheet.elements("meta")}
        missing = [name for name in METAS if "dark" not in said.get(name, "")]
        if missing:
            at = dossier.find_in_template("mail.mjml.j2", "<mj-head")
            message = phrase("the mail has no meta {names} with dark", names=", ".join(missing))
            hint = phrase("write both metas into <mj-raw> in <mj-head>")
            yield Finding("dark/meta", "warning", at, message, hint)


def find_unseen_pictures(dossier: Dossier) -> Iterator[Finding]:
    """A picture with a transparent ground cannot be seen in dark mode.

    Why: Dark ink on a transparent ground stands on white in light mode and on nearly black in dark mode. Looked at is
        every drawing with a transparent ground, on the ground that its place has in dark mode: most of its ink has a
        contrast below 2 there. The usual case is a logo; round portraits are none.
    Bad:
        # a black logo with a transparent ground
    Good:
        # the same with a white edge, or on a white ground
    Remedy: save the picture with a ground of its own, or with lighter ink
    """
    assets = {asset.name: asset.content for edition in dossier.editions for asset in edition.assets}
    inks = {name: ink for name, content in assets.items() if (ink := read_ink(content))}
    places = shown_at(dossier) if inks else {}
    for sheet in dossier.sheets_of("mail") if inks else ():
        held = cascade(sheet.root, dark=True)
        for image in sheet.elements("img"):
            name = asset_name(image)
            ground = held.ground(image)
            if name in inks and ground and share_unseen(inks[name], ground) >= MOST_UNSEEN:
                at = places.get(name) or logo_place(dossier)
                message = phrase("a picture with a transparent ground cannot be seen in dark mode")
                hint = phrase("save it with a ground of its own, or with lighter ink")
                yield Finding("dark/logo-transparent", "warning", at, message, hint)


def logo_place(dossier: Dossier) -> Location:
    """Where the settings name the logo; a picture of no block is one."""
    return dossier.config.document.at_value(("theme", "logo"))


def read_ink(content: bytes) -> Counter[Colour]:
    """The colours of a picture's visible pixels, about, and how many have each; empty where little is transparent."""
    with Image.open(io.BytesIO(content)) as image:
        if image.format != "PNG" or not image.has_transparency_data:
            return Counter()
        raw = image.convert("RGBA").reduce(max(1, max(image.size) // SIDE)).tobytes()
    pixels = [raw[start : start + 4] for start in range(0, len(raw), 4)]
    visible = Counter(tuple(value // STEP * STEP for value in one[:3]) for one in pixels if one[3] >= OPAQUE)
    return Counter(
        {Colour(*colour): times for colour, times in visible.items() if visible.total() < len(pixels) * COVERED}
    )


def share_unseen(ink: Counter[Colour], ground: Colour) -> float:
    """The share of pixels that can hardly be told from the ground."""
    return sum(times for one, times in ink.items() if contrast(one, ground) < FAINT) / ink.total()
