"""What every output format is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath

from ruhrmail.i18n import Translator
from ruhrmail.model.finding import SEVERITIES, Finding
from ruhrmail.rulebook import Page, Rule

ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where CI says that the repository lies; what it shows beside a finding is relative to that."""


def no_manual(_: str) -> Page | None:
    """The manual of a report that explains no rules."""
    return None


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in order, the reader's language, and what else a format tells.

    `folder` is the project's folder as the repository names it, empty where the project is the repository. `known` is
    how many findings a baseline hid, `stale` the entries of it that nothing fits any more; None without a baseline.
    `left_out` is how many errors belong to rules that were not chosen. `manual` opens the page of a rule in the
    reader's language.
    """

    findings: Sequence[Finding]
    translate: Translator
    strict: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)
    folder: str = ""
    known: int | None = None
    stale: int = 0
    left_out: int = 0
    manual: Callable[[str], Page | None] = no_manual

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        return {severity: sum(one.severity == severity for one in self.findings) for severity in SEVERITIES}

    def fails(self, finding: Finding) -> bool:
        """True for what gives exit code 1."""
        return finding.severity == "error" or (self.strict and finding.severity == "warning")

    def message(self, finding: Finding) -> str:
        """What is wrong, in the reader's language."""
        return sound(self.translate(finding.message))

    def hint(self, finding: Finding) -> str:
        """What to do, empty where nothing is said."""
        return sound(self.translate(finding.hint)) if finding.hint else ""

    def advice(self, finding: Finding) -> str:
        """The hint with the word that begins it in the terminal too."""
        hint = self.hint(finding)
        return (("Tipp: " if self.translate.language == "de" else "try: ") + hint) if hint else ""

    def path(self, finding: Finding) -> str:
        """The finding's file as the repository names it."""
        return sound(normpath(join(self.folder, finding.at.file)) if self.folder else finding.at.file)


Format = Callable[[Report], str]
"""A report to a whole file, its last line end included."""


def sound(text: str) -> str:
    """The text without halves of surrogate pairs, which file names may bring and UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def folder_in_repository(project: Path, environ: Mapping[str, str]) -> str:
    """The project's folder relative to the repository that CI works on; empty where it is the same, or none is told."""
    for root in filter(None, (environ.get(name) for name in ROOTS)):
        try:
            found = project.resolve().relative_to(Path(root).resolve()).as_posix()
        except (ValueError, OSError):
            continue
        return "" if found == "." else found
    return ""
