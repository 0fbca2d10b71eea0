"""Portraits."""

from PIL import Image

from pictures.canvas import AMBER, INK, RUST, TEAL, Canvas, mix, spline, trace


def portrait() -> Image.Image:
    """Draw a woman with glasses and a dark bob."""
    canvas = Canvas((480, 480), ["#cfe6e2", "#8fc4c2"], seed=83)
    canvas.disc((400, 110), 150, "#f7d9a4", 0.55)
    canvas.disc((70, 380), 130, TEAL, 0.18)
    hair, skin = "#3b2a2a", "#eec3a0"
    _bob(canvas, hair)
    _shoulders(canvas, skin)
    _face(canvas, skin)
    _fringe(canvas, hair)
    _glasses(canvas)
    return canvas.finish(grain=4)


def _bob(canvas: Canvas, hair: str) -> None:
    half = trace("240,62 176,74 134,124 126,200 122,270 134,316 170,322 240,300")
    mirrored = [(480 - x, y) for x, y in reversed(half)]
    canvas.polygon(spline([*half, *mirrored[1:]]), hair)


def _shoulders(canvas: Canvas, skin: str) -> None:
    canvas.polygon(spline(trace("30,490 52,424 118,382 196,358 284,358 362,382 428,424 450,490")), TEAL)
    canvas.polygon(trace("198,352 282,352 300,376 240,470 180,376"), "#fbf3e4")
    canvas.shade(trace("206,290 274,290 276,360 240,400 204,360"), ["#d39d79", skin])
    lapel = trace("196,352 178,364 150,420 196,424 232,486 240,470")
    for side in (lapel, [(480 - x, y) for x, y in lapel]):
        canvas.polygon(side, mix(TEAL, INK, 0.35))
    canvas.disc((318, 446), 8, AMBER)


def _face(canvas: Canvas, skin: str) -> None:
    half = trace("240,96 186,112 160,164 160,222 176,276 210,316 240,324")
    mirrored = [(480 - x, y) for x, y in reversed(half)]
    canvas.polygon(spline([*half, *mirrored[1:]]), skin)
    for x in (186, 294):
        canvas.glow((x, 254), 26, "#e58f78", 0.5)
    canvas.line(spline(trace("240,208 233,240 236,250 248,251")), "#c98f6d", 4)
    canvas.polygon(spline(trace("208,274 226,280 240,281 254,280 272,274 258,290 240,295 222,290 208,274")), "#b24b48")
    canvas.line(spline(trace("206,273 226,279 240,280 254,279 274,273")), "#7f302f", 2.6)


def _fringe(canvas: Canvas, hair: str) -> None:
    left = "262,84 232,128 190,164 164,186 158,250 150,306 132,300 124,230 136,130 180,78 262,84"
    right = "254,82 276,124 306,158 318,190 322,250 330,306 348,300 356,230 344,130 308,80 254,82"
    for strand in (left, right):
        canvas.polygon(spline(trace(strand)), hair)
    for shine in ("250,78 212,110 172,140", "246,72 192,94 154,138", "282,86 312,118 334,158"):
        canvas.line(spline(trace(shine)), "#5d4340", 3.4)


def _glasses(canvas: Canvas) -> None:
    brown, red = "#3b2a2a", "#7a2f2a"
    for x in (204, 276):
        canvas.oval((x, 207), (14, 7.4), "#ffffff")
        canvas.disc((x, 207), 7.4, "#3c5a4c")
        canvas.disc((x, 207), 4, "#14201e")
        canvas.disc((x + 2.6, 204.4), 1.8, "#ffffff")
        canvas.line(spline(trace("-17,-1 -8,-7 8,-7 17,-1", (x, 206))), brown, 4.2)
        canvas.ring((x, 207), 30, red, 4.6)
    for brow in ("204,171 188,168 172,175", "276,171 292,168 308,175"):
        canvas.line(spline(trace(brow)), brown, 5)
    for wire in ("233,204 240,199 247,204", "174,202 160,196", "306,202 320,196"):
        canvas.line(spline(trace(wire)), red, 4.6)


def joiner() -> Image.Image:
    """Draw a woman with grey hair in a bun and a work shirt."""
    canvas = Canvas((480, 480), ["#f6dfb6", "#e0ae72"], seed=89)
    canvas.disc((90, 110), 140, "#fff3d6", 0.6)
    canvas.disc((420, 390), 120, RUST, 0.2)
    hair, skin = "#a9a39b", "#e3b08c"
    canvas.disc((240, 66), 42, mix(hair, INK, 0.2))
    canvas.oval((240, 176), (100, 116), mix(hair, INK, 0.15))
    canvas.polygon(spline(trace("34,490 58,420 126,384 200,360 280,360 354,384 422,420 446,490")), "#3f6f8a")
    canvas.shade(trace("206,290 274,290 278,362 240,398 202,362"), ["#c98f6d", skin])
    for side in (-1, 1):
        collar = trace("42,-8 76,14 40,62 0,38")
        canvas.polygon([(240 + side * x, 366 + y) for x, y in collar], "#2f5670")
    _face(canvas, skin)
    _parting(canvas, hair)
    _look(canvas)
    return canvas.finish(grain=4)


def _parting(canvas: Canvas, hair: str) -> None:
    half = trace("240,84 190,92 154,132 148,206 158,224 172,166 212,132 240,124")
    for side in (half, [(480 - x, y) for x, y in half]):
        canvas.polygon(spline(side), hair)
    for shine in ("236,96 196,108 168,148", "244,96 284,108 312,148"):
        canvas.line(spline(trace(shine)), "#cdc8c0", 4)


def _look(canvas: Canvas) -> None:
    for x in (206, 274):
        canvas.oval((x, 207), (13, 7), "#ffffff")
        canvas.disc((x, 207), 7, "#5a4632")
        canvas.disc((x + 2.4, 204.6), 1.8, "#ffffff")
        canvas.line(spline(trace("-16,-1 -8,-7 8,-7 16,-1", (x, 206))), "#4a3a30", 3.6)
        canvas.line(spline(trace("-18,4 0,-5 18,3", (x, 180))), "#8d867d", 5)
        canvas.line(spline(trace("-12,17 0,20 12,17", (x, 206))), "#c08863", 2.4)
