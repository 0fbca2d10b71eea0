"""Everything that rules look at: an issue, what became of it, and what lies around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruhrmail.check.equipment import BARE, Equipment
from ruhrmail.check.sheet import Kind, Sheet
from ruhrmail.config import Config
from ruhrmail.model.edition import Edition
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.location import Location
from ruhrmail.source import Document
from ruhrmail.source.document import Keys


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another issue of the project, as far as it can be read."""

    slug: str
    date: date | None
    number: str = ""
    subject: str = ""
    preheader: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One of the project's own templates; `name` is relative to `templates/`, `file` to the project."""

    name: str
    file: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def nothing_again() -> tuple[Edition, ...] | None:
    """Stands where nobody can render the issue a second time."""
    return None


@dataclass(frozen=True, slots=True)
class Dossier:
    """An issue in its file (`document`), rendered (`editions`, `sheets` with source marks, `texts` and complete sample
    messages by variant), and what lies around it: settings, list, other issues, the project's templates.

    `template_line` gives the place of a line of any template, the packaged ones too; `again` renders anew;
    `equipment` is what rules may use beyond all this.
    """

    slug: str
    folder: Path
    issue: Issue
    document: Document
    config: Config
    editions: tuple[Edition, ...]
    sheets: tuple[Sheet, ...]
    texts: Mapping[str, str]
    messages: Mapping[str, bytes]
    template_line: Callable[[str, int], Location]
    find_in_template: Callable[[str, str], Location]
    neighbours: tuple[Neighbour, ...] = ()
    templates: tuple[Template, ...] = ()
    list_findings: tuple[Finding, ...] = ()
    again: Callable[[], tuple[Edition, ...] | None] = nothing_again
    equipment: Equipment = BARE

    @property
    def language(self) -> str:
        """The issue's language."""
        return self.editions[0].language

    @property
    def address(self) -> str:
        """Where the issue's page is published."""
        return f"{self.config.url}/archive/{self.slug}/"

    @property
    def whole(self) -> Location:
        """The place of what is wrong with the issue as a whole."""
        return Location(self.document.name, 1, 1)

    def blame(self, *names: str) -> Location:
        """The first line of the first of these templates that the project has itself, else of the first."""
        own = {template.name for template in self.templates}
        return self.template_line(next((name for name in names if name in own), names[0]), 1)

    def sheets_of(self, *kinds: Kind) -> Iterator[Sheet]:
        """The sheets of these kinds."""
        return (sheet for sheet in self.sheets if sheet.kind in kinds)

    def written(self, below: Keys = ()) -> Iterator[tuple[Keys, str]]:
        """Every text of the issue's file, or of one part of it, with its keys."""
        for keys in self.document.marks:
            value = self.document.get(keys)
            if isinstance(value, str) and keys[: len(below)] == below:
                yield keys, value
