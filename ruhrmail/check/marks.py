"""Marks that somebody meant to become bold, a link or a heading, and that readers see as they were typed."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import spot
from ruhrmail.check.text import NO_TEXT
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import FIELD
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import Keys

TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|iframe|img|li|mark|ol|p|pre|s|script|small|span|"
    "strong|style|sub|sup|table|t[dhr]|u|ul|video"
)
TAG = re.compile(rf"(?<![\\`])<(?:{TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
"""A tag that opens; the one that closes is told with it."""
GOAL = r"(?:https?:|mailto:|tel:|www\.)"
TORN = re.compile(
    rf"(?<!\\)\[[^\[\]\n]+\](?:[ \t]+\({GOAL}[^()\n]*\)|\({GOAL}[^()\s]*[ \t]+(?![\"'])[^()\n]*\))", re.IGNORECASE
)
"""A link whose address is apart from its words, or has a space in it; what begins with a quotation mark is a title."""
LOOSE = re.compile(
    r"(?<![\\*\w])\*\*[ \t]+[^*\n]*[^*\s][ \t]*\*\*(?![*\w])|(?<![\\*\w])\*\*[^*\s][^*\n]*[ \t]\*\*(?![*\w])"
)
HASHES = re.compile(r"^#{1,6}[ \t]+(?=\S)", re.MULTILINE)
STORY = "body"
"""The key of a whole article, whose Markdown knows headings and pictures."""
PICTURE = re.compile(rf"(?<!\\)!\[[^\[\]\n]*\](?=\({GOAL})", re.IGNORECASE)
"""A picture of the web in running text, which Markdown of a mail takes for a link."""
KINDS = (
    (TAG, phrase("HTML is shown as it is: write **bold**, *italic*, [words](https://…)")),
    (TORN, phrase("write the address without spaces right behind the words: [words](https://…)")),
    (LOOSE, phrase("write the stars right at the words: **bold**")),
    (HASHES, phrase("write a block of type heading")),
    (PICTURE, phrase("write a block of type image")),
)


def find_raw_marks(dossier: Dossier) -> Iterator[Finding]:
    """Readers see HTML or Markdown as it was typed.

    Why: Tags, links with a space in the address and headings in short texts are no markup here, so the signs themselves
        are mailed. A sign that is meant to be seen takes a backslash in front.
    Bad:
        content:
          - {type: text, text: "Die <b>Halle</b> ist voll."}
    Good:
        content:
          - {type: text, text: "Die **Halle** ist voll."}
    Remedy: write **bold**, *italic*, and links without a space in the address
    """
    for keys, text in dossier.written():
        if keys[-1] in NO_TEXT:
            continue
        for start, mark, hint in raw_marks(keys, text):
            message = phrase("readers will see {word} as it stands", word=" ".join(mark.split()))
            yield Finding("text/markup", "warning", spot(dossier.document, keys, start, mark), message, hint)


def raw_marks(keys: Keys, text: str) -> Iterator[tuple[int, str, Phrase]]:
    """What is no markup in a text though it looks like it, where, and what to do; merge fields are words in it."""
    filled = FIELD.sub(lambda field: "x" * len(field[0]), text)
    for pattern, hint in KINDS:
        if pattern not in (HASHES, PICTURE) or STORY not in keys:
            found = pattern.finditer(filled if pattern is TORN else text)
            yield from ((match.start(), text[slice(*match.span())], hint) for match in found)
