"""Outlook on Windows, roughly: it shows mail with Word's engine.

Done here: what stands in conditional comments for it appears, and what they keep from it does not; media queries,
rounded corners, shadows, background pictures, widths at most and at least, and padding of other elements than cells do
not count; what says `mso-hide: all` is not there. Not done: Word's line heights, its fonts, its rounding of widths,
VML drawings.
"""

import re

from ruhrmail.simulate.styles import rewrite_sheets, rewrite_style_attribute, rewrite_tags

HIDDEN = re.compile(r"<!--\[if ([^\]]*)\]>(?!\s*<!--)(.*?)<!\[endif\]-->", re.DOTALL)
REVEALED = re.compile(r"<!--\[if ([^\]]*)\]>\s*(?:<!--\s*)?-?-?>(.*?)<!--\s*<!\[endif\]-->", re.DOTALL)
VERSION = 16
COMPARED = {
    "gte": lambda number: number <= VERSION,
    "gt": lambda number: number < VERSION,
    "lte": lambda number: number >= VERSION,
    "lt": lambda number: number > VERSION,
    "": lambda number: number == VERSION,
}
TERM = re.compile(r"\(?\s*(!?)\s*(?:(gte|gt|lte|lt)\s+)?(mso|IE)(?:\s+(\d+))?\s*\)?", re.IGNORECASE)
IGNORED = re.compile(
    r"border(?:-\w+){0,2}-radius|(?:box|text)-shadow|(?:max|min)-(?:width|height)|background-image|opacity"
)
PICTURE = re.compile(r"url\([^)]*\)", re.IGNORECASE)
AT_RULE = re.compile(r"@(?:media|supports|font-face|import)\b[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})", re.IGNORECASE)
SETTINGS = re.compile(r"<xml\b.*?</xml\s*>", re.DOTALL | re.IGNORECASE)
"""Office's own settings, which are no text."""
HIDE = re.compile(r"mso-hide\s*:\s*all", re.IGNORECASE)
CELLS = ("td", "th", "body")
OWN_PADDING = re.compile(r"mso-padding-alt(?=\s*:)", re.IGNORECASE)
"""How a cell is padded in Word where elsewhere what stands in it is."""


def show_in_outlook(html: str) -> str:
    """The mail's HTML as Word's engine takes it, roughly."""
    html = REVEALED.sub(lambda match: match[2] if holds(match[1]) else "", html)
    html = HIDDEN.sub(lambda match: match[2] if holds(match[1]) else "", html)
    html = SETTINGS.sub("", html)
    html = rewrite_sheets(html, lambda css: AT_RULE.sub("", css))
    return rewrite_tags(html, plain_tag)


def plain_tag(name: str, tag: str) -> str:
    """A tag with the inline styles that count."""
    hidden = HIDE.search(tag) is not None
    padded = name in CELLS
    if padded:
        tag = OWN_PADDING.sub("padding", tag)

    def rewrite(prop: str, value: str) -> str | None:
        if IGNORED.fullmatch(prop) or (prop.startswith("padding") and not padded):
            return None
        return "none" if hidden and prop == "display" else PICTURE.sub("", value).strip() or None

    shown = rewrite_style_attribute(tag, rewrite)
    return shown.replace('style="', 'style="display:none!important;', 1) if hidden else shown


def holds(condition: str) -> bool:
    """Whether Outlook for Windows shows what stands below this condition (`gte mso 9`, `mso | IE`, `!mso`)."""
    return any(all(map(term_holds, part.split("&"))) for part in condition.split("|"))


def term_holds(term: str) -> bool:
    """One term of a condition; Outlook is no Internet Explorer."""
    match = TERM.fullmatch(term.strip())
    if match is None:
        return False
    number = match[4]
    known = match[3].lower() == "mso"
    found = known and (number is None or COMPARED[(match[2] or "").lower()](int(number)))
    return found != bool(match[1])
