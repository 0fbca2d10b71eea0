"""The laboratory."""

import math
from itertools import pairwise

from PIL import Image

from pictures.canvas import CREAM, GLASS, WIDE, Canvas, Path2D, Point, between, mix, trace


def laboratory() -> Image.Image:
    """Draw glassware with coloured liquids before large discs of colour."""
    canvas = Canvas(WIDE, ["#fdf3dd", "#fbe6c3", "#f6d6a5"], seed=41)
    discs = (
        ((310, 330), 250, "#f2a33a", 0.6),
        ((620, 250), 190, "#e4683c", 0.5),
        ((930, 370), 290, "#0f7c86", 0.45),
        ((1290, 270), 230, "#f2a33a", 0.5),
        ((1420, 520), 170, "#c23b4a", 0.42),
        ((130, 560), 150, "#0f7c86", 0.4),
    )
    for centre, radius, colour, opacity in discs:
        canvas.disc(centre, radius, colour, opacity)
        canvas.ring(centre, radius + 22, colour, 3, 0.55)
    _molecule(canvas)
    canvas.shade([(0, 744), (1600, 744), (1600, 900), (0, 900)], ["#0e4c58", "#0a3641"])
    canvas.box((0, 738, 1600, 750), "#176672")
    _test_tubes(canvas, 104)
    _flask(canvas, 590, 410, "#e4683c")
    _round_flask(canvas, (930, 588), 132)
    _beaker(canvas, 1140, "#f2a33a")
    _flask(canvas, 1430, 300, "#c23b4a")
    return canvas.finish()


def _glass(canvas: Canvas, outline: Path2D) -> None:
    canvas.polygon(outline, "#ffffff", 0.16)
    canvas.line([*outline, outline[0], outline[1]], GLASS, 5)


def _molecule(canvas: Canvas) -> None:
    knots = trace("0,-99 86,-49 86,49 0,99 -86,49 -86,-49", (1220, 190))
    tails = [(knots[1], (1392, 91)), (knots[4], (1048, 289)), (knots[3], (1220, 372))]
    for bond in (*pairwise([*knots, knots[0]]), *tails):
        canvas.line(bond, GLASS, 6)
    for double in (knots[0:2], knots[2:4], knots[4:6]):
        canvas.line([between(knot, (1220, 190), 0.16) for knot in double], GLASS, 4)
    for knot in (*knots, *(end for _, end in tails)):
        canvas.disc(knot, 17, GLASS)
        canvas.disc(knot, 11, CREAM)


def _bubbles(canvas: Canvas, centre: Point, spread: Point, count: int) -> None:
    for _ in range(count):
        x = centre[0] + canvas.rng.uniform(-1, 1) * spread[0]
        y = centre[1] + canvas.rng.uniform(-1, 1) * spread[1]
        canvas.disc((x, y), canvas.rng.uniform(3, 10), "#ffffff", 0.5)


def _flask(canvas: Canvas, x: float, height: float, colour: str) -> None:
    foot, top, half = 738.0, 738.0 - height, height * 0.36
    neck, shoulder = height * 0.085, top + height * 0.32
    wall = [(x - neck, top), (x - neck, shoulder), (x - half, foot - 16), (x - half + 14, foot)]
    mirrored = [(2 * x - px, py) for px, py in reversed(wall)]
    level = between(wall[1], wall[2], 0.45)
    liquid = [level, *wall[2:], *mirrored[:2], (2 * x - level[0], level[1])]
    canvas.shade(liquid, [mix(colour, CREAM, 0.28), colour], 0.86)
    _bubbles(canvas, (x, foot - height * 0.22), (half * 0.5, height * 0.14), 12)
    _glass(canvas, [*wall, *mirrored])
    canvas.line([(x - neck - 12, top), (x + neck + 12, top)], GLASS, 9)
    shine = [between(wall[1], wall[2], share) for share in (0.3, 0.8)]
    canvas.line([(px + 22, py) for px, py in shine], "#ffffff", 6, 0.7)


def _round_flask(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    foot = y + radius + 8
    canvas.line([(x - 92, 738), (x - 60, foot - 22), (x + 60, foot - 22), (x + 92, 738)], GLASS, 8)
    bowl = [(x + radius * math.cos(a / 50), y + radius * math.sin(a / 50)) for a in range(315)]
    canvas.polygon(bowl, "#ffffff", 0.34)
    liquid = [p for p in bowl if p[1] > y - 18]
    canvas.shade(sorted(liquid, key=lambda p: math.atan2(p[1] - y + 20, p[0] - x)), ["#37a79f", "#0b5f6b"], 0.9)
    _bubbles(canvas, (x, y + 50), (70, 52), 14)
    canvas.box((x - 27, y - radius - 150, x + 27, y - radius + 12), "#ffffff", 0.34)
    canvas.arc(centre, radius, (-78, 258), GLASS, 5)
    for side in (-27, 27):
        canvas.line([(x + side, y - radius - 150), (x + side, y - radius + 4)], GLASS, 5)
    canvas.line([(x - 40, y - radius - 150), (x + 40, y - radius - 150)], GLASS, 9)
    canvas.arc(centre, radius - 22, (150, 225), "#ffffff", 8, 0.75)


def _beaker(canvas: Canvas, left: float, colour: str) -> None:
    right, top, foot = left + 170, 530.0, 738.0
    canvas.shade(
        [(left, 610), (right, 610), (right, foot - 4), (left, foot - 4)], [mix(colour, CREAM, 0.35), colour], 0.9
    )
    _glass(canvas, [(left - 12, top), (left, top + 14), (left, foot), (right, foot), (right, top)])
    for number in range(5):
        y = top + 56 + number * 28
        canvas.line([(right - (44 if number % 2 else 64), y), (right - 12, y)], GLASS, 3.5)
    canvas.line([(left + 46, foot - 14), (left + 128, top - 96)], "#ffffff", 9, 0.8)
    canvas.line([(left + 46, foot - 14), (left + 128, top - 96)], GLASS, 3, 0.6)


def _test_tubes(canvas: Canvas, left: float) -> None:
    colours = ("#c23b4a", "#e4683c", "#f2a33a", "#37a79f", "#0b5f6b")
    for number, colour in enumerate(colours):
        x, level = left + number * 58, 560 + 22 * ((number * 3) % 4)
        canvas.pill((x, 470, x + 38, 722), 19, "#ffffff", 0.4)
        canvas.pill((x + 3, level, x + 35, 719), 16, colour, 0.92)
        canvas.box((x + 3, level, x + 35, level + 18), colour)
        canvas.box((x + 8, 486, x + 13, 690), "#ffffff", 0.5)
        canvas.line([(x, 474), (x, 700)], GLASS, 3.4)
        canvas.line([(x + 38, 474), (x + 38, 700)], GLASS, 3.4)
        canvas.line([(x - 6, 470), (x + 44, 470)], GLASS, 6)
        canvas.arc((x + 19, 701), 20.7, (0, 180), GLASS, 3.4)
    for y in (536, 660):
        canvas.pill((left - 28, y, left + 300, y + 16), 5, "#7a4a24")
    for x in (left - 28, left + 284):
        canvas.box((x, 536, x + 16, 738), "#7a4a24")
    canvas.pill((left - 44, 722, left + 316, 740), 6, "#7a4a24")
