"""What a run could not look at, or not to its end: a baseline's entries about that are neither stale nor dropped."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Gaps:
    """Gathered by a run: slugs of `issues`, `files` and `rules`; `everything` where nothing was looked at."""

    issues: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    everything: bool = False

    def hide(self, rule: str, file: str) -> bool:
        """True where findings of the rule on the file may have gone unseen.

        What lies outside of the issues (settings, list, templates) is told by whichever issue meets it, so it takes all
        of them to know that nothing is left to tell.
        """
        if self.everything or rule in self.rules or file in self.files:
            return True
        return belongs_to(file, self.issues) if in_issues(file) else bool(self.issues)


def in_issues(file: str) -> bool:
    """True for a file of an issue's, of whichever."""
    return file.partition("/")[0] == "issues"


def belongs_to(file: str, slugs: Iterable[str]) -> bool:
    """True for a file of one of these issues: in its folder, or the only one it has."""
    parts = file.split("/")
    return in_issues(file) and any(parts[1:2] in ([slug], [f"{slug}.yaml"]) for slug in slugs)
