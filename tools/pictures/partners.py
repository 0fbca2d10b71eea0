"""Signs of invented partners: a mark and a name, transparent around them."""

from PIL import Image, ImageChops, ImageDraw, ImageFont

from pictures.canvas import AMBER, INK, RUST, TEAL, ZOOM, Canvas, trace

TALL = 160
MARGIN = 8


def sign(name: str, mark: Image.Image) -> Image.Image:
    """Return the mark with the name beside it."""
    font = ImageFont.load_default(64 * ZOOM)
    left, top, right, bottom = font.getbbox(name)
    wide = 176 * ZOOM + round(right - left) + MARGIN * ZOOM
    picture = Image.new("RGBA", (wide, TALL * ZOOM), (255, 255, 255, 0))
    picture.paste(mark, (0, 0), mark)
    place = (176 * ZOOM - left, TALL * ZOOM / 2 - (top + bottom) / 2)
    ImageDraw.Draw(picture).text(place, name, fill=INK, font=font, stroke_width=ZOOM, stroke_fill=INK)
    return picture.resize((wide // ZOOM, TALL), Image.Resampling.LANCZOS)


def cut_out(canvas: Canvas) -> Image.Image:
    """Return what was drawn on white without the white."""
    picture = canvas.image.convert("RGBA")
    darkest = canvas.image.convert("RGB").split()
    picture.putalpha(_lowest(darkest).point([255 - value if value > 250 else 255 for value in range(256)]))
    return picture


def _lowest(bands: tuple[Image.Image, ...]) -> Image.Image:
    return ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2])


def _blank() -> Canvas:
    return Canvas((TALL, TALL), ["#ffffff", "#ffffff"])


def timber_coop() -> Image.Image:
    """Draw three roofs in a row."""
    canvas = _blank()
    for x, colour in ((8, "#6b8f3a"), (52, "#8fae4c"), (96, RUST)):
        canvas.polygon(trace("0,62 28,30 56,62 56,136 0,136", (x, 0)), colour)
    return sign("Uhlenhof", cut_out(canvas))


def paint_works() -> Image.Image:
    """Draw a drop of paint in a ring."""
    canvas = _blank()
    canvas.ring((80, 80), 68, RUST, 14)
    canvas.polygon(trace("80,34 108,84 52,84"), AMBER)
    canvas.disc((80, 92), 30, AMBER)
    return sign("Ostkamp", cut_out(canvas))


def star_hill() -> Image.Image:
    """Draw a dome under a star."""
    canvas = _blank()
    canvas.disc((80, 116), 56, "#3b4a8c")
    canvas.box((20, 116, 140, 180), "#ffffff")
    canvas.box((12, 118, 148, 134), "#3b4a8c")
    canvas.line(trace("80,116 112,58"), "#ffffff", 9)
    canvas.polygon(trace("112,8 118,28 138,34 118,40 112,60 106,40 86,34 106,28"), AMBER)
    return sign("Ahlsberg", cut_out(canvas))


def surface_lab() -> Image.Image:
    """Draw three layers that lie on each other."""
    canvas = _blank()
    for y, colour in ((96, INK), (66, TEAL), (36, "#4fb3b0")):
        canvas.polygon([(80, y - 28), (150, y), (80, y + 28), (10, y)], colour)
    return sign("Grenzlab", cut_out(canvas))
