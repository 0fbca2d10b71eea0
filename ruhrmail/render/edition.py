"""Issue to Edition."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

from ruhrmail.errors import InvalidInput
from ruhrmail.i18n import greet, translator
from ruhrmail.model.edition import Asset, Edition, File
from ruhrmail.model.finding import has_errors, in_order
from ruhrmail.model.issue import Issue
from ruhrmail.render.articles import PageView, make_file, page_jobs, set_pages, write_article
from ruhrmail.render.desk import Desk, Source
from ruhrmail.render.fields import Marks, make_marks, place_in_html, place_in_line, place_in_text
from ruhrmail.render.images import fit_picture, fit_pictures
from ruhrmail.render.page import Page, fill_public, template_names, write_html, write_text, write_web
from ruhrmail.render.palette import check_colors, make_palette
from ruhrmail.render.setting import picture_jobs, set_issue
from ruhrmail.render.shelf import Shelf
from ruhrmail.render.spacing import NARROW
from ruhrmail.render.typography import SOFT_HYPHEN
from ruhrmail.theme import Theme, open_theme


def render_edition(issue: Issue, source: Source) -> Edition:
    """The issue as HTML mail, plain text, web page and fitted pictures; the same input gives the same bytes.

    Raises InvalidInput with everything wrong about colours, pictures and links at its place in the files, or with
    the first mistake in a template at the template's line.
    """
    settings = source.config.settings
    words = translator(issue.language or settings.newsletter.language)
    marks = make_marks(all_texts(issue, settings))
    theme = open_theme(source.config.project, settings.theme.name)
    fit = partial(Shelf(source.shelf).fit, fit=fit_picture) if source.shelf else fit_picture
    with fit_pictures(chain(picture_jobs(issue, source), page_jobs(issue, source)), fit) as pictures:
        theme.prepare(template_names(block.type for block in issue.content))
        desk = Desk(source, words, marks, pictures)
        view, pages = set_issue(issue, desk), set_pages(issue, desk)
    findings = in_order([*check_colors(source.config), *desk.findings])
    if has_errors(findings):
        raise InvalidInput(findings)
    page = Page(view, source.config, source.slug, words, make_palette(settings.theme.colors), marks.unsubscribe)
    edition = write_edition(page, theme, marks, distinct(fitted.asset for fitted in desk.used))
    return replace(edition, files=tuple(write_page(one, page, theme, marks) for one in pages))


def write_page(article: PageView, page: Page, theme: Theme, marks: Marks) -> File:
    """An article's page for everybody. Raises InvalidInput for a faulty template."""
    html = marks.cut(write_article(article, page, theme), place_in_html)
    return make_file(article, fill_public(html, greet(None, page.words.language)))


def write_edition(page: Page, theme: Theme, marks: Marks, assets: tuple[Asset, ...]) -> Edition:
    """The page in all its forms, cut at its merge fields. Raises InvalidInput for a faulty template."""
    language = page.words.language
    return Edition(
        slug=page.slug,
        variant="",
        language=language,
        subject=marks.cut(plain(page.issue.subject), place_in_line),
        preheader=marks.cut(plain(page.issue.preheader), place_in_line),
        html=marks.cut(write_html(page, theme), place_in_html),
        text=marks.cut(write_text(page, theme), place_in_text),
        web=fill_public(marks.cut(write_web(page, theme), place_in_html), greet(None, language)),
        assets=assets,
        embedded=page.config.settings.images == "embedded",
    )


def distinct(assets: Iterator[Asset]) -> tuple[Asset, ...]:
    """Every asset once, in the order of the issue."""
    return tuple({asset.name: asset for asset in assets}.values())


def plain(text: str) -> str:
    """A set line for a mail's header: without soft hyphens, its narrow spaces as wide as others."""
    return text.replace(SOFT_HYPHEN, "").replace(NARROW, " ")


def all_texts(*values: object) -> Iterator[str]:
    """Every string in the values, however deep."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from all_texts(*value)
        elif hasattr(value, "__pydantic_fields__"):
            yield from all_texts(*value.__dict__.values())
