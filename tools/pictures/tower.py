"""The winding tower at dusk."""

from PIL import Image

from pictures.canvas import INK, LAMP, WIDE, Canvas, spline
from pictures.scenery import arched, chimney, cloud, hills, lattice, town, wheel


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
        arched(canvas, (x, 746, x + 24, 792), LAMP)
    canvas.box((884, 744, 1136, ground + 10), INK)
    canvas.polygon([(872, 748), (900, 716), (1120, 716), (1148, 748)], INK)
    for x in range(908, 1120, 44):
        canvas.box((x, 762, x + 22, 786), LAMP, 0.92)
