"""Issue to Editions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ruhrmail.errors import InvalidInput
from ruhrmail.i18n import greet, translator
from ruhrmail.model.edition import Asset, Edition, File, Marked
from ruhrmail.model.finding import has_errors, in_order
from ruhrmail.model.issue import Issue
from ruhrmail.render.about import tell_about, unlisted
from ruhrmail.render.articles import PageView, make_file, page_jobs, set_pages, write_article
from ruhrmail.render.calendar import Facts, plan_calendars, write_calendars
from ruhrmail.render.desk import Desk, Source
from ruhrmail.render.fields import Marks, make_marks, place_in_html, place_in_line, place_in_text
from ruhrmail.render.images import Job, fit_picture, fit_pictures
from ruhrmail.render.page import Page, fill_public, template_names, write_html, write_text, write_web
from ruhrmail.render.palette import check_colors, make_palette
from ruhrmail.render.selection import Cuts, cut_issue, keep_anchors
from ruhrmail.render.setting import picture_jobs, set_issue
from ruhrmail.render.shelf import fit_from
from ruhrmail.render.spacing import NARROW, NO_BREAK
from ruhrmail.render.typography import SOFT_HYPHEN
from ruhrmail.render.views import IssueView
from ruhrmail.theme import Theme, open_theme


def render_editions(issue: Issue, source: Source) -> tuple[Edition, ...]:
    """The issue as HTML mail and plain text for each variant, the one without tags first; all share the web page for
    everybody, its files and the fitted pictures. The same input gives the same bytes.

    Raises InvalidInput with everything wrong about colours, pictures and links at its place in the files, or with
    the first mistake in a template at the template's line.
    """
    settings = source.config.settings
    words = translator(issue.language or settings.newsletter.language)
    marks = make_marks(all_texts(issue, settings))
    theme = open_theme(source.config.project, settings.theme.name)
    issue = keep_anchors(issue)
    cuts = cut_issue(issue, source)
    calendars = plan_calendars(issue, source.slug, words.language, settings.newsletter.url)
    fit = fit_from(source.shelf) if source.shelf else fit_picture
    with fit_pictures(all_jobs(issue, source, cuts), fit) as pictures:
        theme.prepare(template_names(block.type for block in issue.content))
        desk = Desk(source, words, marks, pictures, calendars=calendars)
        files = write_calendars(calendars, calendar_facts(issue, desk))
        shown = {cut.numbers: set_issue(cut.issue, replace(desk, source=cut.source)) for cut in cuts.distinct()}
        pages = set_pages(cuts.public.issue, replace(desk, source=cuts.public.source))
        hidden = [page for cut in cuts.hidden for page in set_pages(cut.issue, replace(desk, source=cut.source))]
    findings = in_order([*check_colors(source.config), *desk.findings])
    if has_errors(findings):
        raise InvalidInput(findings)
    view = shown[cuts.public.numbers]
    public = Page(view, source.config, source.slug, words, make_palette(settings.theme.colors), marks)
    mails = {name: replace(public, issue=shown[cut.numbers]) for name, cut in cuts.variants.items()}
    written = (
        *(write_page(one, public, theme, marks) for one in pages),
        *unlisted(write_page(one, public, theme, marks) for one in hidden),
        *files,
    )
    editions = tell_public(write_editions(public, mails, theme, desk, written), view, desk, calendar_facts(issue, desk))
    return tuple(mark_editions(editions, public, mails, (*pages, *hidden), marks) if source.marked else editions)


def tell_public(editions: Iterable[Edition], view: IssueView, desk: Desk, facts: Facts) -> Iterator[Edition]:
    """The editions with what the archive tells about them."""
    about = tell_about(view, desk.calendars, facts, partial(plain_public, desk))
    return (replace(edition, about=about) for edition in editions)


def plain_public(desk: Desk, text: str) -> str:
    """A set line as everybody may read it, merge fields filled in."""
    return fill_public(desk.marks.cut(plain(text), place_in_text), greet(None, desk.language), str).strip()


def all_jobs(issue: Issue, source: Source, cuts: Cuts) -> Iterator[Job]:
    """Every picture in every room that it gets in a mail or on a page."""
    for cut in cuts.distinct():
        yield from picture_jobs(cut.issue, source)
    yield from page_jobs(issue, source)


def write_page(article: PageView, page: Page, theme: Theme, marks: Marks) -> File:
    """An article's page for everybody. Raises InvalidInput for a faulty template."""
    html = marks.cut(write_article(article, page, theme), place_in_html)
    return make_file(article, fill_public(html, greet(None, page.words.language)))


def write_editions(
    public: Page, mails: Mapping[str, Page], theme: Theme, desk: Desk, files: tuple[File, ...]
) -> Iterator[Edition]:
    """The mails by variant, cut at their merge fields. Raises InvalidInput for a faulty template."""
    marks, language = desk.marks, desk.language
    web = fill_public(marks.cut(write_web(public, theme), place_in_html), greet(None, language))
    assets = distinct(fitted.asset for fitted in desk.used)
    for name, page in mails.items():
        yield Edition(
            slug=page.slug,
            variant=name,
            language=language,
            subject=marks.cut(in_header(page.issue.subject), place_in_line),
            preheader=marks.cut(in_header(page.issue.preheader), place_in_line),
            html=marks.cut(write_html(page, theme), place_in_html),
            text=marks.cut(write_text(page, theme), place_in_text),
            web=web,
            assets=assets,
            files=files,
            embedded=page.config.settings.images == "embedded",
        )


def mark_editions(
    editions: Iterable[Edition], public: Page, mails: Mapping[str, Page], pages: Sequence[PageView], marks: Marks
) -> Iterator[Edition]:
    """The editions, each with a copy of its HTML that leads back to the file and the templates."""
    theme = open_theme(public.config.project, public.config.settings.theme.name, marked=True)
    written = tuple(write_page(one, public, theme, marks) for one in pages)
    web = fill_public(marks.cut(write_web(public, theme), place_in_html), greet(None, public.words.language))
    for edition in editions:
        html = marks.cut(write_html(mails[edition.variant], theme), place_in_html)
        yield replace(edition, marked=Marked(html, web, written))


def calendar_facts(issue: Issue, desk: Desk) -> Facts:
    """What calendars say besides the dates, merge fields filled in for everybody."""
    config, marks = desk.source.config, desk.marks
    greeting = greet(None, desk.language)

    def plain_text(text: str) -> str:
        return plain_public(desk, desk.read(text)[0].text) if text else ""

    def link(url: str) -> str:
        return fill_public(marks.cut(marks.put(url), place_in_text), greeting, str)

    return Facts(desk.language, issue.date, f"{config.url}/archive/{desk.source.slug}/", plain_text, link)


def distinct(assets: Iterator[Asset]) -> tuple[Asset, ...]:
    """Every asset once, in the order of the issue."""
    return tuple({asset.name: asset for asset in assets}.values())


def plain(text: str) -> str:
    """A set line without markup: without soft hyphens, its narrow spaces as wide as others."""
    return text.replace(SOFT_HYPHEN, "").replace(NARROW, " ")


def in_header(text: str) -> str:
    """A set line for a mail's header, where nothing is wrapped and people search: all its spaces are plain ones."""
    return plain(text).replace(NO_BREAK, " ")


def all_texts(*values: object) -> Iterator[str]:
    """Every string in the values, however deep."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from all_texts(*value)
        elif hasattr(value, "__pydantic_fields__"):
            yield from all_texts(*value.__dict__.values())
