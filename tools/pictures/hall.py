"""The machine hall."""

import math

from PIL import Image

from pictures.canvas import AMBER, INK, RUST, WIDE, Canvas
from pictures.scenery import arched, person


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
    arched(canvas, (left - 14, top - 14, right + 14, foot + 8), "#173740")
    arched(canvas, (left, top, right, foot), "#ffd488")
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
