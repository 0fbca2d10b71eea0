"""What rules need beyond the project's files: asked for, opened once for all issues of a run."""

from dataclasses import dataclass
from typing import Literal

from ruhrmail.check.browser.chromium import Browser

Need = Literal["online", "browser", "spam"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """The tools at hand. A rule that needs one which is not among `kinds` does not run."""

    kinds: frozenset[Need] = frozenset()
    browser: Browser | None = None


BARE = Equipment()
"""Nothing but the files."""
