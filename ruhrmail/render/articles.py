"""Articles with a body to pages of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ruhrmail.model.blocks import Article
from ruhrmail.model.edition import File
from ruhrmail.model.issue import Issue
from ruhrmail.render import views
from ruhrmail.render.desk import Desk, Source
from ruhrmail.render.images import PAGE, Job
from ruhrmail.render.layout import name_articles
from ruhrmail.render.page import Page, squeeze
from ruhrmail.render.prose import Prose
from ruhrmail.render.story import body_pictures, set_body
from ruhrmail.render.teaser import shorten
from ruhrmail.theme import Theme

TEMPLATE = "page.html.j2"
MEDIA_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PageView:
    """An article's page; the teaser is its `lead`, and shortened its `description`.

    `previous` and `next` are the neighbours in the issue that have a page too.
    """

    id: str
    title: str
    kicker: str | None
    image: views.PictureView | None
    lead: Prose | None
    description: str
    blocks: tuple[views.BlockView, ...]
    source: str = ""
    previous: views.LinkView | None = None
    next: views.LinkView | None = None

    @property
    def name(self) -> str:
        """The page's file."""
        return f"{self.id}.html"

    @property
    def cover(self) -> views.PictureView | None:
        """What a shared link shows: the article's picture, else the first of its body."""
        inside = (picture for block in self.blocks for picture in views.pictures_of(block))
        return self.image or next(inside, None)


def set_pages(issue: Issue, desk: Desk) -> Sequence[PageView]:
    """The page of every article with a body, in the order of the issue."""
    anchors = name_articles(issue.content)
    pages = [
        set_page(block, desk, number, anchors[number])
        for number, block in enumerate(issue.content)
        if isinstance(block, Article) and block.body
    ]
    return list(connect(pages))


def set_page(article: Article, desk: Desk, number: int, anchor: str) -> PageView:
    """One article's page; the teaser is its lead."""
    keys = ("content", number)
    lead = desk.prose(article.text, (*keys, "text")) if article.text else None
    return PageView(
        id=anchor,
        title=desk.line(article.title),
        kicker=desk.option(article.kicker),
        image=desk.picture(article.image, PAGE, (*keys, "image")),
        lead=lead,
        description=shorten(lead, desk.language) if lead else "",
        blocks=set_body(article, desk, (*keys, "body")),
        source=desk.source_of(keys),
    )


def connect(pages: Sequence[PageView]) -> Iterator[PageView]:
    """Every page with the ways to its neighbours."""
    links = [None, *(views.LinkView(page.name, page.title, page.name) for page in pages), None]
    for number, page in enumerate(pages):
        yield replace(page, previous=links[number], next=links[number + 2])


def page_jobs(issue: Issue, source: Source) -> Iterator[Job]:
    """The large pictures of all pages, so that they are fitted side by side."""
    for block in issue.content:
        if isinstance(block, Article) and block.body:
            names = ([block.image.src] if block.image else []) + list(body_pictures(block))
            yield from ((source.folder / name, PAGE) for name in names)


def write_article(article: PageView, page: Page, theme: Theme) -> str:
    """The article's page in HTML, its pictures in `assets/`, marks where merge fields stand."""
    values = page.values()
    own = {"article": article, "address": f"{values['address']}{article.name}", "issue_address": values["address"]}
    return squeeze(theme.render(TEMPLATE, {**values, **own, "assets": "assets/"}))


def make_file(page: PageView, html: str) -> File:
    """The page as a public file."""
    return File(page.name, html.encode(), MEDIA_TYPE)
