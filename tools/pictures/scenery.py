"""Things that stand in several pictures."""

import math
from collections.abc import Sequence

from pictures.canvas import INK, SKIN, Canvas, Path2D, Point, between, mix


def bow_points(centre: Point, radii: Point, steps: int = 40) -> list[Point]:
    """Return the upper half of an ellipse from left to right."""
    (x, y), (across, up) = centre, radii
    angles = [math.pi * step / steps for step in range(steps + 1)]
    return [(x - across * math.cos(angle), y - up * math.sin(angle)) for angle in angles]


def arched(canvas: Canvas, corners: Sequence[float], colour: str, opacity: float = 1) -> None:
    """Fill a rectangle whose top is half a circle."""
    left, top, right, bottom = corners
    radius = (right - left) / 2
    bow = bow_points((left + radius, top + radius), (radius, radius))
    canvas.polygon([(left, bottom), *bow, (right, bottom)], colour, opacity)


def hills(canvas: Canvas, level: float, height: float, stops: Sequence[str], phase: float) -> None:
    """Draw a soft chain of hills from edge to edge."""
    width, bottom = canvas.size
    crest = [
        (x, level - height * (math.sin(x / 260 + phase) + 0.5 * math.sin(x / 117 + 2.3 * phase)))
        for x in range(0, width + 10, 10)
    ]
    canvas.shade([(0, bottom), *crest, (width, bottom)], stops)


def town(canvas: Canvas, level: float, colour: str, tallest: float) -> list[Point]:
    """Draw a row of roofs and chimneys; return the places of possible windows."""
    rng, x, windows = canvas.rng, -20.0, []
    while x < canvas.size[0]:
        width, height = rng.uniform(46, 118), rng.uniform(0.35, 1) * tallest
        top = level - height
        canvas.box((x, top, x + width + 1, canvas.size[1]), colour)
        if rng.random() < 0.45:
            canvas.polygon([(x, top), (x + width / 2, top - width * 0.3), (x + width, top)], colour)
        if rng.random() < 0.3:
            canvas.box((x + width * 0.7, top - 34, x + width * 0.7 + 11, top), colour)
        windows += [(x + 14 + 22 * n, top + 26) for n in range(int((width - 20) // 22))]
        x += width
    return windows


def chimney(canvas: Canvas, foot: Point, height: float, colour: str) -> None:
    """Draw a tall factory chimney that narrows towards its crown."""
    x, y = foot
    canvas.polygon([(x - 13, y), (x - 8, y - height), (x + 8, y - height), (x + 13, y)], colour)
    canvas.box((x - 10, y - height - 7, x + 10, y - height + 3), colour)


def cloud(canvas: Canvas, place: Point, width: float, colour: str, opacity: float) -> None:
    """Draw a flat cloud of three streaks."""
    x, y = place
    for shift, rise, share in ((0, 0, 1), (0.16, -25, 0.6), (0.3, 25, 0.52)):
        left = x + width * shift
        canvas.pill((left, y + rise, left + width * share, y + rise + 16), 8, colour, opacity)


def lattice(canvas: Canvas, left: Path2D, right: Path2D, steps: int, look: tuple[str, float]) -> None:
    """Draw two chords and the zigzag of braces between them."""
    colour, width = look
    canvas.line(left, colour, width)
    canvas.line(right, colour, width)
    rails = (left, right)
    knots = [between(rails[n % 2][0], rails[n % 2][1], n / steps) for n in range(steps + 1)]
    canvas.line(knots, colour, width * 0.5)


def wheel(canvas: Canvas, hub: Point, radius: float, colour: str, spokes: int = 10) -> None:
    """Draw a spoked wheel."""
    canvas.ring(hub, radius, colour, radius * 0.13)
    for number in range(spokes):
        angle = math.tau * (number + 0.3) / spokes
        rim = (hub[0] + radius * 0.95 * math.cos(angle), hub[1] + radius * 0.95 * math.sin(angle))
        canvas.line([hub, rim], colour, radius * 0.045)
    canvas.disc(hub, radius * 0.16, colour)


def round_tree(canvas: Canvas, foot: Point, size: float, colour: str, light: str) -> None:
    """Draw a broad-leaved tree whose lit side is paler."""
    x, y = foot
    canvas.line([(x, y), (x, y - size * 0.9)], mix(INK, colour, 0.35), size * 0.07)
    crown = ((0, -1.15, 0.48), (-0.3, -0.88, 0.36), (0.32, -0.84, 0.38))
    for dx, dy, radius in crown:
        canvas.disc((x + dx * size, y + dy * size), radius * size, colour)
    for dx, dy, radius in crown:
        canvas.disc((x + (dx - 0.1) * size, y + (dy - 0.1) * size), radius * size * 0.62, light, 0.5)


def poplar(canvas: Canvas, foot: Point, height: float, colour: str, light: str) -> None:
    """Draw a slender tree."""
    x, y = foot
    canvas.line([(x, y), (x, y - height * 0.5)], mix(INK, colour, 0.4), height * 0.022)
    canvas.oval((x, y - height * 0.56), (height * 0.115, height * 0.46), colour)
    canvas.oval((x - height * 0.03, y - height * 0.58), (height * 0.05, height * 0.36), light, 0.55)


def fir(canvas: Canvas, foot: Point, height: float, colour: str, light: str) -> None:
    """Draw a conifer of three tiers, the left half lit."""
    x, y = foot
    canvas.box((x - height * 0.02, y - height * 0.12, x + height * 0.02, y), INK)
    for low, high, half in ((0.08, 0.55, 0.24), (0.32, 0.78, 0.19), (0.56, 1.0, 0.135)):
        left, right, tip = x - half * height, x + half * height, y - high * height
        canvas.polygon([(left, y - low * height), (right, y - low * height), (x, tip)], colour)
        canvas.polygon([(left, y - low * height), (x, y - low * height), (x, tip)], light, 0.55)


def person(canvas: Canvas, foot: Point, height: float, coat: str) -> None:
    """Draw a small standing figure."""
    x, y = foot
    for side in (-0.06, 0.06):
        leg = [(x + side * height, y), (x + side * height * 0.6, y - height * 0.45)]
        canvas.line(leg, mix(coat, INK, 0.75), height * 0.09)
    left, right = x - height * 0.13, x + height * 0.13
    canvas.pill((left, y - height * 0.83, right, y - height * 0.36), height * 0.1, coat)
    arm = [(x - height * 0.02, y - height * 0.74), (x - height * 0.05, y - height * 0.5)]
    canvas.line(arm, mix(coat, INK, 0.3), height * 0.065)
    canvas.disc((x, y - height * 0.92), height * 0.088, SKIN)
    canvas.polygon(bow_points((x, y - height * 0.93), (height * 0.092, height * 0.09)), "#3b2a2a")
