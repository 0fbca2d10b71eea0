"""The observatory at night."""

import math

from PIL import Image

from pictures.canvas import AMBER, LAMP, RUST, WIDE, Canvas, Point, trace
from pictures.scenery import arched, bow_points, fir, hills, person, town


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
    bow = bow_points(centre, (radius, radius), 60)
    canvas.shade(bow, ["#f4efe2", "#b9c4c0"])
    canvas.fade([(x + 30, y), *bow[34:]], "#1a3d4e", 0.2, 0.5)
    for share in (0.32, 0.64):
        canvas.line(bow_points(centre, (radius * share, radius), 60)[:31], "#8fa3a3", 2.4)
    canvas.shade(trace("26,-2 32,-120 58,-172 96,-150 84,-90 82,-2", centre), ["#0d2233", AMBER])
    canvas.line(trace("46,-40 92,-176", centre), "#22404f", 24)
    canvas.line(trace("80,-142 96,-188", centre), "#35596a", 32)
    canvas.box((x - radius - 6, y - 4, x + radius + 6, y + 16), "#5b7278")
    arched(canvas, (x - 30, y + 52, x + 30, 706), LAMP)
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
