"""Where Gmail ends a mail that is too large."""

import re
from dataclasses import dataclass

GMAIL_LIMIT = 102 * 1024
WARNING = 80 * 1024
WORDS = re.compile(rb">([^<>]*[^\s<>][^<>]*)<")
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Clip:
    """`offset` is the byte of the HTML at which Gmail ends it, `after` the last words that it shows."""

    offset: int
    after: str


def find_clip(html: str) -> Clip | None:
    """Where Gmail cuts this HTML; None where it shows the whole of it."""
    content = html.encode()
    if len(content) <= GMAIL_LIMIT:
        return None
    begin = max(content.rfind(b"<body", 0, GMAIL_LIMIT), 0)
    words = [match[1] for match in WORDS.finditer(content, begin, GMAIL_LIMIT)]
    last = " ".join(words[-1].decode("utf-8", "replace").split()) if words else ""
    return Clip(GMAIL_LIMIT, last[-SHOWN:])
