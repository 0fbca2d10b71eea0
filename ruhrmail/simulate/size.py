"""Where Gmail ends a mail that is too large."""

import re
from dataclasses import dataclass
from html import escape, unescape

GMAIL_LIMIT = 102 * 1024
WARNING = 80 * 1024
PIECE = re.compile(rb"<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
VOID = frozenset({b"img", b"br", b"hr", b"meta", b"link", b"input", b"area", b"base", b"col", b"wbr"})
HOLDERS = frozenset({b"body", b"div", b"td", b"th", b"li", b"section", b"article", b"main", b"blockquote"})
"""Elements in which a block may stand."""
SHOWN = 80
MARK = (
    '<div id="gmail-clip" style="clear:both;border-top:3px dashed #c5221f;margin:8px 0;padding:6px 10px;'
    'background:#fce8e6;color:#8c1d18;font:bold 13px/1.4 Arial,sans-serif;text-align:center">{label}</div>'
)


@dataclass(frozen=True, slots=True)
class Clip:
    """`offset` is the byte of the HTML at which a mark can stand, the last one that Gmail shows; `after` the last words
    before it."""

    offset: int
    after: str


def find_clip(html: str) -> Clip | None:
    """Where Gmail cuts this HTML; None where it shows the whole of it."""
    content = html.encode()
    if len(content) <= GMAIL_LIMIT:
        return None
    place, words, end = 0, b"", max(content.find(b"<body"), 0)
    stack: list[bytes] = []
    for match in PIECE.finditer(content, end):
        if match.start() > GMAIL_LIMIT:
            break
        words = content[end : match.start()].strip() or words
        end = match.end()
        if match["name"]:
            turn(stack, match["name"].lower(), closes=bool(match["end"]))
        if stack and stack[-1] in HOLDERS and match.end() <= GMAIL_LIMIT:
            place = match.end()
    return Clip(place, read_words(words))


def turn(stack: list[bytes], name: bytes, *, closes: bool) -> None:
    """The open elements after one more tag."""
    if closes and name in stack:
        while stack.pop() != name:
            pass
    elif not closes and name not in VOID:
        stack.append(name)


def read_words(text: bytes) -> str:
    """The end of a text as a reader sees it."""
    return " ".join(unescape(text.decode("utf-8", "replace")).replace("\u00ad", "").split())[-SHOWN:]


def mark_clip(html: str, label: str) -> str:
    """The HTML with a line where Gmail cuts; the same where it shows the whole of it."""
    clip = find_clip(html)
    if clip is None:
        return html
    content = html.encode()
    mark = MARK.format(label=escape(label)).encode()
    return (content[: clip.offset] + mark + content[clip.offset :]).decode("utf-8", "replace")
