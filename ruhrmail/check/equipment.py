"""What rules need beyond the project's files: asked for, opened once for all issues of a run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ruhrmail.check.assassin import Assassin
from ruhrmail.check.browser.chromium import Browser

if TYPE_CHECKING:
    from ruhrmail.check.online.network import Network

Need = Literal["online", "browser", "spam"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """The tools at hand. A rule that needs one which is not among `kinds` does not run.

    `network` is there with `online`, the others with what they are called.
    """

    kinds: frozenset[Need] = frozenset()
    network: "Network | None" = None
    browser: Browser | None = None
    spam: Assassin | None = None


BARE = Equipment()
"""Nothing but the files."""
