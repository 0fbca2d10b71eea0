"""The canal with its cycle path."""

import math

from PIL import Image

from pictures.canvas import CREAM, INK, RUST, SKIN, TEAL, WIDE, Canvas, Point, mix, trace
from pictures.scenery import bow_points, chimney, cloud, hills, poplar, round_tree, town


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
    canvas.polygon(bow_points((head[0], head[1] - 3 * scale), (17 * scale, 16 * scale)), CREAM)
