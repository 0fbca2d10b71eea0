"""Source marks: an attribute on every element that says which line of which template and which block it comes from.

Only checking renders with marks; what is built and sent has none.
"""

import re
from collections.abc import Iterable

from ruhrmail.source.document import Keys

ATTRIBUTE = "data-ruhrmail"
MARKED = (".mjml.j2", ".html.j2")
BLOCK_OF = "block_of"
"""The function that a marked template calls: the first of the things around an element that knows where it stands."""
MARKER = "ins"
"""An empty element at the beginning of each text of MJML's, whose own elements lose unknown attributes."""
PIECE = re.compile(
    r"(?P<mjml><mj-text\b(?>\{\{.*?\}\}|\{%.*?%\}|[^<>{])*(?<!/)>(?!</mj-text>))|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
    r"|(?P<tag><(?!mj)[a-zA-Z][\w-]*(?:\{\{.*?\}\})?)",
    re.DOTALL,
)
AROUND = f"{{{{ {BLOCK_OF}(item|default, block|default, article|default) }}}}"
MARK = re.compile(r"([^:]+):(\d+):(.*)", re.DOTALL)


def mark_template(text: str, name: str) -> str:
    """A template's text with the attribute in every HTML element, and a marker in every text of MJML's."""
    if not name.endswith(MARKED):
        return text

    def mark(match: re.Match[str]) -> str:
        line = text.count("\n", 0, match.start()) + 1
        attribute = f'{ATTRIBUTE}="{name}:{line}:{AROUND}"'
        if match["mjml"]:
            return f"{match[0]}<{MARKER} {attribute}></{MARKER}>"
        return f"{match[0]} {attribute}" if match["tag"] else match[0]

    return PIECE.sub(mark, text)


def block_of(*around: object) -> str:
    """The keys of the nearest thing that has some, as text; empty where an element belongs to no block."""
    return next((found for one in around if (found := getattr(one, "source", ""))), "")


def write_keys(keys: Keys) -> str:
    """`("content", 3)` as `content.3`."""
    return ".".join(map(str, keys))


def read_mark(text: str) -> tuple[str, int, Keys] | None:
    """Template, line and keys of the block; None for what is no mark."""
    match = MARK.fullmatch(text)
    return (match[1], int(match[2]), tuple(read_keys(match[3].split(".")))) if match else None


def read_keys(words: Iterable[str]) -> Iterable[str | int]:
    """Numbers are indexes of lists."""
    return (int(word) if word.isdecimal() else word for word in words if word)
