"""A joiner's bench in front of an arched window."""

import math

from PIL import Image

from pictures.canvas import AMBER, CREAM, INK, RUST, TEAL, WIDE, Canvas, Point, spline, trace
from pictures.scenery import arched

WOOD = "#c98f4e"
DARK_WOOD = "#8a5a2b"
STEEL = "#8fa3a3"


def workbench() -> Image.Image:
    """Draw a joiner's bench in front of an arched window."""
    canvas = Canvas(WIDE, ["#7d4a2c", "#a2643a", "#b8794a"], seed=101)
    _brick_wall(canvas)
    _window(canvas, 1010)
    _tool_board(canvas)
    canvas.shade([(0, 800), (1600, 800), (1600, 900), (0, 900)], ["#5b4634", "#2f2722"])
    canvas.fade([(1030, 800), (1430, 800), (1220, 900), (560, 900)], "#ffe2a0", 0.4, 0.1)
    canvas.fade([(1020, 250), (1420, 250), (1100, 900), (420, 900)], "#ffeec2", 0.2, 0.02)
    _bench(canvas)
    _plane(canvas, (560, 560))
    _clamp(canvas, (1120, 560))
    for place, size in (((790, 548), 26), ((850, 552), 19), ((430, 550), 22), ((300, 852), 30), ((880, 862), 24)):
        _curl(canvas, place, size)
    return canvas.finish()


def _brick_wall(canvas: Canvas) -> None:
    for row in range(24):
        y = row * 34
        canvas.line([(0, y), (1600, y)], "#5e351d", 2.6, 0.5)
        for number in range(-1, 21):
            x = number * 82 + (41 if row % 2 else 0)
            canvas.line([(x, y), (x, y + 34)], "#5e351d", 2.6, 0.5)
            if canvas.rng.random() < 0.22:
                shade = canvas.rng.choice(("#ffd9a8", "#3c1f10"))
                canvas.box((x + 2, y + 2, x + 80, y + 32), shade, 0.14)


def _window(canvas: Canvas, left: float) -> None:
    right, middle, foot = left + 420, left + 210, 640.0
    canvas.glow((middle, 380), 560, "#ffdf9c", 0.42)
    arched(canvas, (left - 22, 18, right + 22, foot + 12), "#3b2417")
    arched(canvas, (left, 40, right, foot), "#ffdb96")
    canvas.fade([(left, 330), (right, 330), (right, foot), (left, foot)], "#fff5da", 0.0, 0.9)
    canvas.glow((middle + 60, 260), 150, "#fffaf0", 0.85)
    for x in (left + 105, middle, left + 315):
        canvas.line([(x, 46 if x == middle else 72), (x, foot)], "#3b2417", 7)
    for y in (168, 250, 347, 444, 541):
        half = 210 if y >= 250 else math.sqrt(210**2 - (250 - y) ** 2)
        canvas.line([(middle - half, y), (middle + half, y)], "#3b2417", 7)
    canvas.box((left - 34, foot, right + 34, foot + 22), "#2c1a10")


def _tool_board(canvas: Canvas) -> None:
    canvas.pill((120, 110, 860, 430), 10, "#3f2615")
    canvas.pill((130, 120, 850, 420), 8, "#6e4524")
    for number in range(6):  # chisels, each shorter than the last
        x, top = 186 + number * 52, 150.0
        canvas.pill((x - 9, top, x + 9, top + 84), 8, AMBER if number % 2 else RUST)
        canvas.box((x - 6, top + 84, x + 6, top + 190 - number * 13), STEEL)
        canvas.polygon(
            [(x - 6, top + 190 - number * 13), (x + 6, top + 190 - number * 13), (x + 6, top + 204 - number * 13)],
            CREAM,
        )
    _saw(canvas, (520, 190))
    canvas.line([(560, 330), (560, 400)], "#d9a864", 15)  # a mallet
    canvas.pill((512, 292, 608, 346), 8, "#d9a864")
    for number, length in enumerate((96, 80, 66)):  # files and a square
        canvas.line([(668 + number * 40, 300), (668 + number * 40, 300 + length)], STEEL, 9)
        canvas.pill((660 + number * 40, 288, 676 + number * 40, 318), 7, TEAL)
    canvas.line([(806, 290), (806, 396), (770, 396)], CREAM, 9)


def _saw(canvas: Canvas, corner: Point) -> None:
    x, y = corner
    teeth = [(x + 290 - step * 8, y + (62 if step % 2 else 55) - step * 0.62) for step in range(31)]
    canvas.polygon([(x + 50, y - 8), (x + 292, y + 26), (x + 292, y + 54), *teeth, (x + 50, y + 40)], "#c3d0cf")
    canvas.pill((x - 16, y - 20, x + 62, y + 62), 20, DARK_WOOD)
    canvas.pill((x + 6, y + 4, x + 38, y + 40), 12, "#6e4524")


def _bench(canvas: Canvas) -> None:
    canvas.oval((760, 858), (600, 22), INK, 0.5)
    for left in (250, 1160):
        canvas.box((left, 640, left + 74, 856), DARK_WOOD)
        canvas.box((left, 640, left + 18, 856), "#a9713a")
    canvas.box((290, 740, 1200, 778), "#7a4e24")
    canvas.box((290, 740, 1200, 748), "#a9713a")
    canvas.polygon([(180, 566), (1330, 566), (1370, 616), (140, 616)], "#e2b277")
    canvas.box((140, 616, 1370, 662), WOOD)
    canvas.box((140, 616, 1370, 624), "#efc890")
    for _ in range(26):
        x, y = 160 + canvas.rng.random() * 1100, 572 + canvas.rng.random() * 40
        canvas.line([(x, y), (x + 50 + canvas.rng.random() * 120, y + 1)], DARK_WOOD, 1.6, 0.35)
    for x in range(330, 1300, 90):
        canvas.oval((x, 606), (9, 4), "#7a4e24")
    canvas.box((1290, 592, 1420, 676), "#a9713a")
    canvas.box((1290, 592, 1420, 602), "#e2b277")
    canvas.line([(1358, 634), (1470, 634)], STEEL, 13)
    canvas.line([(1470, 590), (1470, 678)], "#d9a864", 12)
    canvas.polygon([(420, 548), (1060, 548), (1084, 576), (396, 576)], "#f3d3a0")
    canvas.box((396, 576, 1084, 592), "#d9a864")


def _plane(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    canvas.polygon([(x - 120, y), (x - 112, y - 44), (x + 130, y - 44), (x + 142, y)], DARK_WOOD)
    canvas.polygon([(x - 120, y), (x - 117, y - 12), (x + 139, y - 12), (x + 142, y)], "#5f3a18")
    canvas.polygon([(x - 6, y - 40), (x + 46, y - 118), (x + 64, y - 110), (x + 30, y - 40)], STEEL)
    canvas.polygon([(x + 30, y - 44), (x + 56, y - 84), (x + 76, y - 72), (x + 60, y - 44)], RUST)
    canvas.line(spline(trace("-86,-44 -98,-84 -72,-104 -52,-80 -58,-44", foot)), DARK_WOOD, 16)
    canvas.disc((x + 106, y - 62), 20, "#a9713a")
    canvas.line(spline(trace("40,-112 76,-150 130,-140 128,-104 96,-102 98,-126 120,-124", foot)), "#f3d3a0", 10)


def _clamp(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    canvas.line([(x, y - 150), (x, y + 52)], STEEL, 13)
    canvas.line([(x, y - 144), (x + 86, y - 144)], "#3c5a60", 17)
    canvas.line([(x, y - 58), (x + 86, y - 58)], "#3c5a60", 17)
    canvas.line([(x + 78, y - 78), (x + 78, y - 6)], STEEL, 9)
    canvas.pill((x + 66, y - 132, x + 92, y - 74), 9, RUST)


def _curl(canvas: Canvas, place: Point, size: float) -> None:
    turns = [step / 10 for step in range(32)]
    curve = [
        (place[0] + size * (1 - t / 4.4) * math.cos(t * 2.4), place[1] + size * (1 - t / 4.4) * math.sin(t * 2.4) * 0.8)
        for t in turns
    ]
    canvas.line(curve, "#f6dcae", size * 0.3)
    canvas.line(curve[:20], "#d9a864", size * 0.1)
