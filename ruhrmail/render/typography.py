"""Straight quotes, hyphens and dots to the signs of the printed page, in German and English. Spaces: see `spacing`.

Quotation marks keep the length of their text, so that a text cut by markup is set as a whole.
"""

import re
from collections.abc import Callable, Sequence

from ruhrmail.render.spacing import hold_together, part_words

SOFT_HYPHEN = "\u00ad"
QUOTES = {"de": "„“‚‘", "en": "“”‘’"}
APOSTROPHE = "’"
URL = r"(?:https?://|mailto:|tel:|www\.)[^\s<>\"„“”]*|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
CODE = r"(?<![`\\])`[^`\n]+`(?!`)"
LEFT_ALONE = re.compile(f"({CODE}|{URL})")
"""Addresses, and words between backticks: code, which is shown as it is typed."""
SIGNS_OF_THEM = ("`", "@", "://", "www.", "mailto:", "tel:")
DASH = re.compile(r"(?<=[ \u00a0])--?(?=[ \u00a0])")
ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
ELISION = re.compile(
    r"'(?:n|ne|nem|nen|ner|nes|s|m|ran|raus|rauf|rein|runter|rüber|tis|twas|em|til|\d\d(?:er|s)?)\b", re.I
)
MANUAL = re.compile(r"(?<=\S)\\-(?=\S)")
OPENERS = " \t\n\u00a0\u202f([{<„“‚‘–—-/|"


def typeset(text: str, language: str) -> str:
    """A plain text with typographic quotes, apostrophes, dashes, spaces and soft hyphens (written as `\\-`)."""
    return set_pieces([MANUAL.sub(SOFT_HYPHEN, text)], language)[0]


def set_pieces(pieces: Sequence[str], language: str) -> list[str]:
    """Pieces of one running text, set together: a quotation may open in one and close in another."""
    short = [outside_code(piece, lambda text: lengths(text, language)) for piece in pieces]
    whole = outside_code("".join(short), lambda text: hold_together(text, language))
    before = ""
    while whole != before:  # a quote that is set may open the next one; every round leaves fewer
        before, whole = whole, set_quotes(whole, language)
    found, start = [], 0
    for piece in short:
        found.append(whole[start : start + len(piece)])
        start += len(piece)
    return found


def lengths(text: str, language: str) -> str:
    """What makes a text longer or shorter: dots to one sign, double hyphens to a dash, abbreviations set apart."""
    return part_words(DASH.sub("–", ELLIPSIS.sub("…", text)), language)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed but addresses and code."""
    if not any(sign in text for sign in SIGNS_OF_THEM):
        return change(text)
    parts = LEFT_ALONE.split(text)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def quote(text: str, language: str) -> str:
    """A set text in quotation marks, unless it brings its own; those inside become single ones."""
    quotes = QUOTES[language]
    first, last = quotes[0], quotes[1]
    if text.startswith(first) and text.find(last, 1) == len(text) - 1:
        return text
    return first + text.translate(str.maketrans(first + last, quotes[2:])) + last


def set_quotes(text: str, language: str) -> str:
    """Straight quotation marks to pairs; one that finds no partner stays, save for apostrophes."""
    if '"' not in text and "'" not in text:
        return text
    spans = [match.span() for match in LEFT_ALONE.finditer(text)]
    signs = list(text)
    waiting: dict[str, list[int]] = {'"': [], "'": []}
    quotes = QUOTES[language]
    for place, sign in enumerate(text):
        if sign not in waiting or inside(place, spans):
            continue
        if sign == "'" and is_apostrophe(text, place, bool(waiting["'"])):
            signs[place] = APOSTROPHE
        elif opens(text, place):
            waiting[sign].append(place)
        elif waiting[sign]:
            first = 0 if sign == '"' else 2
            signs[waiting[sign].pop()], signs[place] = quotes[first], quotes[first + 1]
    for place in waiting["'"]:
        signs[place] = APOSTROPHE
    return "".join(signs)


def is_apostrophe(text: str, place: int, open_before: bool) -> bool:
    """True between letters, before a shortened word, and after a word when no quotation is open."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if before.isalnum() and (after.isalnum() or not open_before):
        return True
    return not before.isalnum() and ELISION.match(text, place) is not None


def opens(text: str, place: int) -> bool:
    """True when a quotation can begin here: after a space or an opening sign, before something."""
    before, after = text[max(place - 8, 0) : place].rstrip("\"'")[-1:], text[place + 1 : place + 2]
    return (not before or before in OPENERS) and bool(after) and not after.isspace()


def inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """True when a place lies in one of the spans."""
    return any(start <= place < end for start, end in spans)
