"""A vaulted cellar with a heat pump."""

import math

from PIL import Image

from pictures.canvas import AMBER, CREAM, INK, RUST, TEAL, WIDE, Canvas, Path2D, Point, mix, trace
from pictures.scenery import arched


def cable_cellar() -> Image.Image:
    """Draw a vaulted cellar where two pipes lead to a heat pump."""
    canvas = Canvas(WIDE, ["#d9d2c3", "#e9e2d2", "#cfc4b0"], seed=113)
    _vault(canvas)
    canvas.shade([(0, 742), (1600, 742), (1600, 900), (0, 900)], ["#9b8f7d", "#6a6258"])
    canvas.box((0, 736, 1600, 746), "#8a7f6e")
    canvas.oval((1130, 812), (330, 26), INK, 0.35)
    _pipe(canvas, trace("-20,300 560,300 560,520 900,520"), "#c2452d")
    _pipe(canvas, trace("-20,420 440,420 440,640 900,640"), "#2f6f9f")
    _heat_pump(canvas)
    _cable_rack(canvas)
    for x in (360, 1130):
        _lamp(canvas, (x, 150))
    return canvas.finish()


def _vault(canvas: Canvas) -> None:
    for number in range(4):
        centre = (180 + number * 420, 420.0)
        arched(canvas, (centre[0] - 200, 130, centre[0] + 200, 742), "#c9bea9", 0.55)
        arched(canvas, (centre[0] - 176, 174, centre[0] + 176, 742), "#f0eadb", 0.75)
    for _ in range(420):
        x, y = canvas.rng.uniform(0, 1600), canvas.rng.uniform(0, 736)
        canvas.oval((x, y), (canvas.rng.uniform(6, 26), canvas.rng.uniform(2, 6)), "#8f8470", 0.06)
    for number in range(5):
        x = -30 + number * 420
        canvas.shade([(x - 34, 300), (x + 34, 300), (x + 34, 742), (x - 34, 742)], ["#d3c8b4", "#a99d88"])
        canvas.box((x - 46, 716, x + 46, 742), "#8f8470")


def _pipe(canvas: Canvas, path: Path2D, colour: str) -> None:
    canvas.line([(x + 12, y + 26) for x, y in path], "#6a6258", 34, 0.22)
    canvas.line(path, mix(colour, INK, 0.35), 42)
    canvas.line([(x, y - 3) for x, y in path], colour, 34)
    canvas.line([(x, y - 10) for x, y in path], mix(colour, "#ffffff", 0.4), 6)
    for x, y in path[1:-1]:
        canvas.disc((x, y), 31, mix(colour, INK, 0.45))
        canvas.disc((x, y), 23, colour)
    (x, y), (end, _) = path[-2], path[-1]
    for flange in (x + 110, end - 30):
        canvas.pill((flange - 11, y - 36, flange + 11, y + 36), 5, mix(colour, INK, 0.55))


def _heat_pump(canvas: Canvas) -> None:
    canvas.box((900, 768, 1370, 806), "#4e4a43")
    canvas.pill((880, 400, 1390, 776), 26, "#0d3d48")
    canvas.pill((880, 400, 1390, 764), 26, TEAL)
    canvas.pill((906, 426, 1364, 520), 14, "#0d3d48")
    for number in range(12):
        y = 580 + number * 14
        canvas.line([(1180, y), (1340, y)], "#0a3640", 5)
    centre = (1030.0, 650.0)
    canvas.disc(centre, 92, "#0a3640")
    canvas.disc(centre, 80, CREAM)
    for step in range(11):
        angle = math.radians(150 + step * 24)
        inner, outer = (58, 70) if step % 5 else (50, 70)
        ends = [(centre[0] + r * math.cos(angle), centre[1] + r * math.sin(angle)) for r in (inner, outer)]
        canvas.line(ends, INK, 4)
    canvas.arc(centre, 66, (270, 342), "#c2452d", 9)
    needle = math.radians(302)
    canvas.line([centre, (centre[0] + 56 * math.cos(needle), centre[1] + 56 * math.sin(needle))], RUST, 7)
    canvas.disc(centre, 11, INK)
    for number, colour in enumerate(("#7fd08a", AMBER, "#3d818c")):
        canvas.disc((944 + number * 46, 474), 13, colour)
    for number in range(3):
        canvas.pill((1150, 448 + number * 20, 1330 - number * 44, 458 + number * 20), 5, "#7fd0c0", 0.8)
    canvas.line(trace("1270,400 1270,250 1640,250"), "#a3542b", 40)
    canvas.line(trace("1270,394 1270,243 1640,243"), "#d9894f", 8)


def _cable_rack(canvas: Canvas) -> None:
    for row in range(3):
        y = 70 + row * 30
        canvas.box((0, y, 1600, y + 5), "#5a5348", 0.75)
        for cable in range(3):
            wave = [(x, y - 6 - cable * 6 + 3 * math.sin(x / 130 + row + cable)) for x in range(-20, 1640, 40)]
            canvas.line(wave, ("#2e2b27", "#574636", "#3f4a4a")[cable], 6)
    for x in range(90, 1600, 280):
        canvas.line([(x, 0), (x, 138)], "#5a5348", 7)


def _lamp(canvas: Canvas, place: Point) -> None:
    x, y = place
    canvas.glow((x, y + 90), 300, "#fff3c4", 0.75)
    canvas.line([(x, 0), (x, y)], INK, 4)
    canvas.polygon([(x - 62, y + 40), (x - 24, y), (x + 24, y), (x + 62, y + 40)], "#37535a")
    canvas.oval((x, y + 41), (52, 11), "#fff6d6")
