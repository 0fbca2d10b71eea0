"""The text part: what who reads without HTML gets."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import find_word, origin_of
from ruhrmail.check.sheet import Sheet, plain, words_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase

LEAST_SHARE = 0.1
LONGEST = 78
"""RFC 5322 section 2.1.1: lines should be no longer."""
TEXT_TEMPLATES = ".txt.j2"
TITLES = ("h1", "h2", "h3")


def find_missing_part(dossier: Dossier) -> Iterator[Finding]:
    """The text part is empty, or holds hardly anything of the mail.

    Why: Some people and all filters read it. A dummy such as "your program shows no HTML" costs spam points.
    Bad:
        # templates/mail.txt.j2
        Bitte im Browser lesen.
    Good:
        # templates/mail.txt.j2, in part
        {% for block in issue.blocks %}{% include "blocks/" ~ block.type ~ ".txt.j2" %}{% endfor %}
    Remedy: delete the template: the packaged one holds everything
    """
    for sheet in dossier.sheets_of("mail"):
        if is_dummy(sheet, dossier):
            at = dossier.template_line("mail.txt.j2", 1)
            message = phrase("the text part holds hardly anything of the mail")
            hint = phrase("delete the template: the packaged one holds everything")
            yield Finding("text/part-missing", "error", at, message, hint)


def is_dummy(sheet: Sheet, dossier: Dossier) -> bool:
    """True where the text part is far shorter than the words of the HTML."""
    return len(plain(dossier.texts[sheet.variant])) < LEAST_SHARE * len(sheet.words)


def find_drift(dossier: Dossier) -> Iterator[Finding]:
    """A headline or a link of the HTML is missing in the text part.

    Why: Both parts are the same mail. Who reads the text part must not miss a story or its address.
    Bad:
        # templates/blocks/heading.txt.j2
        ----
    Good:
        # templates/blocks/heading.txt.j2
        {{ block.text }}
    Remedy: show the same headlines and addresses in the .txt.j2 template of the block
    """
    for sheet in dossier.sheets_of("mail"):
        if is_dummy(sheet, dossier):
            continue
        text = "".join(dossier.texts[sheet.variant].split()).casefold()
        for element, word, message in shown_in(sheet):
            demanded = word.startswith((f"{dossier.config.url}/u/", dossier.address))  # has rules of its own
            if not demanded and "".join(plain(word).split()).casefold() not in text:
                at = twin_of(element, word, dossier)
                hint = phrase("show it in the text template of the block as well")
                yield Finding("text/part-drift", "warning", at, message, hint)


def shown_in(sheet: Sheet) -> Iterator[tuple[HtmlElement, str, Phrase]]:
    """The headlines and addresses of a mail, and what is said where one is missing in the text."""
    for element in sheet.elements(*TITLES):
        title = words_of(element)
        yield element, title, phrase("the text part lacks the headline {title}", title=title)
    for element, url in sheet.links():
        if url.startswith(("http://", "https://")) and not url.partition("#")[2]:
            yield element, url, phrase("the text part lacks the link {url}", url=url)


def twin_of(element: HtmlElement, word: str, dossier: Dossier) -> Location:
    """The place in the issue that both parts show; for what no block says, the text's frame."""
    origin = origin_of(element)
    if origin is None or not origin[2]:
        return dossier.template_line("mail.txt.j2", 1)
    return find_word(dossier.document, word, origin[2]) or dossier.document.at_value(origin[2])


def find_long_lines(dossier: Dossier) -> Iterator[Finding]:
    """A line of the text part is longer than 78 characters and no address.

    Why: Programs that show text break such lines where it happens, or not at all (RFC 5322, 2.1.1).
    Bad:
        content:
          - {type: text, text: "_________________________________________________________________________________"}
    Good:
        content:
          - {type: divider}
    Remedy: put a space or a soft hyphen (`\\-`) into the word
    """
    for text in dossier.texts.values():
        for line in text.splitlines():
            word = max(line.split(), key=len, default="")
            if len(line) > LONGEST and not re.search(r"[a-z]+:|@", word):
                place = find_word(dossier.document, word)
                message = phrase("a line of the text part has {count} characters", count=len(line))
                hint = phrase("put a space into the word, or shorten it")
                yield Finding("text/line-length", "warning", place or dossier.whole, message, hint)
