"""Returned mail to what it says: bytes to a `Bounce`, the tokens that say whom it is about, and a verdict."""

from ruhrmail.bounce.clues import Clue, clues_in_text
from ruhrmail.bounce.policy import STOP_COUNT, STOP_SHARE, Standing, judge, rate_complaints
from ruhrmail.bounce.read import Reading, one_line, read_returned

__all__ = [
    "STOP_COUNT",
    "STOP_SHARE",
    "Clue",
    "Reading",
    "Standing",
    "clues_in_text",
    "judge",
    "one_line",
    "rate_complaints",
    "read_returned",
]
