"""Every text in a YAML file with the places where it begins and ends, which tells it from comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text in the file: YAML's style, line and column (from 0) of its begin and behind its end; an `anchored` one
    stands for others too."""

    style: str
    start: tuple[int, int]
    end: tuple[int, int]
    anchored: bool = False


def find_scalars(lines: Sequence[str]) -> Iterator[Scalar]:
    """Every text of a file that can be read, keys too, but for those that aliases repeat."""
    for event in yaml.parse("\n".join(lines), Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
            first, last = event.start_mark, event.end_mark
            start, end = (first.line, first.column), (last.line, last.column)
            yield Scalar(event.style or "", start, end, event.anchor is not None)
