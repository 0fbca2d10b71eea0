"""Blocks as editors write them to what templates see."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby
from typing import Any

from ruhrmail.model.blocks import Article, Block, Button, Divider, Editorial, Event, Events, Heading, Image, Text, day
from ruhrmail.model.issue import Issue
from ruhrmail.render import views
from ruhrmail.render.dates import machine_time, name_day, name_month, name_span
from ruhrmail.render.desk import Desk, Source, outside_project
from ruhrmail.render.images import CARD, FULL, LOGO, PORTRAIT, SIGNATURE, Job, Place
from ruhrmail.source.document import Keys

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MAX_ANCHOR = 60


def set_issue(issue: Issue, desk: Desk) -> views.IssueView:
    """The whole issue, its blocks in their order, neighbouring cards together."""
    anchors = name_articles(issue.content)
    number = [desk.words("Issue {number}", number=issue.number)] if issue.number is not None else []
    return views.IssueView(
        subject=desk.line(issue.subject),
        preheader=desk.option(issue.preheader) or "",
        title=desk.line(issue.title or issue.subject),
        mast=(*number, name_day(issue.date, desk.language)),
        blocks=tuple(mend_levels(gather_cards(set_blocks(issue, desk, anchors)))),
        logo=set_logo(desk),
    )


def set_blocks(issue: Issue, desk: Desk, anchors: Mapping[int, str]) -> Iterator[tuple[bool, views.BlockView]]:
    """Every block, and whether it is a card."""
    for number, block in enumerate(issue.content):
        keys: Keys = ("content", number)
        if isinstance(block, Article):
            yield block.layout == "card", set_article(block, desk, keys, anchors[number])
        else:
            yield False, SETTERS[type(block)](block, desk, keys)


def mend_levels(blocks: Iterable[views.BlockView]) -> Iterator[views.BlockView]:
    """A headline of the third level needs one of the second above it: screen readers walk along the levels."""
    below = False
    for block in blocks:
        lone = isinstance(block, views.HeadingView) and not below
        yield replace(block, level=2) if isinstance(block, views.HeadingView) and lone else block
        below = below or not isinstance(block, TITLELESS)


TITLELESS = (views.TextView, views.ImageView, views.ButtonView, views.DividerView)


def gather_cards(blocks: Iterator[tuple[bool, views.BlockView]]) -> Iterator[views.BlockView]:
    """Neighbouring cards as one block."""
    for card, group in groupby(blocks, key=lambda pair: pair[0]):
        members = [view for _, view in group]
        if card:
            yield views.CardsView(tuple(view for view in members if isinstance(view, views.ArticleView)))
        else:
            yield from members


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


def set_article(block: Article, desk: Desk, keys: Keys, anchor: str) -> views.ArticleView:
    return views.ArticleView(
        id=anchor,
        title=desk.line(block.title),
        kicker=desk.option(block.kicker),
        image=desk.picture(block.image, article_place(block), (*keys, "image")),
        text=desk.prose(block.text, (*keys, "text")) if block.text else None,
        link=desk.link(block.link, "Read more"),
        large=block.layout == "lead",
    )


def set_events(block: Events, desk: Desk, keys: Keys) -> views.EventsView:
    events = [set_event(event, desk, (*keys, "events", number)) for number, event in enumerate(block.events)]
    return views.EventsView(tuple(events), desk.option(block.title))


def set_event(event: Event, desk: Desk, keys: Keys) -> views.EventView:
    dates = event.all_dates()
    first = day(dates[0].start)
    return views.EventView(
        title=desk.line(event.title),
        day=str(first.day),
        month=name_month(first, desk.language),
        dates=tuple(
            views.DateView(
                words=name_span(one.start, one.end, desk.language),
                start=machine_time(one.start),
                end=machine_time(one.end) if one.end else None,
                place=desk.option(one.place),
            )
            for one in dates
        ),
        text=desk.prose(event.text, (*keys, "text")) if event.text else None,
        link=desk.link(event.link, "Details"),
    )


def set_heading(block: Heading, desk: Desk, _: Keys) -> views.HeadingView:
    return views.HeadingView(desk.line(block.text), block.level)


def set_text(block: Text, desk: Desk, keys: Keys) -> views.TextView:
    return views.TextView(desk.prose(block.text, (*keys, "text")))


def set_image(block: Image, desk: Desk, keys: Keys) -> views.ImageView | views.DividerView:
    picture = desk.picture(block, FULL, keys)
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
}


def set_logo(desk: Desk) -> views.PictureView | None:
    """The newsletter's logo; its name stands beside it, so it has no alternative text."""
    config = desk.source.config
    logo = config.settings.theme.logo
    if logo is None:
        return None
    at = config.document.at_value(("theme", "logo"))
    if not (config.project / logo).resolve().is_relative_to(config.project.resolve()):
        desk.findings.append(outside_project(logo, at))
        return None
    fitted = desk.fit(config.project / logo, logo, LOGO, at)
    return views.PictureView(fitted.asset.name, fitted.width, fitted.height, "") if fitted else None


def article_place(block: Article) -> Place:
    """The room of an article's picture."""
    return CARD if block.layout == "card" else FULL


def picture_jobs(issue: Issue, source: Source) -> Iterator[Job]:
    """Every picture of the issue with the room it gets, the large ones (which take longest) as they come."""
    if logo := source.config.settings.theme.logo:
        yield source.config.project / logo, LOGO
    for block in issue.content:
        if isinstance(block, Editorial):
            pairs = [(block.portrait, PORTRAIT), (block.signature, SIGNATURE)]
        elif isinstance(block, Article):
            pairs = [(block.image, article_place(block))]
        else:
            pairs = [(block, FULL)] if isinstance(block, Image) else []
        yield from ((source.folder / picture.src, place) for picture, place in pairs if picture)


def name_articles(blocks: Sequence[Block]) -> dict[int, str]:
    """The anchor of every article by its number: its id, else one made from the title; each only once."""
    taken = {block.id for block in blocks if isinstance(block, Article) and block.id}
    found = {}
    for number, block in enumerate(blocks):
        if isinstance(block, Article):
            found[number] = block.id or free_anchor(block.title, taken)
            taken.add(found[number])
    return found


def free_anchor(title: str, taken: set[str]) -> str:
    """`Größe zählt!` to groesse-zaehlt, with a number behind it where that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(UMLAUTS).replace("\\-", "")).strip("-")
    base = plain[:MAX_ANCHOR].rstrip("-") or "artikel"
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)
