"""`check --report`: a page with the pictures side by side, and the findings beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from jinja2 import Environment, PackageLoader, StrictUndefined

from ruhrmail.cli.formats.report import Report, sound
from ruhrmail.flows.viewing import Exhibit
from ruhrmail.i18n import Translator
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

SCALE, SMALLER, WIDE = 0.62, 0.46, 400
"""How large pictures are shown, and those of wide windows; a link leads to the whole."""
SHOWN = {
    ("plain", "light"): phrase("light"),
    ("plain", "dark"): phrase("dark"),
    ("forced-dark", "light"): phrase("darkened by the program"),
    ("images-off", "light"): phrase("pictures blocked"),
    ("styles-off", "light"): phrase("style sheets dropped"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as the page shows it."""

    severity: str
    place: str
    rule: str
    message: str
    advice: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture with its caption; `width` and `height` are those it is shown with."""

    file: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Wall:
    """All pictures of a mail or page: plain ones by scheme, simulations, and three in a row for what has changed."""

    title: str
    anchor: str
    light: Sequence[Frame]
    dark: Sequence[Frame]
    simulated: Sequence[Frame]
    changes: Sequence[Sequence[Frame]]


@dataclass(frozen=True, slots=True)
class Room:
    """An issue: findings and pictures."""

    slug: str
    notes: Sequence[Note]
    walls: Sequence[Wall]


def write_album(report: Report, exhibits: Sequence[Exhibit]) -> str:
    """The whole page, in the reader's language; pictures are files beside it."""
    environment = Environment(
        loader=PackageLoader("ruhrmail.cli.formats"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    template = environment.get_template("album.html.j2")
    translate = report.translate
    rooms = [room(slug, list(own), report) for slug, own in groupby(exhibits, lambda one: one.slug)]
    seen = {one.slug for one in rooms}
    others = [note(one, report) for one in report.findings if slug_of(one) not in seen]
    return template.render(t=translate, language=translate.language, counts=report.counts(), others=others, rooms=rooms)


def room(slug: str, exhibits: Sequence[Exhibit], report: Report) -> Room:
    """One issue."""
    notes = [note(one, report) for one in report.findings if slug_of(one) == slug]
    pages = [list(own) for _, own in groupby(exhibits, lambda one: str(one.page))]
    return Room(slug, notes, [wall(f"{slug}-{number}", own, report.translate) for number, own in enumerate(pages, 1)])


def slug_of(finding: Finding) -> str:
    """The issue whose file a finding is about; empty for templates, settings and the list."""
    parts = PurePosixPath(finding.at.file).parts
    return parts[1].removesuffix(".yaml") if len(parts) > 1 and parts[0] == "issues" else ""


def note(finding: Finding, report: Report) -> Note:
    """One finding."""
    message, advice = report.message(finding), report.advice(finding)
    return Note(
        finding.severity, sound(str(finding.at)), finding.rule, message, advice, sound(finding.at.excerpt.strip())
    )


def wall(anchor: str, exhibits: Sequence[Exhibit], translate: Translator) -> Wall:
    """One mail or page."""
    title = translate(exhibits[0].page)
    frames = [(one, frame(one.size, one.picture, caption(one), translate)) for one in exhibits]
    return Wall(
        title[:1].upper() + title[1:],
        anchor,
        [shown for one, shown in frames if (one.view.form, one.view.scheme) == ("plain", "light")],
        [shown for one, shown in frames if (one.view.form, one.view.scheme) == ("plain", "dark")],
        [shown for one, shown in frames if one.view.form != "plain"],
        [list(change(one, translate)) for one in exhibits if one.change],
    )


def frame(size: tuple[int, int], file: str, words: Phrase, translate: Translator) -> Frame:
    """A picture at the size it is shown in."""
    width, height = size
    scale = SMALLER if width > WIDE else SCALE
    return Frame(file, translate(words), round(width * scale), round(height * scale))


def caption(exhibit: Exhibit) -> Phrase:
    """`375 pixels, dark`."""
    view = exhibit.view
    return phrase("{width} pixels, {shown}", width=view.width, shown=SHOWN[view.form, view.scheme])


def change(exhibit: Exhibit, translate: Translator) -> Iterator[Frame]:
    """Before, now, and what differs."""
    found = exhibit.change
    if found is None:
        return
    values = {"view": caption(exhibit), "part": round(found.part * 100, 1)}
    size = exhibit.size[0], found.height
    yield frame(size, found.baseline, phrase("{view}: baseline", **values), translate)
    yield frame(size, found.now, phrase("{view}: now", **values), translate)
    yield frame(size, found.difference, phrase("{view}: difference ({part} %)", **values), translate)
