"""Which findings count: those of chosen rules, and those that were not there before."""

from ruhrmail.triage.baseline import Baseline, Sifted, read_baseline, sift, write_baseline
from ruhrmail.triage.gaps import Gaps, belongs_to
from ruhrmail.triage.selection import Selection, make_selection

__all__ = [
    "Baseline",
    "Gaps",
    "Selection",
    "Sifted",
    "belongs_to",
    "make_selection",
    "read_baseline",
    "sift",
    "write_baseline",
]
