"""Words that were left over, and signs that the typographer could not mend."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import find_word, origin_of, spot
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|(?i:\blorem ipsum\b|\bblindtext\b)")
PATTERN = frozenset(
    {
        "Worum es in dieser Ausgabe geht",
        "Ein Satz, der im Posteingang hinter dem Betreff steht und Lust aufs Lesen macht",
        "Die Überschrift des ersten Beitrags",
        "Der erste Termin",
        "Ihr Name",
        "What this issue is about",
        "One sentence that stands behind the subject in the inbox and invites to read on",
        "The headline of the first story",
        "The first event",
        "Your name",
    }
)
"""What `new` and `init` write where something is to be written."""
NO_TEXT = frozenset({"src", "url", "id", "type", "layout", "only_for", "not_for", "date", "start", "end"})
"""Keys whose values nobody reads."""
UNSET = re.compile(r"""(?<!\d)["]|(?<=\s)--(?=\s|$)|(?<=\w)--(?=\w)|\.{4,}""")
CLOSE_UNIT = {"de": re.compile(r"\b\d+(?:%|€|Uhr\b|Euro\b|km\b|kWh\b)"), "en": re.compile(r"(?!)")}
ADDRESS = re.compile(r"(?:https?://|www\.|mailto:|tel:)\S+|\S+@\S+")


def find_placeholders(dossier: Dossier) -> Iterator[Finding]:
    """A note or dummy text was left over.

    Why: Readers see what was only meant for the desk; nothing looks less cared for than TODO in a newsletter.
    Bad:
        content:
          - {type: text, text: "TODO: Zahlen nachtragen"}
    Good:
        content:
          - {type: text, text: "Die Halle hat 1.200 Quadratmeter."}
    Remedy: write the text, or delete the block until it is written
    """
    for keys, text in dossier.written():
        if keys[-1] in NO_TEXT:
            continue
        for match in LEFT_OVER.finditer(text):
            at = spot(dossier.document, keys, match.start(), match[0])
            message = phrase("{word} was left over", word=match[0])
            yield Finding("text/placeholder", "error", at, message, phrase("write the text, or delete it"))


def find_unwritten(dossier: Dossier) -> Iterator[Finding]:
    """A text still stands as `ruhrmail new` wrote it.

    Why: The pattern's words say what belongs there. A preheader that still says so is read in every inbox.
    Bad:
        subject: What this issue is about
    Good:
        subject: The hall is warm again
    Remedy: write the text, or delete the block
    """
    for keys, text in dossier.written():
        if text.strip() in PATTERN:
            at = spot(dossier.document, keys, 0, text.strip())
            message = phrase("“{words}” is what the pattern says", words=text.strip())
            yield Finding("text/unwritten", "info", at, message, phrase("write the text, or delete it"))


def find_loose_signs(dossier: Dossier) -> Iterator[Finding]:
    """A straight quotation mark, a double hyphen or a unit without its space is left after typesetting.

    Why: The typographer mends quotation marks in pairs, dashes between spaces and known units. What it leaves has no
        partner or no space, so that it cannot know what was meant.
    Bad:
        content:
          - {type: text, text: 'Sie nennt die Halle "warm und lebt dort.'}
    Good:
        content:
          - {type: text, text: 'Sie nennt die Halle "warm" und lebt dort.'}
    Remedy: close the quotation, write a dash between spaces, or put a space before the unit
    """
    unit = CLOSE_UNIT[dossier.language]
    for sheet in dossier.sheets:
        for element in sheet.elements():
            for text in (element.text, element.tail):
                if not text or element.tag in ("style", "script", "title") or not text.strip():
                    continue
                for word in words_with(text, unit):
                    at = written_at(element, dossier, word)
                    if at is None:
                        continue
                    message = phrase("{word} is not set", word=word)
                    hint = phrase("close the quotation, put spaces around a dash and before a unit")
                    yield Finding("text/typography", "info", at, message, hint)


def written_at(element: HtmlElement, dossier: Dossier, word: str) -> Location | None:
    """Where the issue says a word of the finished mail; None for what settings and templates say, which nobody sets."""
    origin = origin_of(element)
    return find_word(dossier.document, word, origin[2] if origin else ()) or find_word(dossier.document, word)


def words_with(text: str, unit: re.Pattern[str]) -> Iterator[str]:
    """The words of a text that hold a loose sign; addresses are left alone."""
    text = ADDRESS.sub(lambda match: " " * len(match[0]), text)
    for match in (*UNSET.finditer(text), *unit.finditer(text)):
        start = max(text.rfind(sign, 0, match.start() + 1) for sign in " \n\u00a0\u202f") + 1
        yield text[start : match.end()].strip() or match[0]
