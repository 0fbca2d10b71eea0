"""What is taken from a mail, and added to it, to see it as a client shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.simulate.forced import force_dark
from ruhrmail.simulate.outlook import show_in_outlook
from ruhrmail.simulate.styles import drop_sheets, prefer, rewrite_colors, rewrite_tags

Mode = Literal["light", "dark", "forced-dark"]
MODES: tuple[Mode, ...] = ("light", "dark", "forced-dark")
NOTES: Mapping[str, Phrase] = {
    "dark": phrase("The mail's own dark colours, as Apple Mail shows them."),
    "forced-dark": phrase(
        "An approximation: Outlook and Gmail turn light surfaces and dark writing around, each in its own way."
    ),
    "images-off": phrase("Without pictures, as many readers first see it."),
    "styles-off": phrase("Without <style>, as GMX and WEB.DE show mail in the browser."),
    "outlook": phrase(
        "An approximation of Outlook on Windows: no media queries, rounded corners or background pictures."
    ),
    "inbox-line": phrase("Approximations: clients cut by pixels, at the width that people give their window."),
}
SOURCE = re.compile(r"\s(?:src|srcset|background)\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
PICTURES = ("img", "source", "table", "td", "body", "v:fill", "v:image")
URL = re.compile(r"url\([^)]*\)", re.IGNORECASE)


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
    if view.outlook:
        html = show_in_outlook(html)
    if not view.styles:
        html = drop_sheets(html)
    if not view.images:
        html = drop_pictures(html)
    return force_dark(html) if view.mode == "forced-dark" else prefer(html, view.mode)


def drop_pictures(html: str) -> str:
    """The HTML as a client shows it that loads no pictures: their alternative texts in their place."""

    def without(name: str, tag: str) -> str:
        if name not in PICTURES:
            return tag
        bare = SOURCE.sub("", tag)
        # A picture that is there and cannot be shown has a box and its text, as in mail clients.
        return f'{bare[:4]} src="data:,"{bare[4:]}' if name == "img" else bare

    return rewrite_tags(rewrite_colors(html, lambda _name, value: URL.sub("none", value)), without)
