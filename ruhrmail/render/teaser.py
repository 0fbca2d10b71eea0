"""A teaser: running text cut to what a small card holds."""

import re

from markupsafe import Markup

from ruhrmail.render.prose import Prose
from ruhrmail.render.typography import SOFT_HYPHEN

LENGTH = 160
APART = re.compile("</p>|</li>|<br>")
LOOSE = " ,;:–-(„“‚\u00a0\u202f"
"""What does not stand before the sign of omission."""
OMISSION = {"de": "\u00a0…", "en": "…"}
"""German sets words that are left out apart from the word before."""


def shorten(prose: Prose, language: str, length: int = LENGTH) -> str:
    """The prose as one line without markup, cut between two words where it is longer than `length`."""
    line = Markup(APART.sub(r"\g<0> ", str(prose.html))).striptags()  # noqa: S704 - cleaned by `prose`, now unescaped
    if len(line.replace(SOFT_HYPHEN, "")) <= length:
        return line
    cut = line.rfind(" ", 0, length + 1)
    if cut < 0:
        return line[:length] + "…"
    kept = line[:cut].rstrip(LOOSE)
    return kept if kept.endswith("…") else kept + OMISSION[language]
