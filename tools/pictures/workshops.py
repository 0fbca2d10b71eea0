"""Three workshops in the machine hall: the bench, the organ pipes, the heat pump."""

import math

from PIL import Image

from pictures.canvas import AMBER, CREAM, INK, RUST, TEAL, Canvas, Point, mix, spline, trace
from pictures.scenery import wheel

SMALL = (1200, 800)


def bench() -> Image.Image:
    """Draw a plane on a workbench that lifts a curl of wood."""
    canvas = Canvas(SMALL, ["#f3dcb4", "#e3ba82", "#c98f55"], seed=101)
    canvas.glow((860, 150), 520, "#fff4d6", 0.8)
    _tools(canvas)
    canvas.shade([(0, 560), (1200, 560), (1200, 800), (0, 800)], ["#9a6233", "#6b3f1f"])
    canvas.box((0, 548, 1200, 572), "#b97a42")
    for number in range(9):
        y = 590 + 24 * number
        grain = [(x, y + 6 * math.sin(x / 190 + number)) for x in range(0, 1210, 30)]
        canvas.line(grain, "#54301a", 2, 0.35)
    canvas.shade([(150, 500), (1050, 500), (1050, 552), (150, 552)], ["#f0cf9a", "#d6a768"])
    canvas.box((150, 496, 560, 503), "#fbe6bd")
    canvas.oval((690, 556), (250, 12), INK, 0.3)
    _plane(canvas)
    for turn, radius in ((0.0, 66), (0.9, 44), (1.7, 28)):
        canvas.arc((486, 424), radius, (20 + 60 * turn, 330 + 60 * turn), "#f8dcab", 13)
        canvas.arc((486, 424), radius - 5, (20 + 60 * turn, 330 + 60 * turn), "#d6a768", 3)
    for centre, radius in (((240, 602), 34), ((330, 640), 24), ((980, 630), 30)):
        canvas.arc(centre, radius, (150, 480), "#f3d29c", 10)
        canvas.arc(centre, radius * 0.55, (0, 300), "#e0b276", 8)
    return canvas.finish()


def _tools(canvas: Canvas) -> None:
    canvas.pill((90, 96, 1110, 126), 10, "#8a5a2c")
    for x, length in ((190, 190), (290, 220), (390, 170)):
        canvas.pill((x - 15, 120, x + 15, 120 + length * 0.52), 12, RUST)
        canvas.box((x - 9, 120 + length * 0.5, x + 9, 120 + length), "#5d6f75")
        canvas.polygon([(x - 9, 120 + length), (x + 9, 120 + length), (x + 9, 138 + length)], "#5d6f75")
    canvas.box((566, 110, 588, 236), "#8a5a2c")
    canvas.pill((506, 206, 648, 274), 14, "#5a3519")
    canvas.pill((506, 206, 648, 228), 10, "#6b3f1f")
    canvas.polygon(trace("780,120 806,120 806,226 896,226 896,242 780,242"), "#7c8d92")
    canvas.box((776, 112, 810, 180), "#5a3519")
    canvas.ring((1030, 220), 56, "#3f5258", 16)
    canvas.line(trace("1030,126 1030,164"), "#3f5258", 8)


def _plane(canvas: Canvas) -> None:
    canvas.polygon(trace("500,496 880,496 880,430 832,404 560,404 500,452"), "#6b3f1f")
    canvas.polygon(trace("500,496 880,496 880,478 500,478"), "#3f2512")
    canvas.polygon(trace("560,404 832,404 846,412 548,414"), "#9a6233")
    canvas.polygon(trace("640,404 700,404 660,290 634,290"), "#c3ced0")
    canvas.polygon(trace("640,404 664,404 644,290 634,290"), "#e4ecec")
    canvas.polygon(trace("668,404 722,404 694,340"), "#54301a")
    canvas.polygon(spline(trace("752,406 750,356 772,322 822,314 838,328 826,342 800,350 792,406")), "#54301a")
    canvas.disc((560, 384), 30, "#54301a")
    canvas.disc((552, 374), 10, "#8a5a2c")


def organ() -> Image.Image:
    """Draw organ pipes in the warm light of a workshop."""
    canvas = Canvas(SMALL, ["#12343d", "#1d4b55", "#2e6a70"], seed=103)
    canvas.glow((600, 360), 640, "#ffd48a", 0.55)
    for number in range(13):
        offset = abs(number - 6)
        place = (114 + 81 * number, 640.0)
        _pipe(canvas, place, 545 - 46 * offset - (18 if number % 2 else 0), 33 - 1.2 * offset)
    canvas.shade([(60, 628), (1140, 628), (1140, 700), (60, 700)], ["#a5652f", "#6b3f1f"])
    canvas.box((60, 620, 1140, 636), "#c98a4b")
    canvas.shade([(0, 700), (1200, 700), (1200, 800), (0, 800)], ["#0f2a31", "#0a1d23"])
    for x in range(100, 1120, 72):
        canvas.disc((x, 664), 11, "#4a2913")
        canvas.disc((x - 3, 661), 5, "#d9a566")
    return canvas.finish()


def _pipe(canvas: Canvas, foot: Point, height: float, half: float) -> None:
    x, y = foot
    top, mouth = y - height, y - 116
    canvas.polygon([(x - 9, y), (x + 9, y), (x + half, mouth + 20), (x - half, mouth + 20)], "#93a4a8")
    for share in range(12):
        left = x - half + 2 * half * share / 12
        light = math.sin(math.pi * (share + 0.8) / 13) ** 1.6
        canvas.box((left, top, left + half / 6 + 0.7, mouth + 20), mix("#5d7278", "#f4efdf", light))
    canvas.oval((x, top), (half, half * 0.28), "#2b444b")
    canvas.polygon([(x - half * 0.7, mouth), (x + half * 0.7, mouth), (x, mouth - 74)], "#b7c2c2")
    canvas.box((x - half * 0.7, mouth - 2, x + half * 0.7, mouth + 10), "#14262c")


def heat_pump() -> Image.Image:
    """Draw the heat pump between the pipes of the cable cellar."""
    canvas = Canvas(SMALL, ["#20444c", "#2f5f66", "#3f767a"], seed=107)
    for row in range(9):
        for column in range(-1, 13):
            left, top = column * 104 + (row % 2) * 52, row * 68
            canvas.pill((left + 3, top + 3, left + 101, top + 65), 6, "#1c3d45", 0.45)
    canvas.shade([(0, 640), (1200, 640), (1200, 800), (0, 800)], ["#4a5a5b", "#26353a"])
    canvas.glow((620, 120), 460, "#ffe2a6", 0.6)
    for shift, colour in ((0, RUST), (64, TEAL)):
        canvas.line([(-20, 150 + shift), (330 - shift, 150 + shift), (330 - shift, 470)], mix(colour, INK, 0.3), 40)
        canvas.line([(-20, 144 + shift), (324 - shift, 144 + shift), (324 - shift, 470)], mix(colour, CREAM, 0.25), 12)
    canvas.line([(900, 470), (900, 210), (1220, 210)], mix(RUST, INK, 0.2), 40)
    canvas.line([(894, 470), (894, 204), (1220, 204)], mix(RUST, CREAM, 0.3), 12)
    for x in (112, 1060):
        canvas.box((x - 14, 118, x + 14, 250), "#c3ced0")
    canvas.oval((610, 690), (470, 22), INK, 0.4)
    canvas.pill((210, 380, 1010, 680), 26, "#eef2ec")
    canvas.pill((210, 560, 1010, 680), 26, "#cfdad6")
    canvas.box((210, 560, 1010, 600), "#cfdad6")
    canvas.disc((420, 520), 108, "#173740")
    wheel(canvas, (420, 520), 92, "#7fb3b0", 8)
    _gauges(canvas)
    return canvas.finish()


def _gauges(canvas: Canvas) -> None:
    for x, angle, colour in ((660, -2.3, TEAL), (790, -1.2, AMBER), (920, -0.8, RUST)):
        canvas.disc((x, 470), 50, INK)
        canvas.disc((x, 470), 42, "#fbf7ec")
        canvas.arc((x, 470), 33, (150, 390), colour, 7)
        canvas.line([(x, 470), (x + 27 * math.cos(angle), 470 + 27 * math.sin(angle))], INK, 5)
        canvas.disc((x, 470), 6, INK)
    canvas.pill((620, 560, 960, 626), 12, "#12343d")
    wave = [(640 + x, 594 - 18 * math.sin(x / 26) * math.exp(-x / 260)) for x in range(0, 300, 6)]
    canvas.line(wave, AMBER, 5)
