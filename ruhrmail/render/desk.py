"""The editor's desk: sets texts, fits pictures, and remembers what is wrong with them and where."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.i18n import Translator
from ruhrmail.markdown import offset_of
from ruhrmail.model.blocks import Picture
from ruhrmail.model.finding import Finding
from ruhrmail.model.links import Link
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.render.calendar import Calendars
from ruhrmail.render.fields import Marks
from ruhrmail.render.images import FULL, MAX_PIXELS, Fitted, Pictures, Place, Unreadable
from ruhrmail.render.prose import Prose, Refusal, render_prose
from ruhrmail.render.typography import typeset
from ruhrmail.render.views import LinkView, PictureView
from ruhrmail.source.document import Keys
from ruhrmail.source.marks import write_keys

PICTURE = re.compile(r"!\[[^\[\]\n]*\]\(\s*<?\Z")
"""The beginning of a picture in Markdown, up to its address."""
LINE_ENDS = re.compile(r"[ \t]*[\n\r\v\f\x85\u2028\u2029][ \t]*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an issue comes from: `folder` is what its pictures are relative to.

    `at` gives the place of a key, `at_word` that of an offset in the text of a key. `shelf` is the folder where fitted
    pictures are kept between runs; None: nothing is kept. `marked`: the editions get a copy with source marks, for
    which `whole` tells the keys in the file.
    """

    slug: str
    folder: Path
    config: Config
    at: Callable[[Keys], Location]
    at_word: Callable[[Keys, int], Location]
    shelf: Path | None = None
    marked: bool = False
    whole: Callable[[Keys], Keys] = tuple


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to set one issue; findings and used pictures gather in the two lists, read texts in `kept`.

    `full` is the room of a picture across the whole width.
    """

    source: Source
    words: Translator
    marks: Marks
    pictures: Pictures
    findings: list[Finding] = field(default_factory=list)
    used: list[Fitted] = field(default_factory=list)
    full: Place = FULL
    calendars: Calendars = field(default_factory=Calendars)
    kept: dict[str, tuple[Prose, list[Refusal]]] = field(default_factory=dict)

    def source_of(self, keys: Keys) -> str:
        """The keys in the file as a source mark names them; empty where nothing is marked."""
        return write_keys(self.source.whole(keys)) if self.source.marked else ""

    @property
    def language(self) -> str:
        """The issue's language."""
        return self.words.language

    def line(self, text: str) -> str:
        """A plain text, set."""
        return typeset(self.marks.put(LINE_ENDS.sub(" ", text).strip()), self.language)

    def option(self, text: str | None) -> str | None:
        """A plain text that may be missing."""
        return self.line(text) if text else None

    def lines(self, text: str | None) -> tuple[str, ...]:
        """A plain text whose lines are kept; a quotation may go over several."""
        whole = typeset(self.marks.put(text or ""), self.language)
        return tuple(line.strip() for line in whole.splitlines() if line.strip())

    def url(self, url: str) -> str:
        """An address, its merge fields marked."""
        return self.marks.put(url)

    def prose(self, text: str, keys: Keys) -> Prose:
        """A Markdown text, set; links that lead nowhere are findings at their line."""
        prose, refused = self.read(text)
        self.refuse(refused, text, keys)
        return prose

    def read(self, text: str) -> tuple[Prose, list[Refusal]]:
        """A Markdown text, set once however many readers see it, and the links that lead nowhere."""
        if text not in self.kept:
            self.kept[text] = render_prose(self.marks.put(text), self.language)
        return self.kept[text]

    def refuse(self, refused: Iterable[Refusal], text: str, keys: Keys) -> None:
        """Notes the links of a Markdown text that lead nowhere."""
        for refusal in refused:
            offset = offset_of(text, refusal.line, refusal.url)
            at = self.source.at_word(keys, offset)
            refused_here = refused_picture if PICTURE.search(text, 0, offset) else refused_link
            self.findings.append(refused_here(refusal, at))

    def link(self, link: Link | None, label: str) -> LinkView | None:
        """A link with its label, or the one it has by default (an English word)."""
        if link is None:
            return None
        return LinkView(self.url(link.url), self.line(link.label) if link.label else self.words(label))

    def page_link(self, anchor: str) -> LinkView:
        """The link from a teaser to the article's own page."""
        address = f"{self.source.config.url}/archive/{self.source.slug}/{anchor}.html"
        return LinkView(address, self.words("Read more"), f"{anchor}.html")

    def picture(self, picture: Picture | None, place: Place, keys: Keys) -> PictureView | None:
        """A picture fitted into its place; None where there is none, or none that can be shown."""
        return None if picture is None else self.shown(picture, place, self.source.at((*keys, "src")))

    def shown(self, picture: Picture, place: Place, at: Location) -> PictureView | None:
        """A picture fitted into its place; None and a finding at `at` where it cannot be shown."""
        fitted = self.fit(self.source.folder / picture.src, picture.src, place, at)
        if fitted is None:
            return None
        return PictureView(
            name=fitted.asset.name,
            width=fitted.width,
            height=fitted.height,
            alt=self.option(picture.alt) or "",
            caption=self.option(picture.caption),
            credit=self.option(picture.credit),
        )

    def fit(self, path: Path, name: str, place: Place, at: Location) -> Fitted | None:
        """The fitted file, or None and a finding at `at`."""
        found = self.pictures[(path, place)].result()
        if isinstance(found, Unreadable):
            self.findings.append(unreadable_picture(found, name, at))
            return None
        self.used.append(found)
        return found


def outside_project(name: str, at: Location) -> Finding:
    """The finding for a logo that is not the project's."""
    hint = phrase("put the picture into the project's folder")
    return Finding("img/outside-project", "error", at, phrase("{src} lies outside the project", src=name), hint)


def unreadable_picture(error: Unreadable, name: str, at: Location) -> Finding:
    """The finding for a picture that cannot be shown."""
    if error.reason == "missing":
        hint = phrase("check how the name is written, letter case included")
        return Finding("img/missing", "error", at, phrase("there is no picture {src}", src=name), hint)
    if error.reason == "large":
        message = phrase("{src} has more than {count} million pixels", src=name, count=MAX_PIXELS // 1_000_000)
        hint = phrase("save it smaller: 2400 pixels wide are plenty")
    else:
        message = phrase("{src} cannot be read as a picture: it is damaged or incomplete", src=name)
        hint = phrase("open it in an image program and save it again as JPEG or PNG")
    return Finding("img/unreadable", "error", at, message, hint)


def refused_picture(refusal: Refusal, at: Location) -> Finding:
    """The finding for a picture in a text that holds none: Markdown takes it for a link."""
    message = phrase("the picture {src} cannot stand in a text of the mail", src=refusal.url)
    return Finding(refusal.rule, "error", at, message, phrase("write a block of type image"))


def refused_link(refusal: Refusal, at: Location) -> Finding:
    """The finding for a link in running text."""
    if refusal.rule == "link/scheme":
        message, hint = (
            phrase("mail clients do not open {value}", value=refusal.url),
            phrase("use https:, mailto: or tel:"),
        )
    elif refusal.rule == "link/broken":
        message = phrase("this is no complete address: {value}", value=refusal.url)
        hint = phrase("copy it from the browser")
    else:
        message = phrase("the link is not complete: {value}", value=refusal.url)
        hint = phrase("write it with https:// in front")
    return Finding(refusal.rule, "error", at, message, hint)
