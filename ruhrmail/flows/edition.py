"""An issue's file to Editions: what build, check, send and serve have in common."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.model.edition import Edition
from ruhrmail.model.variants import Variants, find_variants
from ruhrmail.parse import IssueFile, load_issue
from ruhrmail.render import Source, render_editions


@dataclass(frozen=True, slots=True)
class Made:
    """An issue and what it became, an edition for each variant; the first is for readers without tags."""

    file: IssueFile
    editions: tuple[Edition, ...]

    @property
    def edition(self) -> Edition:
        """What readers without tags get; its web page, pictures and files are those of all."""
        return self.editions[0]

    @property
    def variants(self) -> Variants:
        """The rule from a reader's tags to their edition."""
        return find_variants(block.condition for block in self.file.issue.content)


def make_edition(
    config: Config, slug: str, columns: Collection[str] | None, *, shelf: Path | None = None, marked: bool = False
) -> Made:
    """Reads and renders one issue; `columns` are those of the list, None when any may be named.
    `shelf` is a folder that keeps fitted pictures for the next run; `marked` editions lead back to file and templates.

    Raises InvalidInput with all that is wrong with it.
    """
    file = load_issue(config.project, slug, columns)
    document = file.document
    source = Source(slug, file.folder, config, document.at_value, document.at_word, shelf, marked)
    return Made(file, render_editions(file.issue, source))
