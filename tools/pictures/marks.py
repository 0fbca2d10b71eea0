"""The signature and the newsletter's mark."""

import math
from itertools import pairwise

from PIL import Image, ImageDraw

from pictures.canvas import AMBER, CREAM, PEN, ZOOM, Canvas, Path2D, bounds, spline, trace

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
