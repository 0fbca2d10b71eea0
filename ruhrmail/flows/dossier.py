"""An issue, made, to the dossier that rules look at."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import cast

from pydantic_core import PydanticCustomError

from ruhrmail.check import Dossier, Neighbour, Sheet, Template, read_sheet
from ruhrmail.compose import SAMPLE_PERSON, fill_html, fill_text, sample
from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.build import sample_date
from ruhrmail.flows.edition import Made
from ruhrmail.flows.headers import headers_of
from ruhrmail.model.dates import read_day
from ruhrmail.model.edition import Edition
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.merge import MergeText
from ruhrmail.parse import find_slugs, issue_path
from ruhrmail.source import load_document
from ruhrmail.source.document import Value
from ruhrmail.theme import OVERRIDES, Theme, locate, open_theme
from ruhrmail.tokens import SAMPLE_TOKEN


def make_dossier(
    config: Config, made: Made, neighbours: Sequence[Neighbour], found: Sequence[Finding], again: Callable[[], Made]
) -> Dossier:
    """Everything about an issue that was made with source marks; `found` are the findings on the list."""
    theme = open_theme(config.project, config.settings.theme.name)

    def template_line(name: str, line: int) -> Location:
        return locate(theme.find(name), line, config.project)

    @cache
    def once_more() -> tuple[Edition, ...]:
        return again().editions

    return Dossier(
        slug=made.file.slug,
        folder=made.file.folder,
        issue=made.file.issue,
        document=made.file.document,
        config=config,
        editions=made.editions,
        sheets=tuple(sheets_of(made)),
        texts={one.variant: fill_text(one.text, SAMPLE_PERSON, one.language, SAMPLE_TOKEN) for one in made.editions},
        messages={one.variant: sample(one, headers_of(config, sample_date(made))) for one in made.editions},
        template_line=template_line,
        find_in_template=lambda name, word: find_line(theme, name, word, config.project),
        neighbours=tuple(one for one in neighbours if one.slug != made.file.slug),
        templates=tuple(own_templates(config.project)),
        list_findings=tuple(found),
        again=once_more,
    )


def find_line(theme: Theme, name: str, word: str, project: Path) -> Location:
    """The first line of a template that holds a word, else its first line."""
    path = theme.find(name)
    lines = path.read_text(encoding="utf-8").splitlines()
    return locate(path, next((number for number, line in enumerate(lines, 1) if word in line), 1), project)


def sheets_of(made: Made) -> Iterator[Sheet]:
    """Each variant's mail, filled in for a made-up reader; the issue's page and those of its articles."""
    for edition in made.editions:
        marked = edition.marked
        if marked is None:
            continue
        language, variant = edition.language, edition.variant

        def filled(html: MergeText, language: str = language) -> str:
            return fill_html(html, SAMPLE_PERSON, language, SAMPLE_TOKEN)

        yield read_sheet("mail", "mail.html", filled(marked.html), filled(edition.html), variant)
        if edition is made.edition:
            yield read_sheet("web", "index.html", marked.web, edition.web)
            contents = {file.name: file.content.decode() for file in edition.files}
            for page in marked.pages:
                if page.name.endswith(".html"):
                    yield read_sheet("page", page.name, page.content.decode(), contents[page.name])


def own_templates(project: Path) -> Iterator[Template]:
    """The project's own templates that can be read; those that cannot are findings of rendering."""
    folder = project / OVERRIDES
    for path in sorted(folder.rglob("*.j2")):
        with suppress(OSError, UnicodeDecodeError):
            text = path.read_text(encoding="utf-8")
            yield Template(path.relative_to(folder).as_posix(), path.relative_to(project).as_posix(), text)


def find_neighbours(project: Path) -> Iterator[Neighbour]:
    """Every issue of the project as far as it can be read; what is wrong with one is its own finding."""
    for slug in find_slugs(project):
        with suppress(InvalidInput, RuhrmailError):
            path = issue_path(project, slug)
            data = load_document(path, path.relative_to(project).as_posix()).data
            yield read_neighbour(slug, data if isinstance(data, dict) else {})


def read_neighbour(slug: str, data: "dict[str, Value]") -> Neighbour:
    """What other issues want to know of one."""
    texts = {key: value.strip() for key, value in data.items() if isinstance(value, str)}
    day = None
    with suppress(PydanticCustomError):
        day = read_day(cast("object", texts.get("date")))
    return Neighbour(slug, day, *(texts.get(key, "") for key in ("number", "subject", "preheader")))
