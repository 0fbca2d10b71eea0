"""Words that no telephone has room for."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import spot
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import FIELD
from ruhrmail.model.phrase import phrase
from ruhrmail.source.document import Keys

LONGEST = 22
"""Letters of a headline that fit between the edges of a telephone of 320 pixels."""
LONG = re.compile(rf"[^\W\d_]{{{LONGEST + 1},}}")
LARGE = ("title", "kicker", "label")
"""Keys of what is set large, in capitals or in narrow columns; besides them the text of headings and quotations."""


def find_long_words(dossier: Dossier) -> Iterator[Finding]:
    """A word of a headline, a label or a quotation is longer than a telephone is wide.

    Why: Mail programs hyphenate nothing, or wrongly. A word that does not fit is broken behind any letter, without a
        hyphen.
    Bad:
        content:
          - {type: heading, text: Wirtschaftsförderungsgesellschaften}
    Good:
        content:
          - {type: heading, text: Wirtschaftsförderungs\\-gesellschaften}
    Remedy: write `\\-` where the word may be broken; it is seen only there
    """
    for keys, text in dossier.written():
        if not is_large(dossier, keys):
            continue
        shown = FIELD.sub(lambda match: " " * len(match[0]), text)
        for match in LONG.finditer(shown):
            at = spot(dossier.document, keys, match.start(), match[0])
            message = phrase("no telephone has room for {word}: it is broken without a hyphen", word=match[0])
            hint = phrase("write \\- where it may be broken, such as Standort\\-entwicklung")
            yield Finding("text/long-word", "info", at, message, hint)


def is_large(dossier: Dossier, keys: Keys) -> bool:
    """Whether the text with these keys is set large or in a narrow column."""
    if keys[-1] == "text":
        return dossier.document.get((*keys[:-1], "type")) in ("heading", "quote")
    return keys[-1] in LARGE
