"""Which pictures are taken: all combinations, and few of them in which every pair of values meets."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from itertools import combinations, product
from typing import Literal, get_args

from ruhrmail.config.settings import Theme

Scheme = Literal["light", "dark"]
Pair = tuple[tuple[int, object], tuple[int, object]]

MAIL_WIDTHS = (320, 375, 640)
PAGE_WIDTHS = (375, 1000)
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a sample in a theme, in a window of so many pixels, in light or dark."""

    sample: str
    theme: str
    width: int
    scheme: Scheme

    @property
    def name(self) -> str:
        """Its file's name without the suffix."""
        return f"{self.theme}-{self.sample}-{self.width}-{self.scheme}"

    def pairs(self) -> frozenset[Pair]:
        """Every two of its values."""
        return frozenset(combinations(enumerate(astuple(self)), 2))


def themes() -> tuple[str, ...]:
    """Every theme of the package."""
    return get_args(Theme.model_fields["name"].annotation)


def all_shots(samples: Iterable[str]) -> list[Shot]:
    """Every sample in every theme, width and scheme; pages are looked at on telephones and desks."""
    return [
        Shot(sample, theme, width, scheme)
        for sample in samples
        for width, theme, scheme in product(PAGE_WIDTHS if sample == PAGE else MAIL_WIDTHS, themes(), get_args(Scheme))
    ]


def covering(shots: Iterable[Shot]) -> list[Shot]:
    """Few of the shots in which every pair of values occurs that occurs in any; the same shots give the same few."""
    left = {shot: shot.pairs() for shot in shots}
    missing = set().union(*left.values())
    chosen = []
    while missing:
        best = max(left, key=lambda shot: len(left[shot] & missing))  # the first of equals
        missing -= left.pop(best)
        chosen.append(best)
    return chosen
