"""A rule: a permanent id, a severity, a function, and a manual page in that function's docstring."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.equipment import Need
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.rulebook import Page

SECTION = re.compile(r"^(Why|Bad|Good|Remedy):[ ]*\n?", re.MULTILINE)
SECTIONS = ("Why", "Bad", "Good", "Remedy")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of fault. A finding may have another severity than the rule where its threshold has two steps.

    `needs` names the equipment without which the rule cannot run.
    """

    id: str
    severity: Severity
    find: Callable[[Dossier], Iterator[Finding]]
    needs: Need | None = None

    @property
    def page(self) -> Page:
        """The rule's manual page."""
        return read_page(inspect.getdoc(self.find) or "")


def read_page(text: str) -> Page:
    """A docstring to a manual page. Raises ValueError where a section is missing."""
    title, *parts = SECTION.split(text)
    found = dict(zip(parts[::2], map(trim, parts[1::2]), strict=True))
    missing = [name for name in SECTIONS if not found.get(name)]
    if missing or not title.strip():
        raise ValueError(f"the manual page lacks {', '.join(missing) or 'a title'}: {title.strip()}")
    return Page(one_line(title), one_line(found["Why"]), found["Bad"], found["Good"], one_line(found["Remedy"]))


def trim(text: str) -> str:
    """A section without its indentation."""
    return textwrap.dedent(text).strip()


def one_line(text: str) -> str:
    """A paragraph without its line ends."""
    return " ".join(text.split())
