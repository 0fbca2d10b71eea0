"""What the browser shows beside findings: baselines renewed, and pictures for a report."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from ruhrmail.check import Dossier
from ruhrmail.check.browser.baselines import has_baselines
from ruhrmail.check.browser.look import EVERY, Look, View
from ruhrmail.check.browser.regression import Comparison, accept, compare_look
from ruhrmail.check.browser.trace import name_of
from ruhrmail.check.browser.viewing import looks_at
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import Phrase, phrase

COLORS = 256
ABOVE, CUT = 120, 1000
"""Pixels that are shown of a change: so many above it, so many in all."""


@dataclass(frozen=True, slots=True)
class Change:
    """Where a view differs from what was accepted, by `part` of the pixels of a strip: files with the piece around the
    first difference, before, now, and what is different; `height` in pixels."""

    baseline: str
    now: str
    difference: str
    height: int
    part: float


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A view of a mail or page in the report; `picture` is a file relative to its folder."""

    slug: str
    page: Phrase
    view: View
    picture: str
    size: tuple[int, int]
    change: Change | None = None


@dataclass(slots=True)
class Viewing:
    """What is wanted (`accept`: take the pictures for baselines; `folder`: where a report's pictures go), and what came
    of it: how many files of baselines changed, the issues that have none, the pictures."""

    accept: bool = False
    folder: Path | None = None
    changed: int = 0
    without: list[str] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)

    @property
    def pictures(self) -> bool:
        """Whether every view is to be pictured."""
        return self.accept or self.folder is not None

    def visit(self, dossier: Dossier) -> None:
        """One issue, before its rules run. Raises RuhrmailError where files cannot be written."""
        try:
            if self.folder is not None:
                self.exhibits.extend(exhibit(dossier, self.folder))
            if self.accept:
                self.changed += accept(dossier)
        except OSError as error:
            message = phrase(
                "the pictures of {slug} cannot be written: {reason}", slug=dossier.slug, reason=error.strerror
            )
            raise RuhrmailError(message) from error
        if not has_baselines(dossier.config.project, dossier.slug):
            self.without.append(dossier.slug)


def exhibit(dossier: Dossier, folder: Path) -> Iterator[Exhibit]:
    """Writes the pictures of an issue; those before `--accept` are compared with what was there."""
    (folder / dossier.slug).mkdir(parents=True, exist_ok=True)
    for look in looks_at(dossier):
        compared = {one.view: one for one in compare_look(look, dossier)}
        for view in EVERY:
            if view in look.pictures:
                yield hang(dossier.slug, look, view, compared.get(view), folder)


def hang(slug: str, look: Look, view: View, compared: Comparison | None, folder: Path) -> Exhibit:
    """One view's files."""
    stem = f"{slug}/{look.name}-{view.name}"
    with Image.open(io.BytesIO(look.pictures[view])) as opened:
        picture = opened.convert("RGB")
    write(picture, folder / f"{stem}.png")
    page = name_of(look)
    if compared is None or not (compared.exceeds and compared.baseline and compared.difference and compared.now):
        return Exhibit(slug, page, view, f"{stem}.png", picture.size)
    names = [f"{stem}-{part}.png" for part in ("baseline", "now", "difference")]
    shown = compared.baseline.picture, compared.now, compared.difference.shown
    top = max(0, (compared.difference.first or (0, 0))[1] - ABOVE)
    for name, one in zip(names, shown, strict=True):
        write(one.crop((0, min(top, one.height - 1), one.width, min(one.height, top + CUT))), folder / name)
    change = Change(names[0], names[1], names[2], min(CUT, compared.difference.shown.height), compared.difference.part)
    return Exhibit(slug, page, view, f"{stem}.png", picture.size, change)


def write(picture: Image.Image, path: Path) -> None:
    """A picture in few colours: small enough to be kept by CI, for people to look at."""
    picture.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=False)
