"""Bicycles under a roof before sunrise."""

import math

from PIL import Image

from pictures.canvas import INK, RUST, WIDE, Canvas, Point, trace

STEEL = "#8fa3a3"


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
