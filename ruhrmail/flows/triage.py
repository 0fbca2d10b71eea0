"""Findings to those that are told: chosen rules, less what a baseline notes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ruhrmail.errors import UsageError
from ruhrmail.files import is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.triage import Gaps, Selection, Sifted, belongs_to, make_selection, read_baseline, sift, write_baseline

ABSENT = "issue/missing"


@dataclass(frozen=True, slots=True)
class Triage:
    """What somebody asked for: rules, a baseline and whether to write it, and the issues that are looked at."""

    selection: Selection
    baseline: Path | None = None
    write: bool = False
    slugs: tuple[str, ...] = ()

    def covers(self, rule: str, file: str) -> bool:
        """Whether somebody asked for all that there is to tell of the rule on the file.

        What lies outside of the issues (settings, list, templates) is told by whichever issue meets it: asking for some
        of them is not enough.
        """
        return self.selection.admits(rule) and (not self.slugs or belongs_to(file, self.slugs))


def plan_triage(
    select: Sequence[str],
    ignore: Sequence[str],
    known: Collection[str],
    baseline: Path | None,
    write: bool,
    slugs: Sequence[str],
) -> Triage:
    """What the options ask for. Raises UsageError for rules that do not exist and options that do not go together."""
    if write and baseline is None:
        hint = phrase("name the file: --baseline FILE --write-baseline")
        raise UsageError(phrase("--write-baseline needs --baseline"), hint=hint)
    return Triage(make_selection(select, ignore, known), baseline, write, tuple(slugs))


def triage(findings: Sequence[Finding], wish: Triage, gaps: Gaps) -> Sifted:
    """The findings to tell; writes the baseline where that is asked for: then all of them are known.

    That a named issue is not there is about the command, not about the project, and is always told.
    """
    absent = [finding for finding in findings if finding.rule == ABSENT]
    others = [finding for finding in findings if finding.rule != ABSENT]
    chosen = [finding for finding in others if wish.selection.admits(finding.rule)]
    left_out = sum(one.severity == "error" and not wish.selection.admits(one.rule) for one in others)
    sifted = sift_wish(chosen, wish, gaps)
    return replace(sifted, findings=(*absent, *sifted.findings), left_out=left_out)


def sift_wish(chosen: Sequence[Finding], wish: Triage, gaps: Gaps) -> Sifted:
    """The findings of chosen rules without those of the baseline, which is written first where that is asked for.

    Entries that nobody asked about, or that a run with these `gaps` may have missed, stay and are not called stale.
    """

    def covered(rule: str, file: str) -> bool:
        return wish.covers(rule, file) and not gaps.hide(rule, file)

    if wish.baseline is None:
        return Sifted(tuple(chosen), 0, ())
    if wish.write:
        earlier = () if is_missing(wish.baseline) else read_baseline(wish.baseline)
        write_baseline(wish.baseline, chosen, (one for one in earlier if not covered(one.rule, one.file)))
    return sift(chosen, read_baseline(wish.baseline), covered)
