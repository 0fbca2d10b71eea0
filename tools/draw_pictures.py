"""Draw every picture of the sample newsletter.

Run ``python tools/draw_pictures.py`` from anywhere; it (re)writes the logo and
the illustrations beside the issues that show them. Shapes are drawn three
times as large as needed and scaled down, which is what makes their edges
smooth. All chance comes from fixed seeds: the same Pillow draws the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw

Point = tuple[float, float]
Path2D = Sequence[Point]

ROOT = Path(__file__).resolve().parent.parent
ZOOM = 3
WIDE = (1600, 900)

INK = "#14262c"
TEAL = "#0b5563"
AMBER = "#f2a33a"
RUST = "#b4530a"
CREAM = "#fdf1da"
PEN = "#14283f"
SKIN = "#e9bd96"
LAMP = "#ffcf7d"
GLASS = "#12434d"


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies ``share`` of the way from first to second."""
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def between(start: Point, end: Point, share: float) -> Point:
    """Return the point that lies ``share`` of the way from start to end."""
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def trace(text: str, origin: Point = (0, 0)) -> list[Point]:
    """Read an outline such as ``"3,4 5,-6"``, seen from the origin."""
    pairs = (pair.split(",") for pair in text.split())
    return [(origin[0] + float(x), origin[1] + float(y)) for x, y in pairs]


def ramp(size: tuple[int, int], stops: Sequence[str]) -> Image.Image:
    """Return a picture that runs from the first colour at the top to the last."""
    width, height = size
    column = Image.new("RGB", (1, height))
    for row in range(height):
        place = row / max(1, height - 1) * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        colour = mix(stops[index], stops[index + 1], place - index)
        column.putpixel((0, row), ImageColor.getrgb(colour))
    return column.resize((width, height))


class Canvas:
    """A picture in the making, addressed in the coordinates of the finished one."""

    def __init__(self, size: tuple[int, int], stops: Sequence[str], seed: int = 1) -> None:
        self.size = size
        self.image = ramp((size[0] * ZOOM, size[1] * ZOOM), stops)
        self.rng = Random(seed)

    def _draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image, "RGBA")

    def polygon(self, points: Path2D, colour: str, opacity: float = 1) -> None:
        """Fill the area inside the points."""
        self._draw().polygon(enlarge(points), fill=paint(colour, opacity))

    def shade(self, points: Path2D, stops: Sequence[str], opacity: float = 1) -> None:
        """Fill the area inside the points with colours running downwards."""
        large = enlarge(points)
        left, top = (int(min(axis)) for axis in zip(*large, strict=True))
        right, bottom = (int(max(axis)) + 1 for axis in zip(*large, strict=True))
        mask = Image.new("L", (right - left, bottom - top))
        moved = [(x - left, y - top) for x, y in large]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * opacity))
        self.image.paste(ramp(mask.size, stops), (left, top), mask)

    def fade(self, points: Path2D, colour: str, start: float, end: float) -> None:
        """Fill the area with one colour whose opacity changes from top to bottom."""
        large = enlarge(points)
        left, top = (int(min(axis)) for axis in zip(*large, strict=True))
        right, bottom = (int(max(axis)) + 1 for axis in zip(*large, strict=True))
        grey = [mix("#000000", "#ffffff", share) for share in (start, end)]
        shape = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(shape).polygon([(x - left, y - top) for x, y in large], fill=255)
        mask = ImageChops.multiply(ramp(shape.size, grey).convert("L"), shape)
        self.image.paste(ImageColor.getrgb(colour), (left, top, right, bottom), mask)

    def box(self, corners: Sequence[float], colour: str, opacity: float = 1) -> None:
        """Fill a rectangle given by left, top, right, bottom."""
        left, top, right, bottom = corners
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour, opacity)

    def pill(self, corners: Sequence[float], radius: float, colour: str, opacity: float = 1) -> None:
        """Fill a rectangle with round corners."""
        large = [value * ZOOM for value in corners]
        self._draw().rounded_rectangle(large, radius * ZOOM, fill=paint(colour, opacity))

    def oval(self, centre: Point, radii: Point, colour: str, opacity: float = 1) -> None:
        """Fill an ellipse."""
        self._draw().ellipse(bounds(centre, radii), fill=paint(colour, opacity))

    def disc(self, centre: Point, radius: float, colour: str, opacity: float = 1) -> None:
        """Fill a circle."""
        self.oval(centre, (radius, radius), colour, opacity)

    def ring(self, centre: Point, radius: float, colour: str, width: float, opacity: float = 1) -> None:
        """Draw a circle's outline."""
        self.arc(centre, radius, (0, 360), colour, width, opacity)

    def arc(
        self, centre: Point, radius: float, span: tuple[float, float], colour: str, width: float, opacity: float = 1
    ) -> None:
        """Draw the part of a circle between two angles in degrees."""
        box = bounds(centre, (radius, radius))
        stroke = max(1, round(width * ZOOM))
        self._draw().arc(box, *span, fill=paint(colour, opacity), width=stroke)

    def line(self, points: Path2D, colour: str, width: float, opacity: float = 1) -> None:
        """Draw a line with round joints and, where it is opaque, round ends."""
        stroke = max(1, round(width * ZOOM))
        self._draw().line(enlarge(points), fill=paint(colour, opacity), width=stroke, joint="curve")
        if opacity == 1:
            for end in (points[0], points[-1]):
                self.disc(end, width / 2, colour)

    def glow(self, centre: Point, radius: float, colour: str, strength: float) -> None:
        """Lay light around a point that fades towards the radius."""
        side = round(2 * radius * ZOOM)
        fall = Image.radial_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
        mask = fall.point([round(max(0, 1 - i / 180) ** 2 * 255 * strength) for i in range(256)])
        corner = (round((centre[0] - radius) * ZOOM), round((centre[1] - radius) * ZOOM))
        self.image.paste(Image.new("RGB", mask.size, colour), corner, mask)

    def finish(self, grain: int = 5) -> Image.Image:
        """Scale down to the final size; a trace of grain keeps gradients from banding."""
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        noise = Image.frombytes("L", self.size, self.rng.randbytes(self.size[0] * self.size[1]))
        layer = noise.point([round(i / 255 * grain) for i in range(256)])
        bright = ImageChops.add(small, Image.merge("RGB", [layer] * 3))
        return ImageChops.subtract(bright, Image.new("RGB", self.size, (grain // 2,) * 3))


def paint(colour: str, opacity: float) -> tuple[int, int, int, int]:
    """Return the colour with its opacity as four numbers."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return (red, green, blue, round(255 * opacity))


def enlarge(points: Path2D) -> list[Point]:
    """Return the points in the coordinates of the enlarged picture."""
    return [(x * ZOOM, y * ZOOM) for x, y in points]


def bounds(centre: Point, radii: Point) -> list[float]:
    """Return the enlarged box around an ellipse."""
    (x, y), (across, down) = centre, radii
    return [(x - across) * ZOOM, (y - down) * ZOOM, (x + across) * ZOOM, (y + down) * ZOOM]


def spline(points: Path2D, steps: int = 24) -> list[Point]:
    """Return a smooth curve through the points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for index in range(len(points) - 1):
        four = padded[index : index + 4]
        curve += [
            (_bend([p[0] for p in four], step / steps), _bend([p[1] for p in four], step / steps))
            for step in range(steps)
        ]
    return [*curve, points[-1]]


def _bend(values: Sequence[float], t: float) -> float:
    a, b, c, d = values
    cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    return (cubic + (3 * b - a - 3 * c + d) * t**3) / 2


# --- Things that stand in several pictures ---------------------------------


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
    canvas.polygon(_bow((x, y - height * 0.93), (height * 0.092, height * 0.09)), "#3b2a2a")


# --- Winding tower at dusk --------------------------------------------------


def winding_tower() -> Image.Image:
    """Draw a winding tower before the evening sky."""
    canvas = Canvas(WIDE, ["#22405c", "#5b5a7a", "#c9786a", "#f6a765", "#fbd08c"], seed=11)
    canvas.glow((520, 640), 620, "#ffe3a6", 0.85)
    canvas.disc((520, 610), 92, "#fff0cb")
    for place, width, colour in (
        ((130, 330), 420, "#f3b183"),
        ((690, 225), 360, "#a77681"),
        ((1180, 400), 340, "#f0a878"),
        ((300, 480), 300, "#fbd9a2"),
    ):
        cloud(canvas, place, width, colour, 0.5)
    _evening_land(canvas)
    _headframe(canvas, 1010, 800)
    for x, y, size in ((660, 300, 15), (705, 275, 12), (742, 312, 10)):
        canvas.line(spline([(x - size, y - 5), (x - 4, y - 6), (x, y)]), INK, 2.6)
        canvas.line(spline([(x, y), (x + 4, y - 6), (x + size, y - 5)]), INK, 2.6)
    return canvas.finish()


def _evening_land(canvas: Canvas) -> None:
    hills(canvas, 660, 30, ["#b87a76", "#8d6475"], 0.4)
    chimney(canvas, (250, 700), 190, "#7d5a70")
    chimney(canvas, (296, 700), 150, "#7d5a70")
    town(canvas, 712, "#75556d", 78)
    windows = town(canvas, 792, "#4a4258", 96)
    for x, y in windows:
        if canvas.rng.random() < 0.6:
            canvas.box((x, y, x + 9, y + 12), "#ffd98c", 0.9)
    for number in range(44):
        x = number * 38 + canvas.rng.uniform(-14, 14)
        canvas.oval((x, 806), (34, canvas.rng.uniform(9, 30)), "#1d2c3c")
    canvas.shade([(0, 804), (1600, 804), (1600, 900), (0, 900)], ["#1d2c3c", "#132029"])


def _headframe(canvas: Canvas, x: float, ground: float) -> None:
    top, steel = 305.0, (INK, 10.0)
    lattice(canvas, [(x - 34, ground), (x - 34, top)], [(x + 34, ground), (x + 34, top)], 12, steel)
    for side in (-1, 1):
        inner, outer = (x + side * 34, top + 18), (x + side * 74, top + 18)
        lattice(canvas, [(x + side * 218, ground), inner], [(x + side * 258, ground), outer], 14, steel)
        canvas.line([(x, top + 250), (x + side * 150, top + 250)], INK, 8)
    for hub in ((x - 52, top - 62), (x + 52, top - 62)):
        wheel(canvas, hub, 68, INK)
    canvas.box((x - 128, top - 2, x + 128, top + 20), INK)
    for post in range(-120, 121, 30):
        canvas.line([(x + post, top), (x + post, top - 34)], INK, 3.4)
    canvas.line([(x - 122, top - 34), (x + 122, top - 34)], INK, 3.4)
    for hub_x in (x - 52, x + 52):
        canvas.line([(hub_x + 53, top - 105), (1440, 700)], INK, 3)
    _hoist_house(canvas, ground)


def _hoist_house(canvas: Canvas, ground: float) -> None:
    canvas.polygon([(1384, 720), (1480, 664), (1600, 664), (1600, 720)], INK)
    canvas.box((1396, 716, 1600, ground + 10), INK)
    for x in range(1420, 1600, 48):
        _arched(canvas, (x, 746, x + 24, 792), LAMP)
    canvas.box((884, 744, 1136, ground + 10), INK)
    canvas.polygon([(872, 748), (900, 716), (1120, 716), (1148, 748)], INK)
    for x in range(908, 1120, 44):
        canvas.box((x, 762, x + 22, 786), LAMP, 0.92)


def _bow(centre: Point, radii: Point, steps: int = 40) -> list[Point]:
    (x, y), (across, up) = centre, radii
    angles = [math.pi * step / steps for step in range(steps + 1)]
    return [(x - across * math.cos(angle), y - up * math.sin(angle)) for angle in angles]


def _arched(canvas: Canvas, corners: Sequence[float], colour: str, opacity: float = 1) -> None:
    left, top, right, bottom = corners
    radius = (right - left) / 2
    bow = _bow((left + radius, top + radius), (radius, radius))
    canvas.polygon([(left, bottom), *bow, (right, bottom)], colour, opacity)


# --- Canal with cycle path --------------------------------------------------


def canal() -> Image.Image:
    """Draw a canal on an autumn morning, a barge and two cyclists."""
    canvas = Canvas(WIDE, ["#8fc3c8", "#bfdcd2", "#f3e8cc", "#f8e2b8"], seed=23)
    canvas.glow((1180, 330), 480, "#fff7df", 0.95)
    canvas.disc((1180, 300), 74, "#fffbea")
    for place, width in (((180, 150), 360), ((700, 240), 260), ((1290, 130), 250)):
        cloud(canvas, place, width, "#ffffff", 0.5)
    hills(canvas, 455, 22, ["#a9cbc4", "#93bbb6"], 2.1)
    for x, height in ((300, 170), (352, 120)):
        chimney(canvas, (x, 480), height, "#86afae")
    town(canvas, 486, "#86afae", 60)
    _far_bank(canvas)
    _bow_bridge(canvas)
    _water(canvas)
    _barge(canvas)
    _near_bank(canvas)
    cyclist(canvas, (470, 800), 1.25, RUST)
    cyclist(canvas, (850, 806), 1.25, TEAL)
    return canvas.finish()


def _far_bank(canvas: Canvas) -> None:
    canvas.box((0, 500, 1600, 548), "#6f9a7d")
    rng, x = canvas.rng, -10.0
    autumn = ("#4f8a73", "#7a9b58", "#d99a3c", "#c9782f", "#5f9478")
    while x < 1620:
        colour = rng.choice(autumn)
        if not 900 < x < 1430:
            tree = poplar if rng.random() < 0.5 else round_tree
            size = rng.uniform(130, 190) if tree is poplar else rng.uniform(56, 78)
            tree(canvas, (x, 522), size, colour, mix(colour, CREAM, 0.35))
        x += rng.uniform(38, 72)
    canvas.box((0, 536, 1600, 556), "#56806f")


def _bow_bridge(canvas: Canvas) -> None:
    steel, left, right, deck = "#2f6670", 880.0, 1450.0, 482.0
    bow = [(left + (right - left) * n / 40, deck - 150 * math.sin(math.pi * n / 40)) for n in range(41)]
    for point in bow[4:-3:3]:
        canvas.line([point, (point[0], deck)], steel, 3)
    canvas.line(bow, steel, 13)
    canvas.box((left - 70, deck, right + 70, deck + 17), steel)
    for x in (left, right):
        canvas.polygon([(x - 26, deck + 8), (x + 26, deck + 8), (x + 34, 560), (x - 34, 560)], "#7b9a96")


def _water(canvas: Canvas) -> None:
    canvas.shade([(0, 552), (1600, 552), (1600, 760), (0, 760)], ["#9cc6be", "#5d9ba0", "#347783"])
    for _ in range(120):
        depth = canvas.rng.random() ** 0.8
        x, y = canvas.rng.uniform(-60, 1600), 562 + depth * 170
        width = (30 + 130 * canvas.rng.random()) * (0.4 + depth)
        canvas.pill((x, y, x + width, y + 2 + 2 * depth), 1.5, "#e9f6ee", 0.28)
    for number in range(46):
        y, half = 558 + number * 4, canvas.rng.uniform(22, 66) * (1 + number / 60)
        x = 1180 + canvas.rng.uniform(-22, 22)
        canvas.pill((x - half, y, x + half, y + 3), 1.5, "#fff8e0", 0.72 - number * 0.011)


def _barge(canvas: Canvas) -> None:
    hull = [(150, 596), (780, 596), (822, 588), (808, 632), (170, 632)]
    canvas.fade([(160, 632), (812, 632), (780, 690), (200, 690)], INK, 0.35, 0.0)
    canvas.polygon(hull, "#1d4650")
    canvas.polygon([(162, 620), (811, 620), (808, 632), (170, 632)], RUST)
    canvas.shade(
        [(300, 596), (340, 570), (420, 562), (520, 574), (600, 560), (690, 572), (740, 596)], ["#d9b98a", "#b48c5d"]
    )
    canvas.box((176, 548, 262, 596), CREAM)
    canvas.box((168, 540, 270, 551), TEAL)
    for x in (186, 212, 238):
        canvas.box((x, 558, x + 16, 574), "#4e8a94")
    canvas.line([(280, 596), (280, 536)], INK, 3)


def _near_bank(canvas: Canvas) -> None:
    crest = [(x, 742 + 5 * math.sin(x / 190)) for x in range(0, 1610, 10)]
    canvas.shade([(0, 900), *crest, (1600, 900)], ["#87a765", "#5d8652"])
    canvas.shade([(0, 806), (1600, 794), (1600, 850), (0, 866)], ["#e8d8b7", "#d8c39b"])
    for x in range(20, 1600, 120):
        y = 834 - x * 0.0085
        canvas.polygon([(x, y), (x + 58, y - 0.5), (x + 58, y + 5), (x, y + 5.5)], "#fffaf0", 0.9)
    for _ in range(170):
        left, foot = canvas.rng.uniform(0, 1600), canvas.rng.choice([770, 884]) + canvas.rng.uniform(-16, 16)
        blade = canvas.rng.uniform(8, 18)
        canvas.line([(left, foot), (left + blade * 0.3, foot - blade)], "#46714a", 2.2)
    round_tree(canvas, (1440, 790), 210, "#c9782f", "#f0b45a")
    poplar(canvas, (90, 788), 420, "#d99a3c", "#f6cd7f")


def cyclist(canvas: Canvas, foot: Point, scale: float, coat: str) -> None:
    """Draw somebody on a bicycle riding to the right."""

    def stroke(text: str, colour: str, width: float) -> None:
        points = [(foot[0] + x * scale, foot[1] + y * scale) for x, y in trace(text)]
        canvas.line(points, colour, width * scale)

    canvas.oval((foot[0], foot[1] + 3 * scale), (96 * scale, 6 * scale), INK, 0.22)
    for side in (-52, 52):
        canvas.ring((foot[0] + side * scale, foot[1] - 34 * scale), 35 * scale, INK, 4 * scale)
    for tube in ("-52,-34 -6,-36 36,-92 52,-34", "-52,-34 -22,-86 -6,-36", "-20,-78 34,-80", "36,-92 48,-98"):
        stroke(tube, INK, 4.4)
    stroke("-34,-88 -12,-88", INK, 7)
    stroke("-18,-94 24,-78 -10,-50", "#3b525a", 13)
    stroke("-10,-48 3,-46", INK, 8)
    stroke("-20,-94 12,-66 -2,-26", "#22363d", 14)
    stroke("-2,-26 10,-24", INK, 8)
    stroke("-18,-98 8,-142", coat, 27)
    stroke("8,-138 24,-112 45,-100", mix(coat, INK, 0.22), 10)
    head = (foot[0] + 20 * scale, foot[1] - 170 * scale)
    canvas.disc(head, 15 * scale, SKIN)
    canvas.polygon(_bow((head[0], head[1] - 3 * scale), (17 * scale, 16 * scale)), CREAM)


# --- Observatory at night ---------------------------------------------------


def observatory() -> Image.Image:
    """Draw an observatory under circling stars."""
    canvas = Canvas(WIDE, ["#0a1a33", "#12305a", "#1f5573", "#3f8288"], seed=37)
    _star_trails(canvas, (1010, 250))
    canvas.glow((800, 900), 620, "#8fc7b4", 0.35)
    hills(canvas, 700, 36, ["#1c4a5c", "#173c4c"], 1.2)
    for x, y in town(canvas, 742, "#15394a", 34):
        canvas.box((x, y - 6, x + 5, y - 1), "#ffd98c", 0.7)
    crest = [(x, 806 - 128 * math.exp(-(((x - 600) / 430) ** 2))) for x in range(0, 1610, 10)]
    canvas.shade([(0, 900), *crest, (1600, 900)], ["#113040", "#0a1c28"])
    for x, height in ((70, 190), (140, 150), (205, 120), (1330, 150), (1410, 210), (1500, 170)):
        fir(canvas, (x, 850), height, "#0a1f2a", "#143a45")
    _dome(canvas, (600, 560), 178)
    _stargazers(canvas)
    return canvas.finish()


def _star_trails(canvas: Canvas, pole: Point) -> None:
    rng = canvas.rng
    for number in range(150):
        radius = 22 + number * 7.6 + rng.uniform(-3, 3)
        colour = rng.choice(["#ffffff", "#ffe2ae", "#bfe3ec", "#ffd08a", "#e7f3f1"])
        for _ in range(1 + number // 40):
            start = rng.uniform(0, 360)
            span = (start, start + rng.uniform(18, 48))
            canvas.arc(pole, radius, span, colour, rng.uniform(1, 2.6), rng.uniform(0.25, 0.85))
    canvas.disc(pole, 4.5, "#ffffff")


def _dome(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    canvas.shade([(x - 160, y), (x + 160, y), (x + 166, 706), (x - 166, 706)], ["#d9d4c6", "#8fa3a3"])
    canvas.fade([(x + 40, y), (x + 160, y), (x + 166, 706), (x + 40, 706)], "#1a3d4e", 0.4, 0.5)
    bow = _bow(centre, (radius, radius), 60)
    canvas.shade(bow, ["#f4efe2", "#b9c4c0"])
    canvas.fade([(x + 30, y), *bow[34:]], "#1a3d4e", 0.2, 0.5)
    for share in (0.32, 0.64):
        canvas.line(_bow(centre, (radius * share, radius), 60)[:31], "#8fa3a3", 2.4)
    canvas.shade(trace("26,-2 32,-120 58,-172 96,-150 84,-90 82,-2", centre), ["#0d2233", AMBER])
    canvas.line(trace("46,-40 92,-176", centre), "#22404f", 24)
    canvas.line(trace("80,-142 96,-188", centre), "#35596a", 32)
    canvas.box((x - radius - 6, y - 4, x + radius + 6, y + 16), "#5b7278")
    _arched(canvas, (x - 30, y + 52, x + 30, 706), LAMP)
    canvas.fade([(x - 30, 704), (x + 30, 704), (x + 110, 800), (x - 90, 800)], LAMP, 0.5, 0.0)
    for side in (-112, 86):
        canvas.box((x + side, y + 56, x + side + 30, y + 98), LAMP, 0.9)


def _stargazers(canvas: Canvas) -> None:
    for x, y, height, coat in ((846, 786, 84, RUST), (1010, 800, 88, "#2c7f83"), (1062, 802, 62, AMBER)):
        person(canvas, (x, y), height, coat)
    for foot in (-30, 0, 30):
        canvas.line([(920, 738), (920 + foot, 796)], "#06131b", 4.5)
    canvas.line([(884, 752), (968, 706)], "#dfe6e0", 15)
    canvas.line([(950, 716), (974, 703)], AMBER, 19)


# --- Laboratory -------------------------------------------------------------


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


# --- Timber quarter in the park ---------------------------------------------


def timber_quarter() -> Image.Image:
    """Draw timber houses among trees."""
    canvas = Canvas(WIDE, ["#a8d3d0", "#d5e8d2", "#f7eecb"], seed=53)
    canvas.glow((330, 240), 420, "#fffbe6", 0.9)
    canvas.disc((330, 210), 66, "#fffdf0")
    for place, width in (((620, 140), 330), ((1120, 210), 280), ((40, 330), 220)):
        cloud(canvas, place, width, "#ffffff", 0.55)
    hills(canvas, 520, 40, ["#a9cda9", "#8dbd99"], 0.9)
    _wood(canvas, 590, (110, 190), ("#5f9f7e", "#4f8f78", "#79ad72"))
    canvas.shade([(0, 590), (1600, 590), (1600, 900), (0, 900)], ["#9cc47e", "#5f9a5c"])
    _house(canvas, (210, 690), (300, 330), "#c98a4b")
    _house(canvas, (1150, 694), (270, 250), "#b9743c")
    _house(canvas, (620, 700), (400, 270), "#d9a566")
    for x, y, size in ((140, 704, 190), (565, 716, 150), (1080, 716, 165), (1500, 716, 200)):
        round_tree(canvas, (x, y), size, "#3f8466", "#86bf7f")
    _park_path(canvas)
    for x, height in ((40, 330), (1560, 380), (1470, 250)):
        fir(canvas, (x, 860), height, "#1f5f55", "#4b9474")
    return canvas.finish()


def _wood(canvas: Canvas, ground: float, sizes: Point, colours: Sequence[str]) -> None:
    x = -20.0
    while x < 1640:
        colour = canvas.rng.choice(colours)
        fir(canvas, (x, ground + 6), canvas.rng.uniform(*sizes), colour, mix(colour, CREAM, 0.3))
        x += canvas.rng.uniform(26, 52)


def _house(canvas: Canvas, corner: Point, size: Point, wood: str) -> None:
    (left, foot), (width, height) = corner, size
    top, right = foot - height, left + width
    canvas.fade([(left, foot), (right, foot), (right + 90, foot + 46), (left + 70, foot + 46)], INK, 0.3, 0.0)
    canvas.box((left, top, right, foot), wood)
    slats = int(width // 10)
    for number in range(1, slats):
        x = left + width * number / slats
        canvas.line([(x, top), (x, foot)], mix(wood, INK, 0.28), 1.6, 0.55)
    canvas.box((left + width * 0.72, top, right, foot), INK, 0.13)
    eaves, ridge = (right + 18, top - 22), (left + width * 0.35, top - 62)
    canvas.polygon([(left - 18, top + 4), ridge, eaves, (right + 18, top + 4)], "#24545a")
    for number in range(4):
        near, far = (between(ridge, eaves, share + number * 0.19) for share in (0.1, 0.25))
        panel = [(near[0], near[1] + 10), (far[0], far[1] + 10), (far[0] - 3, top - 12), (near[0] - 3, top - 12)]
        canvas.polygon(panel, "#0d3440")
    _windows(canvas, (left, top), (right, foot), wood)


def _windows(canvas: Canvas, start: Point, end: Point, wood: str) -> None:
    (left, top), (right, foot) = start, end
    rows, columns = int((foot - top) // 82), int((right - left) // 78)
    gap = (right - left) / columns
    for row in range(rows):
        y = top + 24 + row * (foot - top - 14) / rows
        for column in range(columns):
            x = left + gap * (column + 0.5) - 21
            lit = canvas.rng.random() < 0.3
            canvas.box((x - 4, y - 4, x + 46, y + 54), mix(wood, CREAM, 0.55))
            canvas.box((x, y, x + 42, y + 50), "#ffe0a0" if lit else "#4d8a92")
            canvas.polygon([(x, y), (x + 26, y), (x, y + 34)], "#ffffff", 0.22)
            if canvas.rng.random() < 0.4:
                canvas.box((x - 10, y + 46, x + 52, y + 58), "#2f6b4f")
                for bud in range(5):
                    canvas.disc((x + bud * 11, y + 44), 7, canvas.rng.choice(["#5fa463", "#e4683c", "#f2a33a"]))


def _park_path(canvas: Canvas) -> None:
    upper = spline([(0, 812), (360, 770), (820, 792), (1240, 764), (1600, 780)])
    lower = spline([(1600, 850), (1240, 842), (820, 876), (360, 848), (0, 892)])
    canvas.shade([*upper, *lower], ["#f0e0bd", "#ddc69a"])
    for x, y, height, coat in (
        (430, 806, 104, RUST),
        (486, 810, 70, AMBER),
        (980, 826, 106, TEAL),
        (1290, 808, 98, "#7a3f5c"),
    ):
        canvas.oval((x + 20, y), (40, 6), INK, 0.18)
        person(canvas, (x, y), height, coat)
    canvas.line([(690, 800), (690, 776)], INK, 6)
    canvas.line([(800, 800), (800, 776)], INK, 6)
    for y in (774, 752, 738):
        canvas.pill((672, y, 818, y + 9), 4, "#8a5a2c")


# --- Machine hall -----------------------------------------------------------


def machine_hall() -> Image.Image:
    """Draw the inside of a machine hall with light falling through tall windows."""
    canvas = Canvas(WIDE, ["#17333c", "#24505a", "#2f626a"], seed=67)
    _roof_trusses(canvas)
    for number in range(5):
        _hall_window(canvas, 118 + number * 290, 214)
    canvas.shade([(0, 676), (1600, 676), (1600, 900), (0, 900)], ["#6b5a49", "#2f2f30"])
    canvas.box((0, 664, 1600, 680), "#183840")
    for number in range(5):
        x = 118 + number * 290
        canvas.fade([(x, 682), (x + 200, 682), (x + 330, 900), (x + 60, 900)], "#ffe2a0", 0.5, 0.12)
        canvas.fade([(x, 300), (x + 200, 300), (x + 330, 900), (x + 60, 900)], "#ffeec2", 0.16, 0.02)
    _crane(canvas)
    _engine(canvas)
    for x, y, height, coat in ((1120, 838, 150, RUST), (1196, 846, 156, "#d8e4df"), (258, 828, 140, AMBER)):
        canvas.oval((x + 40, y), (74, 8), INK, 0.35)
        person(canvas, (x, y), height, coat)
    return canvas.finish()


def _roof_trusses(canvas: Canvas) -> None:
    canvas.shade([(0, 0), (1600, 0), (1600, 120), (0, 120)], ["#0e242c", "#17333c"])
    steel = "#0c2027"
    canvas.line([(0, 34), (1600, 34)], steel, 12)
    canvas.line([(0, 126), (1600, 126)], steel, 12)
    knots = [(x, 34 if n % 2 else 126) for n, x in enumerate(range(-40, 1720, 80))]
    canvas.line(knots, steel, 7)
    for x in range(73, 1600, 290):
        canvas.box((x - 15, 120, x + 15, 680), "#1b3f49")
        canvas.box((x - 15, 120, x - 8, 680), "#2c5a64")
        canvas.polygon([(x - 15, 126), (x - 60, 126), (x - 15, 190)], "#1b3f49")
        canvas.polygon([(x + 15, 126), (x + 60, 126), (x + 15, 190)], "#1b3f49")


def _hall_window(canvas: Canvas, left: float, top: float) -> None:
    right, foot, middle = left + 200, 610.0, left + 100
    canvas.glow((middle, 410), 330, "#ffd98f", 0.3)
    _arched(canvas, (left - 14, top - 14, right + 14, foot + 8), "#173740")
    _arched(canvas, (left, top, right, foot), "#ffd488")
    canvas.fade([(left, 420), (right, 420), (right, foot), (left, foot)], "#fff3d0", 0.0, 0.9)
    canvas.glow((middle, 330), 96, "#fff6dc", 0.8)
    for x in (left + 50, middle, left + 150):
        canvas.line([(x, top + (4 if x == middle else 16)), (x, foot)], "#173740", 4.5)
    for y in range(int(top) + 100, int(foot), 74):
        canvas.line([(left, y), (right, y)], "#173740", 4.5)
    canvas.box((left - 22, foot, right + 22, foot + 16), "#122c34")


def _crane(canvas: Canvas) -> None:
    canvas.box((0, 168, 1600, 200), "#c9762a")
    canvas.box((0, 168, 1600, 175), "#e79a47")
    canvas.box((0, 194, 1600, 200), "#8a4a14")
    canvas.pill((1228, 146, 1372, 214), 8, "#17333c")
    for x in (1256, 1344):
        canvas.disc((x, 166), 15, "#e79a47")
    for x in (1290, 1310):
        canvas.line([(x, 214), (x, 352)], INK, 4)
    canvas.pill((1276, 346, 1324, 394), 8, "#e79a47")
    canvas.arc((1300, 424), 26, (-80, 170), INK, 9)
    canvas.line([(1300, 394), (1303, 402)], INK, 9)


def _engine(canvas: Canvas) -> None:
    dark, brass = "#0e2229", "#d9953f"
    hub = (650.0, 610.0)
    canvas.oval((650, 838), (420, 20), INK, 0.45)
    canvas.ring(hub, 232, dark, 34)
    canvas.ring(hub, 214, brass, 5)
    for number in range(8):
        angle = math.tau * (number + 0.25) / 8
        rim = (hub[0] + 205 * math.cos(angle), hub[1] + 205 * math.sin(angle))
        canvas.line([hub, rim], dark, 17)
    canvas.disc(hub, 48, dark)
    canvas.disc(hub, 26, brass)
    canvas.polygon([(560, 838), (600, 640), (700, 640), (740, 838)], dark)
    canvas.pill((590, 584, 710, 664), 22, "#1b3f49")
    canvas.disc(hub, 20, brass)
    canvas.line([hub, (820, 690)], "#8fa3a3", 17)
    canvas.box((806, 672, 850, 708), "#8fa3a3")
    canvas.pill((840, 628, 1046, 752), 20, "#1d4a55")
    for x in (872, 936, 1000):
        canvas.box((x, 628, x + 12, 752), brass)
    canvas.box((330, 790, 1070, 842), dark)
    canvas.box((852, 750, 1034, 800), dark)
    canvas.box((330, 790, 1070, 797), "#2c5a64")


# --- Harbour ----------------------------------------------------------------


def harbour() -> Image.Image:
    """Draw an inland harbour with gantry cranes, containers and a pusher."""
    canvas = Canvas(WIDE, ["#3f8f9c", "#8cc3bd", "#dfe8cc", "#fbe3b4"], seed=71)
    canvas.glow((380, 500), 480, "#fff3cf", 0.9)
    canvas.disc((380, 470), 80, "#fffbe8")
    for place, width in (((560, 170), 340), ((90, 260), 240), ((1200, 120), 280)):
        cloud(canvas, place, width, "#ffffff", 0.5)
    hills(canvas, 600, 20, ["#9cc0b0", "#86aea6"], 1.7)
    for x, height in ((96, 250), (222, 190), (548, 220)):
        _turbine(canvas, (x, 606), height)
    town(canvas, 640, "#6d9c9d", 50)
    canvas.box((0, 650, 1600, 706), "#35606a")
    canvas.box((0, 650, 1600, 660), "#4b7c84")
    _containers(canvas)
    _gantry(canvas, 800)
    _gantry(canvas, 1310)
    canvas.shade([(0, 700), (1600, 700), (1600, 900), (0, 900)], ["#5fa3a6", "#2d7380", "#174f5e"])
    _harbour_water(canvas)
    _pusher(canvas)
    return canvas.finish()


def _turbine(canvas: Canvas, foot: Point, height: float) -> None:
    x, y = foot
    hub = (x, y - height)
    canvas.polygon([(x - 4, y), (x - 2, hub[1]), (x + 2, hub[1]), (x + 4, y)], "#f4f6ec")
    turn = canvas.rng.uniform(0, 2)
    for number in range(3):
        angle = turn + math.tau * number / 3
        tip = (x + height * 0.46 * math.cos(angle), hub[1] + height * 0.46 * math.sin(angle))
        side = (x + 7 * math.cos(angle + 0.9), hub[1] + 7 * math.sin(angle + 0.9))
        canvas.polygon([hub, side, tip], "#f4f6ec")
    canvas.disc(hub, 5, "#f4f6ec")


def _containers(canvas: Canvas) -> None:
    colours = ("#b4530a", "#0b5563", "#f2a33a", "#2f7f78", "#8a3b4a", "#e8dcc0")
    for stack in range(10):
        left = 560 + stack * 104 + (stack // 5) * 14
        for level in range(canvas.rng.randint(1, 4)):
            foot = 652 - level * 42
            colour = canvas.rng.choice(colours)
            canvas.box((left, foot - 40, left + 100, foot), colour)
            for rib in range(1, 12):
                x = left + rib * 8.3
                canvas.line([(x, foot - 35), (x, foot - 5)], INK, 1.4, 0.28)
            canvas.box((left, foot - 40, left + 100, foot - 35), "#ffffff", 0.22)


def _gantry(canvas: Canvas, x: float) -> None:
    steel, dark = "#14424e", "#0d2c36"
    for leg in (x, x + 150):
        canvas.line([(leg, 652), (leg, 330)], steel, 15)
    canvas.line([(x, 530), (x + 150, 530)], steel, 10)
    canvas.line([(x, 530), (x + 150, 370)], steel, 6)
    lattice(canvas, [(x - 300, 352), (x + 190, 352)], [(x - 300, 322), (x + 190, 322)], 24, (steel, 6))
    mast = (x + 75, 210)
    for foot in (x, x + 150):
        canvas.line([(foot, 330), mast], steel, 9)
    for end in (x - 280, x - 110, x + 180):
        canvas.line([mast, (end, 322)], dark, 3)
    canvas.pill((x - 196, 350, x - 130, 384), 5, AMBER)
    for rope in (-186, -140):
        canvas.line([(x + rope, 384), (x + rope, 470)], dark, 2.6)
    canvas.box((x - 214, 470, x - 112, 512), RUST)
    canvas.box((x - 214, 464, x - 112, 472), dark)
    canvas.pill((x + 42, 286, x + 108, 324), 4, dark)


def _harbour_water(canvas: Canvas) -> None:
    for number in range(40):
        y, half = 706 + number * 4.4, canvas.rng.uniform(24, 80) * (1 + number / 50)
        x = 380 + canvas.rng.uniform(-26, 26)
        canvas.pill((x - half, y, x + half, y + 3), 1.5, "#fff6d6", 0.66 - number * 0.012)
    for _ in range(130):
        depth = canvas.rng.random()
        x, y = canvas.rng.uniform(-60, 1600), 710 + depth * 180
        width = (30 + 130 * canvas.rng.random()) * (0.5 + depth)
        canvas.pill((x, y, x + width, y + 2 + 2 * depth), 1.5, "#d8efe8", 0.24)


def _pusher(canvas: Canvas) -> None:
    canvas.fade([(180, 800), (1080, 800), (1040, 872), (240, 872)], INK, 0.4, 0.0)
    canvas.polygon([(330, 752), (1090, 752), (1132, 742), (1104, 802), (344, 802)], "#123b45")
    canvas.polygon([(338, 786), (1111, 786), (1104, 802), (344, 802)], RUST)
    for number in range(6):
        colour = ("#2f7f78", "#e8dcc0", "#b4530a", "#f2a33a", "#8a3b4a", "#0b5563")[number]
        left = 392 + number * 106
        canvas.box((left, 708, left + 102, 754), colour)
        for rib in range(1, 12):
            canvas.line([(left + rib * 8.5, 713), (left + rib * 8.5, 749)], INK, 1.4, 0.28)
    canvas.polygon([(156, 744), (322, 744), (330, 802), (172, 802)], "#0d2c36")
    canvas.polygon([(166, 786), (328, 786), (330, 802), (172, 802)], RUST)
    canvas.pill((196, 690, 306, 748), 5, CREAM)
    canvas.pill((214, 646, 292, 694), 5, CREAM)
    canvas.box((206, 640, 300, 650), TEAL)
    for x in (222, 248, 274):
        canvas.box((x, 658, x + 16, 676), "#3d818c")
    canvas.line([(236, 640), (236, 596)], INK, 3)
    canvas.polygon([(236, 598), (272, 606), (236, 616)], AMBER)


# --- Portrait, signature and logo -------------------------------------------


def portrait() -> Image.Image:
    """Draw a woman with glasses and a dark bob."""
    canvas = Canvas((480, 480), ["#cfe6e2", "#8fc4c2"], seed=83)
    canvas.disc((400, 110), 150, "#f7d9a4", 0.55)
    canvas.disc((70, 380), 130, TEAL, 0.18)
    hair, skin = "#3b2a2a", "#eec3a0"
    _bob(canvas, hair)
    _shoulders(canvas, skin)
    _face(canvas, skin)
    _fringe(canvas, hair)
    _glasses(canvas)
    return canvas.finish(grain=4)


def _bob(canvas: Canvas, hair: str) -> None:
    half = trace("240,62 176,74 134,124 126,200 122,270 134,316 170,322 240,300")
    mirrored = [(480 - x, y) for x, y in reversed(half)]
    canvas.polygon(spline([*half, *mirrored[1:]]), hair)


def _shoulders(canvas: Canvas, skin: str) -> None:
    canvas.polygon(spline(trace("30,490 52,424 118,382 196,358 284,358 362,382 428,424 450,490")), TEAL)
    canvas.polygon(trace("198,352 282,352 300,376 240,470 180,376"), "#fbf3e4")
    canvas.shade(trace("206,290 274,290 276,360 240,400 204,360"), ["#d39d79", skin])
    lapel = trace("196,352 178,364 150,420 196,424 232,486 240,470")
    for side in (lapel, [(480 - x, y) for x, y in lapel]):
        canvas.polygon(side, mix(TEAL, INK, 0.35))
    canvas.disc((318, 446), 8, AMBER)


def _face(canvas: Canvas, skin: str) -> None:
    half = trace("240,96 186,112 160,164 160,222 176,276 210,316 240,324")
    mirrored = [(480 - x, y) for x, y in reversed(half)]
    canvas.polygon(spline([*half, *mirrored[1:]]), skin)
    for x in (186, 294):
        canvas.glow((x, 254), 26, "#e58f78", 0.5)
    canvas.line(spline(trace("240,208 233,240 236,250 248,251")), "#c98f6d", 4)
    canvas.polygon(spline(trace("208,274 226,280 240,281 254,280 272,274 258,290 240,295 222,290 208,274")), "#b24b48")
    canvas.line(spline(trace("206,273 226,279 240,280 254,279 274,273")), "#7f302f", 2.6)


def _fringe(canvas: Canvas, hair: str) -> None:
    left = "262,84 232,128 190,164 164,186 158,250 150,306 132,300 124,230 136,130 180,78 262,84"
    right = "254,82 276,124 306,158 318,190 322,250 330,306 348,300 356,230 344,130 308,80 254,82"
    for strand in (left, right):
        canvas.polygon(spline(trace(strand)), hair)
    for shine in ("250,78 212,110 172,140", "246,72 192,94 154,138", "282,86 312,118 334,158"):
        canvas.line(spline(trace(shine)), "#5d4340", 3.4)


def _glasses(canvas: Canvas) -> None:
    brown, red = "#3b2a2a", "#7a2f2a"
    for x in (204, 276):
        canvas.oval((x, 207), (14, 7.4), "#ffffff")
        canvas.disc((x, 207), 7.4, "#3c5a4c")
        canvas.disc((x, 207), 4, "#14201e")
        canvas.disc((x + 2.6, 204.4), 1.8, "#ffffff")
        canvas.line(spline(trace("-17,-1 -8,-7 8,-7 17,-1", (x, 206))), brown, 4.2)
        canvas.ring((x, 207), 30, red, 4.6)
    for brow in ("204,171 188,168 172,175", "276,171 292,168 308,175"):
        canvas.line(spline(trace(brow)), brown, 5)
    for wire in ("233,204 240,199 247,204", "174,202 160,196", "306,202 320,196"):
        canvas.line(spline(trace(wire)), red, 4.6)


STROKES = (
    "0.15,-2.1 0.42,-2.5 0.36,-1.2 0.12,0.1",
    "1.62,-2.65 1.42,-1.2 1.25,0 1.42,0.02",
    "-0.1,-1.05 0.8,-1.38 1.95,-1.4",
    "3.5,-2.45 3.3,-1.1 3.1,-0.1 2.75,0.05 2.55,-0.25",
    "2.35,-2.3 3.3,-2.6 5.1,-2.85",
    "3.55,-0.35 3.95,-0.7 3.98,-1 3.72,-0.85 3.66,-0.25 3.95,0 4.3,-0.4 4.45,-0.92 "
    "4.46,-0.4 4.4,0 4.6,-0.65 4.88,-0.95 4.98,-0.5 5,-0.05 5.22,-0.1 5.5,-0.75 "
    "5.85,-0.98 5.6,-0.9 5.42,-0.35 5.6,0 5.95,-0.6 6.3,-2.4 6.12,-1.2 6.06,-0.12 "
    "6.25,-0.05 6.55,-0.7 6.9,-0.98 6.65,-0.9 6.48,-0.35 6.66,0 6.98,-0.8 6.98,-0.15 "
    "7.2,-0.05 7.6,-1.2 7.82,-2.45 7.62,-2.3 7.52,-1 7.46,0 7.62,-0.65 7.92,-0.98 "
    "8.04,-0.55 8.04,-0.05 8.26,-0.1 8.68,-1.4 8.82,-2.45 8.6,-2.2 8.52,-0.6 8.72,-0.02 "
    "9.2,-0.22 10.2,-0.72 11.4,-0.6 12.2,-0.85",
)


def signature() -> Image.Image:
    """Write a signature in dark ink on white."""
    canvas = Canvas((1920, 600), ["#ffffff", "#ffffff"])
    for stroke in STROKES:
        _pen(canvas, [(180 + 126 * x - 33 * y, 450 + 129 * y) for x, y in trace(stroke)])
    canvas.disc((494, 446), 10, PEN)
    return canvas.finish(grain=0).resize((640, 200), Image.Resampling.LANCZOS)


def _pen(canvas: Canvas, points: Path2D) -> None:
    curve = spline(points, 60)
    for number, ((x, y), (next_x, next_y)) in enumerate(pairwise(curve)):
        length = math.hypot(next_x - x, next_y - y) or 1
        press = 7.5 + 9 * max(0, (next_y - y) / length)
        lift = min(1, (len(curve) - number) / 90)
        canvas.line([(x, y), (next_x, next_y)], PEN, (0.45 + 0.55 * lift) * press)


def logo() -> Image.Image:
    """Draw the round mark: a headframe with one great wheel."""
    canvas, dark, hub = Canvas((384, 384), [AMBER, AMBER]), "#0a3f4b", (192, 142)
    canvas.ring((192, 192), 192, dark, 10)
    for side in (-1, 1):
        canvas.line([(192 + side * 14, 150), (192 + side * 84, 318)], dark, 22)
    canvas.line([(152, 262), (232, 262)], dark, 16)
    canvas.line([(82, 320), (302, 320)], dark, 22)
    canvas.disc(hub, 92, AMBER)
    canvas.disc(hub, 80, dark)
    canvas.disc(hub, 61, CREAM)
    for number in range(3):
        turn = (math.cos(math.pi * number / 3), math.sin(math.pi * number / 3))
        spoke = [(hub[0] + way * 64 * turn[0], hub[1] + way * 64 * turn[1]) for way in (-1, 1)]
        canvas.line(spoke, dark, 11)
    canvas.disc(hub, 19, dark)
    picture = canvas.finish(grain=0)
    mask = Image.new("L", (384 * ZOOM, 384 * ZOOM))
    ImageDraw.Draw(mask).ellipse(bounds((192, 192), (190, 190)), fill=255)
    picture.putalpha(mask.resize(picture.size, Image.Resampling.LANCZOS))
    return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "templates/logo.png": logo,
    "issues/2026-10/hafen.jpg": harbour,
    "issues/2026-11/maschinenhalle.jpg": machine_hall,
    "issues/2026-11/kanalradweg.jpg": canal,
    "issues/2026-11/sternwarte.jpg": observatory,
    "issues/2026-11/labor.jpg": laboratory,
    "issues/2026-11/holzquartier.jpg": timber_quarter,
    "issues/2026-11/foerderturm.jpg": winding_tower,
    "issues/2026-11/portrait.jpg": portrait,
    "issues/2026-11/unterschrift.png": signature,
}


def main() -> None:
    """Write every picture."""
    for name, draw in PICTURES.items():
        target = ROOT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draw().save(target, quality=85, optimize=True)


if __name__ == "__main__":
    main()
