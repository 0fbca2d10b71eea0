"""What the head of the HTML says about reading it: size of style sheets, zoom, direction."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.markup import FRAMES
from ruhrmail.check.sheet import Sheet
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.phrase import phrase

OLD_LIMIT, LIMIT = 8_192, 16_384
"""Bytes of style sheets that Gmail read for long, and that it reads today."""
FIXED = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale\s*=\s*(?:0|1)(?:\.\d+)?(?![\d.])", re.IGNORECASE)
DIRECTIONS = ("ltr", "rtl")


def find_style_size(dossier: Dossier) -> Iterator[Finding]:
    """The mail's style sheets are so large that Gmail drops them.

    Why: Gmail reads 16,384 bytes of <style>, older ones 8,192, and passes over the rest: dark mode and the layout for
        telephones are gone. Counted are all of them together, in the largest variant.
    Bad:
        # templates/extra.css.j2 with the style sheet of the whole web site
    Good:
        # styles in the style attributes, and few rules for dark mode and telephones
    Remedy: take out rules that nothing uses
    """
    size = max(style_size(sheet) for sheet in dossier.sheets_of("mail"))
    if size <= OLD_LIMIT:
        return
    severity: Severity = "error" if size > LIMIT else "warning"
    message = phrase("the mail's style sheets have {size} bytes; Gmail drops them from {limit}", size=size, limit=LIMIT)
    hint = phrase("take out rules that nothing uses")
    yield Finding("html/style-size", severity, dossier.blame("mail.css.j2", "mail.mjml.j2"), message, hint)


def style_size(sheet: Sheet) -> int:
    """The bytes of all style sheets that are not in comments for Outlook."""
    return sum(len((one.text or "").encode()) for one in sheet.elements("style"))


def find_fixed_zoom(dossier: Dossier) -> Iterator[Finding]:
    """Readers cannot enlarge the mail or a page.

    Why: Who sees badly enlarges the letters with two fingers. WCAG 2.2, 1.4.4.
    Bad:
        # templates/mail.mjml.j2, in part
        <mj-raw><meta name="viewport" content="width=device-width, user-scalable=no"></mj-raw>
    Good:
        # templates/mail.mjml.j2, in part
        <mj-raw><meta name="viewport" content="width=device-width"></mj-raw>
    Remedy: leave out user-scalable and maximum-scale
    """
    for sheet in dossier.sheets:
        for meta in sheet.elements("meta"):
            match = FIXED.search(meta.get("content", "")) if meta.get("name", "").lower() == "viewport" else None
            if match:
                at = dossier.find_in_template(FRAMES[sheet.kind][0], match[0])
                message = phrase("readers cannot enlarge this: {setting}", setting=match[0])
                hint = phrase("leave out user-scalable and maximum-scale")
                yield Finding("html/zoom", "error", at, message, hint)


def find_no_direction(dossier: Dossier) -> Iterator[Finding]:
    """The HTML, or the outermost element of a mail, does not say in which direction it is read.

    Why: Webmail puts the mail into a page of its own, which may run from right to left, and keeps only what is inside
        the body. The language of that element is html/lang's.
    Bad:
        # templates/mail.mjml.j2, in part
        <mjml lang="{{ language }}"><mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Good:
        # templates/mail.mjml.j2, in part
        <mjml lang="{{ language }}" dir="ltr"><mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Remedy: write dir="ltr" into <mjml> or <html>
    """
    for sheet in dossier.sheets:
        body = sheet.root.find("body")
        inside = [one for one in body if one.tag == "div"] if body is not None and sheet.kind == "mail" else []
        if any(one.get("dir") not in DIRECTIONS for one in (sheet.root, *inside)):
            at = dossier.find_in_template(*FRAMES[sheet.kind])
            message = phrase("the HTML does not say in which direction it is read")
            yield Finding("html/dir", "warning", at, message, phrase('write dir="ltr" there'))
