"""Draw the pictures inside the articles of the sample newsletter.

Run ``python tools/draw_story_pictures.py`` from anywhere. The brushes are those
of ``draw_pictures``: the same Pillow draws the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from draw_pictures import AMBER, CREAM, INK, ROOT, RUST, TEAL, WIDE, Canvas, Path2D, Point, mix, spline, trace
from PIL import Image

WOOD = "#c98f4e"
DARK_WOOD = "#8a5a2b"
STEEL = "#8fa3a3"


def bow(centre: Point, radius: float, steps: int = 40) -> list[Point]:
    """Return the upper half of a circle, from left to right."""
    turns = (math.pi + math.pi * step / steps for step in range(steps + 1))
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


def arched(canvas: Canvas, corners: tuple[float, float, float, float], colour: str, opacity: float = 1) -> None:
    """Fill a box whose top is half a circle; the corners' top is where the straight sides begin."""
    left, top, right, bottom = corners
    rise = bow(((left + right) / 2, top), (right - left) / 2)
    canvas.polygon([(left, bottom), *rise, (right, bottom)], colour, opacity)


# --- Workbench --------------------------------------------------------------


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
    arched(canvas, (left - 22, 250, right + 22, foot + 12), "#3b2417")
    arched(canvas, (left, 250, right, foot), "#ffdb96")
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


# --- Cellar with the heat pump ----------------------------------------------


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
        arched(canvas, (centre[0] - 200, 330, centre[0] + 200, 742), "#c9bea9", 0.55)
        arched(canvas, (centre[0] - 176, 350, centre[0] + 176, 742), "#f0eadb", 0.75)
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


# --- Bicycle shed at the works gate -----------------------------------------


def bicycle_shed() -> Image.Image:
    """Draw seven bicycles under a roof before sunrise."""
    canvas = Canvas(WIDE, ["#16304a", "#35556f", "#a2716a", "#f0a872"], seed=127)
    for _ in range(46):
        star = (canvas.rng.uniform(0, 1600), canvas.rng.uniform(0, 250))
        canvas.disc(star, canvas.rng.uniform(0.8, 2), "#fff3d6", 0.75)
    canvas.glow((1320, 560), 520, "#ffd09a", 0.55)
    _works(canvas)
    canvas.shade([(0, 700), (1600, 700), (1600, 900), (0, 900)], ["#3c464c", "#20292f"])
    _shed(canvas)
    coats = ("#b4530a", "#2f7f78", "#e8dcc0", "#8a3b4a", "#f2a33a", "#5f8fa8", "#d9d2c3")
    for number, colour in enumerate(coats):
        _bicycle(canvas, (270 + number * 160, 800), 1.12, colour)
    _path(canvas)
    return canvas.finish()


def _works(canvas: Canvas) -> None:
    roofs = [
        (0, 560),
        *((60 + n * 150 + shift, 560 - rise) for n in range(6) for shift, rise in ((0, 0), (0, 96), (150, 0))),
    ]
    canvas.polygon([*roofs, (960, 720), (0, 720)], "#243a47")
    canvas.box((0, 556, 1010, 720), "#243a47")
    for number in range(13):
        lit = canvas.rng.random() < 0.6
        canvas.box((44 + number * 74, 600, 84 + number * 74, 640), "#ffcf7d" if lit else "#3d5a66")
    for x, height in ((1090, 330), (1210, 390)):
        canvas.shade(
            [(x - 22, 720), (x - 14, 720 - height), (x + 14, 720 - height), (x + 22, 720)], ["#5c4a4a", "#33424c"]
        )
        canvas.box((x - 16, 730 - height, x + 16, 746 - height), RUST)
        for puff in range(7):
            place = (x + puff * 26, 704 - height - puff * 20)
            canvas.disc(place, 16 + puff * 5, "#f6d9c4", 0.16)
    canvas.box((1300, 600, 1600, 720), "#2b4250")
    for x in range(1330, 1590, 46):
        canvas.line([(x, 600), (x, 720)], "#4b6a78", 5)


def _shed(canvas: Canvas) -> None:
    for x in (150, 800, 1450):
        canvas.box((x - 9, 470, x + 9, 812), "#5b7079")
        canvas.box((x - 9, 470, x - 3, 812), "#8fa3a3")
    canvas.polygon([(90, 440), (1510, 400), (1540, 436), (70, 482)], "#7d929a")
    canvas.polygon([(70, 482), (1540, 436), (1540, 450), (70, 498)], "#33454e")
    for x in (330, 640, 960, 1270):
        y = 478 - (x - 70) * 0.03
        canvas.glow((x, y + 120), 250, "#ffdf9a", 0.55)
        canvas.pill((x - 46, y, x + 46, y + 12), 6, "#fff3cf")
    canvas.line([(150, 806), (1450, 806)], "#8fa3a3", 8)


def _bicycle(canvas: Canvas, foot: Point, scale: float, colour: str) -> None:
    x, y = foot
    canvas.oval((x, y + 6), (96 * scale, 7 * scale), INK, 0.4)
    for side in (-52, 52):
        hub = (x + side * scale, y - 40 * scale)
        canvas.ring(hub, 40 * scale, "#11191d", 6 * scale)
        canvas.ring(hub, 34 * scale, STEEL, 2 * scale)
        for spoke in range(6):
            turn = math.pi * spoke / 6 + side
            reach = (34 * scale * math.cos(turn), 34 * scale * math.sin(turn))
            canvas.line([(hub[0] - reach[0], hub[1] - reach[1]), (hub[0] + reach[0], hub[1] + reach[1])], STEEL, 1, 0.7)
        canvas.disc(hub, 6 * scale, STEEL)

    def tube(text: str, paint: str, width: float) -> None:
        canvas.line([(x + a * scale, y + b * scale) for a, b in trace(text)], paint, width * scale)

    tube("-52,-40 -8,-42 34,-104 -20,-98 -52,-40", colour, 7)
    tube("-8,-42 -24,-112", colour, 7)
    tube("52,-40 32,-118", colour, 7)
    tube("-42,-116 -8,-114", "#11191d", 10)
    tube("32,-118 22,-132 50,-136", "#11191d", 6)
    canvas.disc((x - 8 * scale, y - 42 * scale), 13 * scale, "#11191d")
    canvas.disc((x + 50 * scale, y - 112 * scale), 7 * scale, "#fff3cf")


def _path(canvas: Canvas) -> None:
    canvas.polygon([(0, 850), (1600, 828), (1600, 846), (0, 872)], "#c9b68a", 0.5)
    for number in range(9):
        left = 40 + number * 180
        canvas.polygon([(left, 884), (left + 90, 882), (left + 90, 889), (left, 891)], "#e8dcc0", 0.5)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "issues/2026-11/hobelbank.jpg": workbench,
    "issues/2026-11/waermepumpe.jpg": cable_cellar,
    "issues/2026-11/radhaus.jpg": bicycle_shed,
}


def main() -> None:
    """Write every picture."""
    for name, draw in PICTURES.items():
        draw().save(ROOT / name, quality=85, optimize=True)


if __name__ == "__main__":
    main()
