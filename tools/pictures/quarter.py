"""The timber quarter in the park."""

from collections.abc import Sequence

from PIL import Image

from pictures.canvas import AMBER, CREAM, INK, RUST, TEAL, WIDE, Canvas, Point, between, mix, spline
from pictures.scenery import cloud, fir, hills, person, round_tree


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
