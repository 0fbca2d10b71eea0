"""What templates see: blocks whose texts are set, whose pictures are fitted, and whose dates are in words.

One table, long as it is: whoever writes a template finds every block here, in the order of the reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ruhrmail.render.prose import Prose

SENTENCE_ENDS = (".", "!", "?", "…", "“", "‘", "”", "’")
"""What a caption ends with that needs no dot before the credit."""


@dataclass(frozen=True, slots=True)
class PictureView:
    """A fitted picture: its file's name among the assets and its size in the layout."""

    name: str
    width: int
    height: int
    alt: str
    caption: str | None = None
    credit: str | None = None

    @property
    def notes(self) -> str:
        """Caption and credit in one line, empty where there is neither; no line begins with the dot between them."""
        notes = [note for note in (self.caption, self.credit) if note]
        whole = self.caption is not None and self.caption.endswith(SENTENCE_ENDS)
        return (" " if whole else "\u00a0· ").join(notes)


@dataclass(frozen=True, slots=True)
class LinkView:
    """Where a text leads; the label is never empty. `page` is the same relative to the issue's page, if it is ours."""

    url: str
    label: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What leads from a block back to the file, such as `content.3`; empty unless checking asks for it."""

    source: str = ""


@dataclass(frozen=True, slots=True)
class EditorialView(Sourced):
    """The editor's letter. `closing` and `role` are lines."""

    text: Prose
    portrait: PictureView | None
    salutation: str | None
    closing: tuple[str, ...]
    author: str | None
    role: tuple[str, ...]
    signature: PictureView | None
    type: str = "editorial"


@dataclass(frozen=True, slots=True)
class ArticleView(Sourced):
    """A story's teaser; `id` is its anchor, `large` for the lead."""

    id: str
    title: str
    kicker: str | None
    image: PictureView | None
    text: Prose | None
    link: LinkView | None
    large: bool = False
    type: str = "article"


@dataclass(frozen=True, slots=True)
class CardsView(Sourced):
    """Articles shown beside each other."""

    articles: tuple[ArticleView, ...]
    type: str = "cards"


@dataclass(frozen=True, slots=True)
class DateView:
    """One date of an event, in words and for machines; `calendar` is the file beside the issue's page.

    `words` are `days` and `hours` in one; `hours` is empty where there are none, or where they are on several days.
    """

    words: str
    days: str
    hours: str
    start: str
    end: str | None
    place: str | None
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """Something to go to; the badge shows the first day."""

    title: str
    day: str
    month: str
    dates: tuple[DateView, ...]
    text: Prose | None
    link: LinkView | None


@dataclass(frozen=True, slots=True)
class EventsView(Sourced):
    """Dates to note; `calendar` is the file with all of the issue, offered below its last dates."""

    events: tuple[EventView, ...]
    title: str | None
    calendar: str | None = None
    type: str = "events"


@dataclass(frozen=True, slots=True)
class HeadingView(Sourced):
    """A headline between blocks; `id` is its anchor on an article's page."""

    text: str
    level: int
    id: str = ""
    type: str = "heading"


@dataclass(frozen=True, slots=True)
class TextView(Sourced):
    """Running text."""

    text: Prose
    type: str = "text"


@dataclass(frozen=True, slots=True)
class ImageView(Sourced):
    """A picture across the whole width."""

    picture: PictureView
    link: LinkView | None
    type: str = "image"


@dataclass(frozen=True, slots=True)
class ButtonView(Sourced):
    """A call to do something."""

    url: str
    label: str
    type: str = "button"


@dataclass(frozen=True, slots=True)
class DividerView(Sourced):
    """A rule between blocks."""

    type: str = "divider"


@dataclass(frozen=True, slots=True)
class GalleryView(Sourced):
    """Pictures beside each other, in rows."""

    rows: tuple[tuple[PictureView, ...], ...]
    title: str | None
    type: str = "gallery"

    @property
    def pictures(self) -> tuple[PictureView, ...]:
        """All of them, without rows."""
        return tuple(picture for row in self.rows for picture in row)


@dataclass(frozen=True, slots=True)
class QuoteView(Sourced):
    """What somebody said, in quotation marks; `text` and `role` are lines."""

    text: tuple[str, ...]
    author: str | None
    role: tuple[str, ...]
    portrait: PictureView | None
    type: str = "quote"


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of a table of contents and where on the page it leads; `level` is that of its headline."""

    label: str
    anchor: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class ContentsView(Sourced):
    """A table of contents; without entries it is not shown."""

    title: str
    entries: tuple[EntryView, ...]
    type: str = "contents"


@dataclass(frozen=True, slots=True)
class CardView:
    """Something to read on; the text is one short line."""

    title: str
    text: str | None
    image: PictureView | None
    link: LinkView


@dataclass(frozen=True, slots=True)
class RelatedView(Sourced):
    """More on this topic."""

    title: str
    cards: tuple[CardView, ...]
    type: str = "related"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A key number."""

    value: str
    label: str
    note: str | None


@dataclass(frozen=True, slots=True)
class FiguresView(Sourced):
    """Key numbers beside each other, in rows."""

    rows: tuple[tuple[FigureView, ...], ...]
    title: str | None
    type: str = "figures"


@dataclass(frozen=True, slots=True)
class LogoView:
    """A partner's sign."""

    picture: PictureView
    link: LinkView | None


@dataclass(frozen=True, slots=True)
class LogosView(Sourced):
    """Partners and sponsors."""

    logos: tuple[LogoView, ...]
    title: str | None
    type: str = "logos"


BlockView = (
    EditorialView
    | ArticleView
    | CardsView
    | EventsView
    | HeadingView
    | TextView
    | ImageView
    | GalleryView
    | QuoteView
    | ButtonView
    | ContentsView
    | RelatedView
    | FiguresView
    | LogosView
    | DividerView
)


@dataclass(frozen=True, slots=True)
class IssueView:
    """The issue as a whole; `mast` is `Ausgabe 7 · 6. November 2026`."""

    subject: str
    preheader: str
    title: str
    mast: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    logo: PictureView | None

    @property
    def cover(self) -> PictureView | None:
        """The first large picture: what a shared link shows."""
        found = (picture for block in self.blocks for picture in pictures_of(block))
        return next(found, None)


def pictures_of(block: BlockView) -> Iterator[PictureView]:
    """The pictures of stories and picture blocks."""
    if isinstance(block, ImageView):
        yield block.picture
    articles = block.articles if isinstance(block, CardsView) else (block,)
    yield from (one.image for one in articles if isinstance(one, ArticleView) and one.image)
