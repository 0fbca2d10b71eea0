"""The canvas, the colours and the curves that every picture is drawn with."""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw

Point = tuple[float, float]
Path2D = Sequence[Point]

ZOOM = 3
WIDE = (1600, 900)

INK = "#14262c"
TEAL = "#0b5563"
AMBER = "#f2a33a"
RUST = "#b4530a"
CREAM = "#fdf1da"
PEN = "#14283f"
SKIN = "#e9bd96"
LAMP = "#ffcf7d"
GLASS = "#12434d"


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies ``share`` of the way from first to second."""
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def between(start: Point, end: Point, share: float) -> Point:
    """Return the point that lies ``share`` of the way from start to end."""
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def trace(text: str, origin: Point = (0, 0)) -> list[Point]:
    """Read an outline such as ``"3,4 5,-6"``, seen from the origin."""
    pairs = (pair.split(",") for pair in text.split())
    return [(origin[0] + float(x), origin[1] + float(y)) for x, y in pairs]


def ramp(size: tuple[int, int], stops: Sequence[str]) -> Image.Image:
    """Return a picture that runs from the first colour at the top to the last."""
    width, height = size
    column = Image.new("RGB", (1, height))
    for row in range(height):
        place = row / max(1, height - 1) * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        colour = mix(stops[index], stops[index + 1], place - index)
        column.putpixel((0, row), ImageColor.getrgb(colour))
    return column.resize((width, height))


class Canvas:
    """A picture in the making, addressed in the coordinates of the finished one."""

    def __init__(self, size: tuple[int, int], stops: Sequence[str], seed: int = 1) -> None:
        self.size = size
        self.image = ramp((size[0] * ZOOM, size[1] * ZOOM), stops)
        self.rng = Random(seed)

    def _draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image, "RGBA")

    def polygon(self, points: Path2D, colour: str, opacity: float = 1) -> None:
        """Fill the area inside the points."""
        self._draw().polygon(enlarge(points), fill=paint(colour, opacity))

    def shade(self, points: Path2D, stops: Sequence[str], opacity: float = 1) -> None:
        """Fill the area inside the points with colours running downwards."""
        large = enlarge(points)
        left, top = (int(min(axis)) for axis in zip(*large, strict=True))
        right, bottom = (int(max(axis)) + 1 for axis in zip(*large, strict=True))
        mask = Image.new("L", (right - left, bottom - top))
        moved = [(x - left, y - top) for x, y in large]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * opacity))
        self.image.paste(ramp(mask.size, stops), (left, top), mask)

    def fade(self, points: Path2D, colour: str, start: float, end: float) -> None:
        """Fill the area with one colour whose opacity changes from top to bottom."""
        large = enlarge(points)
        left, top = (int(min(axis)) for axis in zip(*large, strict=True))
        right, bottom = (int(max(axis)) + 1 for axis in zip(*large, strict=True))
        grey = [mix("#000000", "#ffffff", share) for share in (start, end)]
        shape = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(shape).polygon([(x - left, y - top) for x, y in large], fill=255)
        mask = ImageChops.multiply(ramp(shape.size, grey).convert("L"), shape)
        self.image.paste(ImageColor.getrgb(colour), (left, top, right, bottom), mask)

    def box(self, corners: Sequence[float], colour: str, opacity: float = 1) -> None:
        """Fill a rectangle given by left, top, right, bottom."""
        left, top, right, bottom = corners
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour, opacity)

    def pill(self, corners: Sequence[float], radius: float, colour: str, opacity: float = 1) -> None:
        """Fill a rectangle with round corners."""
        large = [value * ZOOM for value in corners]
        self._draw().rounded_rectangle(large, radius * ZOOM, fill=paint(colour, opacity))

    def oval(self, centre: Point, radii: Point, colour: str, opacity: float = 1) -> None:
        """Fill an ellipse."""
        self._draw().ellipse(bounds(centre, radii), fill=paint(colour, opacity))

    def disc(self, centre: Point, radius: float, colour: str, opacity: float = 1) -> None:
        """Fill a circle."""
        self.oval(centre, (radius, radius), colour, opacity)

    def ring(self, centre: Point, radius: float, colour: str, width: float, opacity: float = 1) -> None:
        """Draw a circle's outline."""
        self.arc(centre, radius, (0, 360), colour, width, opacity)

    def arc(
        self, centre: Point, radius: float, span: tuple[float, float], colour: str, width: float, opacity: float = 1
    ) -> None:
        """Draw the part of a circle between two angles in degrees."""
        box = bounds(centre, (radius, radius))
        stroke = max(1, round(width * ZOOM))
        self._draw().arc(box, *span, fill=paint(colour, opacity), width=stroke)

    def line(self, points: Path2D, colour: str, width: float, opacity: float = 1) -> None:
        """Draw a line with round joints and, where it is opaque, round ends."""
        stroke = max(1, round(width * ZOOM))
        self._draw().line(enlarge(points), fill=paint(colour, opacity), width=stroke, joint="curve")
        if opacity == 1:
            for end in (points[0], points[-1]):
                self.disc(end, width / 2, colour)

    def glow(self, centre: Point, radius: float, colour: str, strength: float) -> None:
        """Lay light around a point that fades towards the radius."""
        side = round(2 * radius * ZOOM)
        fall = Image.radial_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
        mask = fall.point([round(max(0, 1 - i / 180) ** 2 * 255 * strength) for i in range(256)])
        corner = (round((centre[0] - radius) * ZOOM), round((centre[1] - radius) * ZOOM))
        self.image.paste(Image.new("RGB", mask.size, colour), corner, mask)

    def finish(self, grain: int = 5) -> Image.Image:
        """Scale down to the final size; a trace of grain keeps gradients from banding."""
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        noise = Image.frombytes("L", self.size, self.rng.randbytes(self.size[0] * self.size[1]))
        layer = noise.point([round(i / 255 * grain) for i in range(256)])
        bright = ImageChops.add(small, Image.merge("RGB", [layer] * 3))
        return ImageChops.subtract(bright, Image.new("RGB", self.size, (grain // 2,) * 3))


def paint(colour: str, opacity: float) -> tuple[int, int, int, int]:
    """Return the colour with its opacity as four numbers."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return (red, green, blue, round(255 * opacity))


def enlarge(points: Path2D) -> list[Point]:
    """Return the points in the coordinates of the enlarged picture."""
    return [(x * ZOOM, y * ZOOM) for x, y in points]


def bounds(centre: Point, radii: Point) -> list[float]:
    """Return the enlarged box around an ellipse."""
    (x, y), (across, down) = centre, radii
    return [(x - across) * ZOOM, (y - down) * ZOOM, (x + across) * ZOOM, (y + down) * ZOOM]


def spline(points: Path2D, steps: int = 24) -> list[Point]:
    """Return a smooth curve through the points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for index in range(len(points) - 1):
        four = padded[index : index + 4]
        curve += [
            (_bend([p[0] for p in four], step / steps), _bend([p[1] for p in four], step / steps))
            for step in range(steps)
        ]
    return [*curve, points[-1]]


def _bend(values: Sequence[float], t: float) -> float:
    a, b, c, d = values
    cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    return (cubic + (3 * b - a - 3 * c + d) * t**3) / 2
