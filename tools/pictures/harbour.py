"""The harbour."""

import math

from PIL import Image

from pictures.canvas import AMBER, CREAM, INK, RUST, TEAL, WIDE, Canvas, Point
from pictures.scenery import cloud, hills, lattice, town


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
