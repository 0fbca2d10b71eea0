"""Plots as SVG that stands in a page: bars across and columns over time.

Colours come from the page's style sheet by class, so that they fit its light and dark form; each plot has a title and
a description (SVG 2 section 5.7), and the page shows the same figures as a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

WIDTH = 760
LABEL, NOTE, ROW, BAR = 210, 84, 30, 18
"""Across: room for labels on the left and notes on the right, height of a row and of its bar."""
HEIGHT, FOOT, LEFT, HEAD = 240, 44, 62, 14
"""Columns: height of the whole, room below, on the left and above; `TICK` is the room that a time needs."""
LONGEST = 26
MANY = 8
TICK = 60
STEPS = (1, 2, 5, 10)
HAIR = 0.6
"""A part that is there is never thinner than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: how long, its class of colour, and what it says when pointed at."""

    value: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its label, the pieces, and the note at its end; `strong` rows stand out."""

    label: str
    parts: tuple[Part, ...]
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """What a plot shows, for those who do not see it: `name` is unique in the page."""

    name: str
    title: str
    description: str


def plot_bars(caption: Caption, bars: Sequence[Bar], *, full: bool = False) -> str:
    """Bars across, each cut into pieces. With `full` every bar is as long as the others, and pieces are shares."""
    longest = max((sum(part.value for part in bar.parts) for bar in bars), default=0)
    inner = []
    for number, bar in enumerate(bars):
        whole = sum(part.value for part in bar.parts) if full else longest
        inner.append("".join(bar_of(bar, number * ROW, (WIDTH - LABEL - NOTE) / whole if whole else 0.0)))
    return frame(caption, max(len(bars), 1) * ROW + 6, "".join(inner))


def bar_of(bar: Bar, top: int, scale: float) -> Iterator[str]:
    """One row: `scale` is pixels for each unit."""
    weight = ' class="strong"' if bar.strong else ""
    middle = top + ROW / 2 + 5
    yield f'<text x="{LABEL - 12}" y="{middle:g}" text-anchor="end"{weight}>{escape(shorten(bar.label))}</text>'
    left = float(LABEL)
    for part in bar.parts:
        if part.value <= 0:
            continue
        width = max(part.value * scale, HAIR)
        yield (
            f'<rect x="{left:.1f}" y="{top + (ROW - BAR) / 2:g}" width="{width:.1f}" height="{BAR}" '
            f'class="k-{part.kind}"><title>{escape(part.words)}</title></rect>'
        )
        left += width
    if bar.note:
        yield f'<text x="{left + 8:.1f}" y="{middle:g}" class="note">{escape(bar.note)}</text>'


def shorten(text: str) -> str:
    """A label that fits; the table has the whole."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing over time: how many in each span."""

    kind: str
    words: str
    counts: tuple[int, ...]


def plot_columns(caption: Caption, series: Sequence[Series], ticks: Sequence[str], numbers: Sequence[str] = ()) -> str:
    """Columns over time, one on top of the other. `ticks` names each span's begin; `numbers` are the words for the
    heights that `heights` gives."""
    spans = len(series[0].counts)
    top = heights(series)[-1]
    scale, step = (HEIGHT - HEAD - FOOT) / top, (WIDTH - LEFT - 10) / spans
    parts = [*grid(heights(series), numbers, scale), *columns(series, ticks, scale, step)]
    every = -(-spans // MANY)
    for number in range(0, spans, every):
        left = LEFT + number * step
        if left > WIDTH - TICK:
            break
        parts.append(f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{HEIGHT - FOOT}" y2="{HEIGHT - FOOT + 5}"/>')
        parts.append(f'<text x="{left:.1f}" y="{HEIGHT - FOOT + 22}" class="note">{escape(ticks[number])}</text>')
    return frame(caption, HEIGHT, "".join(parts))


def columns(series: Sequence[Series], ticks: Sequence[str], scale: float, step: float) -> Iterator[str]:
    """The columns themselves."""
    width = max(step - (1.5 if step > MANY else 0.5), HAIR)
    for number, tick in enumerate(ticks):
        bottom = float(HEIGHT - FOOT)
        for one in series:
            if not one.counts[number]:
                continue
            tall = max(one.counts[number] * scale, 1)
            bottom -= tall
            yield (
                f'<rect x="{LEFT + number * step:.1f}" y="{bottom:.1f}" width="{width:.1f}" height="{tall:.1f}" '
                f'class="k-{one.kind}"><title>{escape(f"{tick}: {one.words} {one.counts[number]}")}</title></rect>'
            )


def grid(marks: Sequence[int], numbers: Sequence[str], scale: float) -> Iterator[str]:
    """Lines across with their heights."""
    for place, mark in enumerate(marks):
        y = HEIGHT - FOOT - mark * scale
        words = numbers[place] if numbers else str(mark)
        yield f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" class="note">{escape(words)}</text>'


def heights(series: Sequence[Series]) -> list[int]:
    """Round numbers from nothing to at least the tallest column, four or five of them."""
    tallest = max((sum(column) for column in zip(*(one.counts for one in series), strict=True)), default=0)
    step = round_up(tallest / 4)
    return list(range(0, max(tallest, 1) + step, step))


def round_up(number: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    if number <= 1:
        return 1
    power = 10 ** floor(log10(number))
    return int(next(one * power for one in STEPS if one * power >= number))


def frame(caption: Caption, height: int, inner: str) -> str:
    """The picture around it."""
    name = caption.name
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(caption.title)}</title><desc id="{name}-d">{escape(caption.description)}</desc>'
        f"{inner}</svg>"
    )
