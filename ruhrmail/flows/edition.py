"""An issue's file to Edition: what build, check, send and serve have in common."""

from dataclasses import dataclass

from ruhrmail.config import Config
from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.parse import IssueFile, load_issue
from ruhrmail.render import Source, render_edition
from ruhrmail.roster import read_columns


@dataclass(frozen=True, slots=True)
class Made:
    """An issue and what it became."""

    file: IssueFile
    edition: Edition


def make_edition(config: Config, slug: str, columns: frozenset[str] | None) -> Made:
    """Reads and renders one issue. Raises InvalidInput with all that is wrong with it."""
    file = load_issue(config.project, slug, columns)
    source = Source(slug, file.folder, config, file.document.at_value)
    return Made(file, render_edition(file.issue, source))


def merge_columns(config: Config) -> frozenset[str] | None:
    """The names merge fields may use; None where the list cannot be read, so that nothing is held against them."""
    path = config.project / config.settings.subscribers
    columns = read_columns(path)
    return None if columns is None else frozenset(KNOWN_COLUMNS) | columns
