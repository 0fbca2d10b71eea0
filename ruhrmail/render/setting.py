"""Blocks as editors write them to what templates see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ruhrmail.files import lies_inside
from ruhrmail.model.blocks import Article, Block, Button, Contents, Divider, Editorial, Heading, Image, Text
from ruhrmail.model.events import Event, EventDate, Events, day
from ruhrmail.model.issue import Issue
from ruhrmail.render import supplements, views
from ruhrmail.render.dates import machine_time, name_day, name_month, name_span, part_span
from ruhrmail.render.desk import Desk, Source, outside_project
from ruhrmail.render.images import FULL, LOGO, PORTRAIT, SIGNATURE, Job, Place
from ruhrmail.render.layout import gather_cards, mend_levels, name_articles, place_articles
from ruhrmail.source.document import Keys


def set_issue(issue: Issue, desk: Desk) -> views.IssueView:
    """The whole issue, its blocks in their order, neighbouring cards together."""
    number = [desk.words("Issue {number}", number=issue.number)] if issue.number is not None else []
    return views.IssueView(
        subject=desk.line(issue.subject),
        preheader=desk.option(issue.preheader) or "",
        title=desk.line(issue.title or issue.subject),
        mast=(*number, name_day(issue.date, desk.language)),
        blocks=tuple(mend_levels(gather_cards(issue.content, set_blocks(issue, desk)))),
        logo=set_logo(desk),
    )


def set_blocks(issue: Issue, desk: Desk) -> Iterator[views.BlockView]:
    """Every block for itself, with what leads back to it where that is asked for."""
    shown = set_plain(issue, desk)
    if not desk.source.marked:
        yield from shown
        return
    for number, view in enumerate(shown):
        yield replace(view, source=desk.source_of(("content", number)))


def set_plain(issue: Issue, desk: Desk) -> Iterator[views.BlockView]:
    """Every block for itself."""
    anchors, rooms = name_articles(issue.content), place_articles(issue.content)
    for number, block in enumerate(issue.content):
        keys: Keys = ("content", number)
        if isinstance(block, Article):
            yield set_article(block, desk, keys, anchors[number], rooms[number])
        elif isinstance(block, Contents):
            yield supplements.set_contents(block, desk, list_articles(issue.content, anchors, desk))
        else:
            yield SETTERS[type(block)](block, desk, keys)


def list_articles(blocks: Sequence[Block], anchors: Mapping[int, str], desk: Desk) -> list[views.EntryView]:
    """The entries of an issue's table of contents: its articles."""
    articles = [(number, block) for number, block in enumerate(blocks) if isinstance(block, Article)]
    return [views.EntryView(desk.line(block.title), anchors[number]) for number, block in articles]


def set_editorial(block: Editorial, desk: Desk, keys: Keys) -> views.EditorialView:
    return views.EditorialView(
        text=desk.prose(block.text, (*keys, "text")),
        portrait=desk.picture(block.portrait, PORTRAIT, (*keys, "portrait")),
        salutation=desk.option(block.salutation),
        closing=desk.lines(block.closing),
        author=desk.option(block.author),
        role=desk.lines(block.role),
        signature=desk.picture(block.signature, SIGNATURE, (*keys, "signature")),
    )


def set_article(block: Article, desk: Desk, keys: Keys, anchor: str, room: Place) -> views.ArticleView:
    return views.ArticleView(
        id=anchor,
        title=desk.line(block.title),
        kicker=desk.option(block.kicker),
        image=desk.picture(block.image, room, (*keys, "image")),
        text=desk.prose(block.text, (*keys, "text")) if block.text else None,
        link=desk.page_link(anchor) if block.body else desk.link(block.link, "Read more"),
        large=block.layout == "lead",
    )


def set_events(block: Events, desk: Desk, keys: Keys) -> views.EventsView:
    events = [set_event(event, desk, (*keys, "events", number)) for number, event in enumerate(block.events)]
    return views.EventsView(tuple(events), desk.option(block.title), desk.calendars.below(block))


def set_event(event: Event, desk: Desk, keys: Keys) -> views.EventView:
    dates = event.all_dates()
    first = day(dates[0].start)
    return views.EventView(
        title=desk.line(event.title),
        day=str(first.day),
        month=name_month(first, desk.language),
        dates=tuple(set_date(one, desk, desk.calendars.name_of(event, number)) for number, one in enumerate(dates)),
        text=desk.prose(event.text, (*keys, "text")) if event.text else None,
        link=desk.link(event.link, "Details"),
    )


def set_date(date: EventDate, desk: Desk, calendar: str | None) -> views.DateView:
    days, hours = part_span(date.start, date.end, desk.language)
    return views.DateView(
        words=name_span(date.start, date.end, desk.language),
        days=days,
        hours=hours,
        start=machine_time(date.start),
        end=machine_time(date.end) if date.end else None,
        place=desk.option(date.place),
        calendar=calendar,
    )


def set_heading(block: Heading, desk: Desk, _: Keys) -> views.HeadingView:
    return views.HeadingView(desk.line(block.text), block.level)


def set_text(block: Text, desk: Desk, keys: Keys) -> views.TextView:
    return views.TextView(desk.prose(block.text, (*keys, "text")))


def set_image(block: Image, desk: Desk, keys: Keys) -> views.ImageView | views.DividerView:
    picture = desk.picture(block, desk.full, keys)
    link = desk.link(block.link, "Details")
    if picture is None:
        return views.DividerView()  # never shown: the finding stops the rendering
    if link and not picture.alt:
        picture = replace(picture, alt=link.label)  # a link must have a name
    return views.ImageView(picture, link)


def set_button(block: Button, desk: Desk, _: Keys) -> views.ButtonView:
    return views.ButtonView(desk.url(block.url), desk.line(block.label))


def set_divider(_: Divider, __: Desk, ___: Keys) -> views.DividerView:
    return views.DividerView()


SETTERS: Mapping[type, Callable[[Any, Desk, Keys], views.BlockView]] = {
    Editorial: set_editorial,
    Events: set_events,
    Heading: set_heading,
    Text: set_text,
    Image: set_image,
    Button: set_button,
    Divider: set_divider,
    **supplements.SETTERS,
}


def set_logo(desk: Desk) -> views.PictureView | None:
    """The newsletter's logo; its name stands beside it, so it has no alternative text."""
    config = desk.source.config
    logo = config.settings.theme.logo
    if logo is None:
        return None
    at = config.document.at_value(("theme", "logo"))
    if not lies_inside(config.project / logo, config.project):
        desk.findings.append(outside_project(logo, at))
        return None
    fitted = desk.fit(config.project / logo, logo, LOGO, at)
    return views.PictureView(fitted.asset.name, fitted.width, fitted.height, "") if fitted else None


def picture_jobs(issue: Issue, source: Source) -> Iterator[Job]:
    """Every picture of the issue with the room it gets, the large ones (which take longest) as they come."""
    if logo := source.config.settings.theme.logo:
        yield source.config.project / logo, LOGO
    rooms = place_articles(issue.content)
    for number, block in enumerate(issue.content):
        if isinstance(block, Editorial):
            pairs = [(block.portrait, PORTRAIT), (block.signature, SIGNATURE)]
        elif isinstance(block, Article):
            pairs = [(block.image, rooms[number])]
        else:
            pairs = [(block, FULL)] if isinstance(block, Image) else supplements.place_pictures(block)
        yield from ((source.folder / picture.src, place) for picture, place in pairs if picture)
