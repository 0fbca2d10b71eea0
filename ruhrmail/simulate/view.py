"""What can be taken from a mail, and added to it, to see it as a client shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ruhrmail.model.phrase import Phrase, phrase

Mode = Literal["light", "dark", "forced-dark"]
MODES: tuple[Mode, ...] = ("light", "dark", "forced-dark")
NOTES: Mapping[str, Phrase] = {
    "dark": phrase("The mail's own dark colours, as Apple Mail shows them."),
    "forced-dark": phrase("An approximation: Outlook and Gmail turn colours around, each in its own way."),
    "styles-off": phrase("Without <style>, as GMX and WEB.DE show mail in the browser."),
    "outlook": phrase(
        "An approximation of Outlook on Windows: no media queries, rounded corners or background pictures."
    ),
}


@dataclass(frozen=True, slots=True)
class View:
    """How to look at a mail. `clip` shows where Gmail ends it."""

    mode: Mode = "light"
    images: bool = True
    styles: bool = True
    outlook: bool = False
    clip: bool = False


def simulate(html: str, view: View) -> str:
    """The mail's HTML as it looks this way."""
    return html
