"""Plots as SVG that stands in a page: bars across and columns over time.

Colours come from the page's style sheet by class, so that they fit its light and dark form; each plot has a title and
a description (SVG 2 section 5.7), and the page shows the same figures as a table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

BAR, NOTE = 18, 84
"""Across: height of a bar, room for the note at its end."""
HEIGHT, FOOT, LEFT, HEAD, RIGHT = 240, 44, 62, 14, 10
"""Columns: height of the whole, room below, on the left, above and on the right."""
LETTER = 7.6
"""Room that a letter of a time needs."""
BROAD = 8
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a plot is drawn on: its class, how wide it is, room for labels on the left (none: they stand above their
    bars), height of a row, the longest label in letters, and how many times stand below columns at most."""

    kind: str
    width: int
    label: int
    row: int
    longest: int
    many: int


WIDE = Sheet("wide", 760, 210, 30, 26, 8)
NARROW = Sheet("narrow", 340, 0, 44, 42, 3)
"""For telephones, in whose width the wide ones could not be read."""


def in_both_widths(draw: Callable[[Sheet], str]) -> str:
    """A plot for windows and one for telephones; the page shows one of them."""
    return draw(WIDE) + draw(NARROW)


def plot_bars(caption: Caption, bars: Sequence[Bar], sheet: Sheet = WIDE, *, full: bool = False) -> str:
    """Bars across, each cut into pieces. With `full` every bar is as long as the others, and pieces are shares."""
    longest = max((sum(part.value for part in bar.parts) for bar in bars), default=0)
    inner, room = [], sheet.width - sheet.label - NOTE
    for number, bar in enumerate(bars):
        whole = sum(part.value for part in bar.parts) if full else longest
        inner.append("".join(bar_of(bar, number * sheet.row, room / whole if whole else 0.0, sheet)))
    return frame(caption, max(len(bars), 1) * sheet.row + 6, "".join(inner), sheet)


def bar_of(bar: Bar, top: int, scale: float, sheet: Sheet) -> Iterator[str]:
    """One row: `scale` is pixels for each unit."""
    weight = ' class="strong"' if bar.strong else ""
    upper = top + (sheet.row - BAR) / 2 if sheet.label else top + sheet.row - BAR
    middle, label = upper + BAR / 2 + 5, escape(shorten(bar.label, sheet.longest))
    if sheet.label:
        yield f'<text x="{sheet.label - 12}" y="{middle:g}" text-anchor="end"{weight}>{label}</text>'
    else:
        yield f'<text x="0" y="{upper - 7:g}"{weight}>{label}</text>'
    left = float(sheet.label)
    for part in bar.parts:
        if part.value <= 0:
            continue
        width = max(part.value * scale, HAIR)
        yield (
            f'<rect x="{left:.1f}" y="{upper:g}" width="{width:.1f}" height="{BAR}" '
            f'class="k-{part.kind}"><title>{escape(part.words)}</title></rect>'
        )
        left += width
    if bar.note:
        yield f'<text x="{left + 8:.1f}" y="{middle:g}" class="note">{escape(bar.note)}</text>'


def shorten(text: str, longest: int) -> str:
    """A label that fits; the table has the whole."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing over time: how many in each span."""

    kind: str
    words: str
    counts: tuple[int, ...]


def plot_columns(
    caption: Caption, series: Sequence[Series], ticks: Sequence[str], numbers: Sequence[str] = (), sheet: Sheet = WIDE
) -> str:
    """Columns over time, one on top of the other. `ticks` names each span's begin; `numbers` are the words for the
    heights that `heights` gives."""
    spans = len(series[0].counts)
    top = heights(series)[-1]
    scale, step = (HEIGHT - HEAD - FOOT) / top, (sheet.width - LEFT - RIGHT) / spans
    parts = [*grid(heights(series), numbers, scale, sheet), *columns(series, ticks, scale, step)]
    every = -(-spans // sheet.many)
    for number in range(0, spans, every):
        left = LEFT + number * step
        if left + len(ticks[number]) * LETTER > sheet.width:
            break
        parts.append(f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{HEIGHT - FOOT}" y2="{HEIGHT - FOOT + 5}"/>')
        parts.append(f'<text x="{left:.1f}" y="{HEIGHT - FOOT + 22}" class="note">{escape(ticks[number])}</text>')
    return frame(caption, HEIGHT, "".join(parts), sheet)


def columns(series: Sequence[Series], ticks: Sequence[str], scale: float, step: float) -> Iterator[str]:
    """The columns themselves."""
    width = max(step - (1.5 if step > BROAD else 0.5), HAIR)
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


def grid(marks: Sequence[int], numbers: Sequence[str], scale: float, sheet: Sheet) -> Iterator[str]:
    """Lines across with their heights."""
    for place, mark in enumerate(marks):
        y = HEIGHT - FOOT - mark * scale
        words = numbers[place] if numbers else str(mark)
        yield f'<line x1="{LEFT}" x2="{sheet.width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
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


def frame(caption: Caption, height: int, inner: str, sheet: Sheet) -> str:
    """The picture around it."""
    name = f"{caption.name}-{sheet.kind}"
    return (
        f'<svg class="plot {sheet.kind}" viewBox="0 0 {sheet.width} {height}" role="img" '
        f'aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(caption.title)}</title><desc id="{name}-d">{escape(caption.description)}</desc>'
        f"{inner}</svg>"
    )
