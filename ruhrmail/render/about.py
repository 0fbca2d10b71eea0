"""An issue, set for everybody, to what the archive tells about it."""

from collections.abc import Callable, Iterable, Iterator

from ruhrmail.model.archive import About, Happening, Story
from ruhrmail.model.edition import File
from ruhrmail.render.calendar import Calendars, Entry, Facts, in_one_line, needs_zone, write_entry, write_zone
from ruhrmail.render.dates import name_span
from ruhrmail.render.layout import anchor_of
from ruhrmail.render.teaser import shorten
from ruhrmail.render.views import ArticleView, CardsView, IssueView

Plain = Callable[[str], str]
"""Takes a set text with marks, gives what everybody may read of it."""


def tell_about(view: IssueView, calendars: Calendars, facts: Facts, plain: Plain) -> About:
    """What lists, feeds and search engines say of an issue; `view` holds the blocks that everybody sees."""
    entries = [entry for entry in calendars.entries if entry.listed]
    happenings = tuple(tell_date(entry, facts) for entry in entries)
    zoned = any(needs_zone(one.entry.encode()) for one in happenings)
    return About(
        title=plain(view.title),
        text=plain(view.preheader),
        language=facts.language,
        stories=tuple(tell_story(one, facts.language, plain) for one in articles_of(view)),
        happenings=happenings,
        zone=write_zone().decode() if zoned else "",
    )


def articles_of(view: IssueView) -> Iterator[ArticleView]:
    """Every article, cards too."""
    for block in view.blocks:
        if isinstance(block, CardsView):
            yield from block.articles
        elif isinstance(block, ArticleView):
            yield block


def tell_story(article: ArticleView, language: str, plain: Plain) -> Story:
    """An article with its teaser, shortened."""
    kicker = plain(article.kicker or "")
    return Story(
        title=plain(article.title),
        place=(article.link.page if article.link else "") or f"#{article.id}",
        text=plain(shorten(article.text, language)) if article.text else "",
        kicker=kicker,
        topic=anchor_of(kicker),
    )


def tell_date(entry: Entry, facts: Facts) -> Happening:
    """One date of an event."""
    return Happening(
        uid=entry.uid,
        title=in_one_line(entry.event.title),
        start=entry.date.start.isoformat(),
        end=entry.date.end.isoformat() if entry.date.end else "",
        place=in_one_line(entry.date.place or ""),
        entry=write_entry(entry, facts).decode(),
        when=name_span(entry.date.start, entry.date.end, facts.language),
    )


def unlisted(files: Iterable[File]) -> Iterator[File]:
    """The same files, for whoever knows their addresses alone."""
    return (File(file.name, file.content, file.media_type, listed=False) for file in files)
