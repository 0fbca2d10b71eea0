"""Which findings count: those of chosen rules, and those that were not there before."""

from ruhrmail.triage.baseline import Baseline, Sifted, read_baseline, sift, write_baseline
from ruhrmail.triage.selection import Selection, make_selection

__all__ = ["Baseline", "Selection", "Sifted", "make_selection", "read_baseline", "sift", "write_baseline"]
