"""From a spot on a page to the line that caused it, and one finding for a spot that is found in several ways."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from ruhrmail.check.browser.look import Look, Spot
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import find_word
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.marks import read_mark

SHORT = 50
MOST = 5
"""How many findings of a kind are told for an issue; what is wrong with a frame is wrong in every block."""


def trace(spot: Spot, dossier: Dossier) -> Location:
    """The place of a spot: the word itself where it is the cause; else the project's own template; else where the
    issue's file says these words, or the block; else the packaged template."""
    origin = read_mark(spot.mark)
    if origin is None:
        return dossier.whole
    template, line, keys = origin
    own = any(one.name == template for one in dossier.templates)
    said = (
        next(filter(None, (find_word(dossier.document, word, keys) for word in tries(spot.words))), None)
        if keys
        else None
    )
    if said and (spot.written or not own):
        return said
    if own or not keys:
        return dossier.template_line(template, line)
    return dossier.document.at_value(keys)


def tries(words: str) -> Iterator[str]:
    """Pieces of a text to look for, for typography changes some characters: all, its beginning, its longest word."""
    if words:
        yield words
        yield " ".join(words.split()[:3])
        yield max(words.replace("\u00ad", "").split(), key=len)


def quoted(words: str) -> str:
    """Words as a message shows them."""
    text = " ".join(words.replace("\u00ad", "").split())
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def name_of(look: Look) -> Phrase:
    """What a sheet is called in a message."""
    if look.sheet.kind == "web":
        return phrase("the web page")
    if look.sheet.kind == "page":
        return phrase("the page {name}", name=look.sheet.name)
    return phrase("the mail to {variant}", variant=look.sheet.variant) if look.sheet.variant else phrase("the mail")


def once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first finding of each place, `MOST` of a file; the callers put the worst first."""
    first: dict[Location, Finding] = {}
    for finding in findings:
        first.setdefault(finding.at, finding)
    ordered = sorted(first.values(), key=lambda one: (one.at.file, one.at.line, one.at.column))
    for _, group in groupby(ordered, key=lambda one: one.at.file):
        yield from list(group)[:MOST]
