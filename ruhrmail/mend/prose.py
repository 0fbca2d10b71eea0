"""Running text: quotation marks, double hyphens and double spaces, outside of addresses, code and merge fields."""

import re
from collections.abc import Callable, Iterator

from ruhrmail.mend.edit import Edit, Kind
from ruhrmail.mend.written import HIDDEN, Written
from ruhrmail.model.merge import FIELD

SHORT = ("subject", "preheader", "title", "kicker", "salutation", "alt", "caption", "credit", "label", "note", "place")
PROSE = frozenset((*SHORT, "text", "body", "closing", "author", "role"))
"""The keys whose values people read."""
QUIET = re.compile(
    r"\{\{.*?\}\}"  # merge fields, also ones that are none
    r"|`[^`\n]*`"
    r"|\\."  # Markdown's escapes
    r"|\]\((?:[^()]|\([^()]*\))*\)"  # where a link or picture leads, with its title
    r"|<[^<>\s]+>"
    r"|(?:https?://|mailto:|tel:|www\.)[^\s<>\"„“”]*"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.DOTALL,
)
PARAGRAPH = re.compile(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
DOUBLE_HYPHEN = re.compile(r"(?<=\S )--(?= \S)")
DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
MARKER = re.compile(r"\s*(?:[-*+>]|#{1,6}|\d{1,9}[.)])(?:\s+(?:[-*+>]|\d{1,9}[.)]))*")
"""The sign of a list, quotation or headline: the spaces after it say how far its text is indented."""


def mend_prose(written: Written, set_quotes: Callable[[str], str]) -> Iterator[Edit]:
    """What can be mended in one text."""
    if not written.keys or written.keys[-1] not in PROSE:
        return
    text = QUIET.sub(hide, FIELD.sub(hide, written.text))
    for paragraph in PARAGRAPH.finditer(text):
        for offset, (old, new) in enumerate(zip(paragraph[0], set_quotes(paragraph[0]), strict=True)):
            if old != new:
                yield from edit(written, paragraph.start() + offset, paragraph.start() + offset + 1, new, "quotes")
    for match in DOUBLE_HYPHEN.finditer(text):
        yield from edit(written, match.start(), match.end(), "–", "dashes")
    for match in DOUBLE_SPACE.finditer(text):
        if not MARKER.fullmatch(text, text.rfind("\n", 0, match.start()) + 1, match.start()):
            yield from edit(written, match.start(), match.end(), " ", "spaces")


def hide(match: re.Match[str]) -> str:
    """Letters in place of what is none of our business; lines stay."""
    return re.sub(r"[^\n]", HIDDEN, match[0])


def edit(written: Written, start: int, end: int, new: str, kind: Kind) -> Iterator[Edit]:
    """The edit of some characters; none where one of them cannot be touched."""
    spans = [span for span in written.spans[start:end] if span is not None]
    if len(spans) == end - start:
        yield Edit(spans[0][0], spans[0][1], spans[-1][2], new, kind, written.keys)
