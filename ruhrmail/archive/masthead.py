"""Whose archive it is, and where things stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ruhrmail.config.settings import Colors
from ruhrmail.model.archive import Leaf
from ruhrmail.model.imprint import ImprintLine


@dataclass(frozen=True, slots=True)
class Masthead:
    """A newsletter as its archive shows it. `url` is where the site is, without a slash at its end; `imprint` says
    who answers for it, `privacy` is the address of the privacy notice, if any. `form` is where people join, empty for
    below `url`."""

    name: str
    language: str
    url: str
    colors: Colors
    organisation: str
    imprint: Sequence[ImprintLine]
    contact: str
    privacy: str = ""
    form: str = ""

    @property
    def joining(self) -> str:
        """Where links to the form lead."""
        return self.form or f"{self.url}/subscribe"

    def address(self, path: str = "") -> str:
        """The address of a file of the site; that of a folder's `index.html` is the folder's."""
        folder = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
        return f"{self.url}/{quote(folder)}"


def path_of(leaf: Leaf, page: str = "") -> str:
    """The path of an issue's page, or of an article's."""
    return f"archive/{leaf.slug}/{page or 'index.html'}"


def picture_path(slug: str) -> str:
    """The path of the picture that shared links to an issue show."""
    return f"og/{slug}.png"


def newest_first(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The issues as readers look for them."""
    return sorted(leaves, key=lambda leaf: (leaf.date, leaf.number or 0, leaf.slug), reverse=True)
