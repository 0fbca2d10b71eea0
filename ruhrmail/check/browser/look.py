"""What a browser saw of one mail or page, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ruhrmail.check.browser.forms import Form
from ruhrmail.check.browser.ink import Rect
from ruhrmail.check.sheet import Sheet
from ruhrmail.model.phrase import Phrase

Scheme = Literal["light", "dark"]
WIDTHS = (320, 375, 640)
"""Windows in pixels: a small telephone, a common one, a mail program on a desk."""
MIDDLE = 375
"""Where simulations are looked at."""


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at a mail or page: as what it is shown, in a window of so many pixels, light or dark."""

    form: Form
    width: int
    scheme: Scheme = "light"

    @property
    def name(self) -> str:
        """For a file: `375-dark`, `640-images-off`."""
        return f"{self.width}-{self.scheme if self.form == 'plain' else self.form}"


PLAIN = tuple(View("plain", width, scheme) for scheme in ("light", "dark") for width in WIDTHS)
SIMULATED = tuple(View(form, MIDDLE) for form in ("forced-dark", "images-off", "styles-off"))
COMPARED = frozenset(view for view in PLAIN if view.width >= MIDDLE)
"""What is compared with baselines."""
EVERY = (*PLAIN, *SIMULATED)


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on a page: the source mark of what caused it, words that stand there, and what is said of it.

    `amount` is how many pixels it is too wide, or its contrast; `written`: the words themselves are the cause.
    """

    mark: str
    words: str
    amount: float = 0
    tag: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """What axe found at one place, in light or dark colours: its rule, how grave it is, its help."""

    scheme: Scheme
    rule: str
    grave: bool
    help: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text: the number of its element and the contrast it was drawn with."""

    number: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Look:
    """All that was seen: what is too wide by view, `lost` texts and `bare` links by form, axe's `violations`, requests
    that were `refused`, and pictures (PNG) by view, with where photographs are in them. `trouble` says why there is
    nothing of all that."""

    sheet: Sheet
    wide: Mapping[View, Sequence[Spot]] = field(default_factory=dict)
    lost: Mapping[Form, Sequence[Spot]] = field(default_factory=dict)
    bare: Sequence[Spot] = ()
    violations: Sequence[Violation] = ()
    refused: Sequence[str] = ()
    pictures: Mapping[View, bytes] = field(default_factory=dict)
    photos: Mapping[View, Sequence[Rect]] = field(default_factory=dict)
    trouble: Phrase | None = None

    @property
    def name(self) -> str:
        """For a file: `mail`, `mail.kultur`, `index`, `maschinenhalle`."""
        stem = self.sheet.name.removesuffix(".html")
        return f"{stem}.{self.sheet.variant}" if self.sheet.variant else stem


def read_wide(rows: Sequence[Mapping[str, Any]]) -> list[Spot]:
    """Rows of measure.js about what is too wide."""
    return [Spot(row["mark"], row["words"], row["by"], row["tag"], row["written"]) for row in rows]
