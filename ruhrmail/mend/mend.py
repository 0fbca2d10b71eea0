"""A document's text to the same text, mended where that changes nothing but how it is written."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from ruhrmail.errors import InvalidInput
from ruhrmail.mend.edit import Edit, apply, drop_overlaps
from ruhrmail.mend.lines import is_date, mend_date, plain, read, trim
from ruhrmail.mend.prose import PROSE, mend_prose
from ruhrmail.mend.written import find_written
from ruhrmail.source import Document, parse_document
from ruhrmail.source.document import Keys, Value

LINE_END = re.compile(r"(\r\n|\n|\r)")
ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Line ends to YAML and to nobody else: places cannot be trusted in a file that holds one."""
MARKDOWN = frozenset({"text", "body"})
TRIES = 300
"""How often a file is read again at most to find the edits that are safe; what is left then stays as it is."""
ROUNDS = 20
"""A mended text may show something more to mend; each round leaves less."""


@dataclass(frozen=True, slots=True)
class Typography:
    """What the typographer does: quotation marks in a text as long as before; plain text and Markdown as shown."""

    set_quotes: Callable[[str], str]
    show_plain: Callable[[str], str]
    show_markdown: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Mended:
    """The new text, and what was mended in the order of the file; no line was added or removed."""

    text: str
    edits: tuple[Edit, ...]


def mend(document: Document, text: str, typography: Typography) -> Mended:
    """Mends the text that `document` was read from, in rounds until nothing is left to mend.

    An edit is kept only where the file then reads the same: keys and everything that is no prose unchanged, dates
    the same days, prose the same but for quotation marks, dashes and spaces, and shown the same to readers.
    """
    done: list[Edit] = []
    if ODD_LINE_ENDS.search(text):
        return Mended(text, ())
    for _ in range(ROUNDS):
        edits = keep_safe(find_edits(document, typography), document, text, typography)
        if not edits:
            break
        done += edits
        text = rewrite(text, edits)
        document = parse_document(text, document.path, document.name)
    return Mended(text, tuple(sorted(done, key=lambda edit: (edit.line, edit.start))))


def find_edits(document: Document, typography: Typography) -> list[Edit]:
    """Everything that could be mended, without regard to what else it would change."""
    texts = list(find_written(document))
    found: list[Edit] = [*trim(document.lines, texts)]
    for text in texts:
        found += [*mend_prose(text, typography.set_quotes), *mend_date(text)]
    return drop_overlaps(found)


def keep_safe(edits: Sequence[Edit], document: Document, text: str, typography: Typography) -> list[Edit]:
    """The edits that are safe together: all, else halves of halves, until the unsafe values are left out."""
    by_value: dict[Keys, list[Edit]] = {}
    for edit in edits:
        by_value.setdefault(edit.keys, []).append(edit)
    kept: list[Edit] = []
    waiting = [list(by_value.values())] if edits else []
    for _ in range(TRIES):
        if not waiting:
            break
        part = waiting.pop()
        together = [*kept, *chain.from_iterable(part)]
        if is_safe(together, document, text, typography):
            kept = together
        elif len(part) > 1:
            waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
    return kept


def is_safe(edits: Iterable[Edit], document: Document, text: str, typography: Typography) -> bool:
    """True when the mended text is the same document in all that matters."""
    try:
        mended = parse_document(rewrite(text, edits), document.path, document.name)
    except InvalidInput:
        return False
    if mended.marks.keys() != document.marks.keys():
        return False
    pairs = ((keys, document.get(keys), mended.get(keys)) for keys in document.marks)
    return all(old == new or is_same(keys, old, new, typography) for keys, old, new in pairs)


def is_same(keys: Keys, old: Value, new: Value, typography: Typography) -> bool:
    """True for two values that differ only in what mending is for."""
    if not isinstance(old, str) or not isinstance(new, str):
        return type(old) is type(new)  # what lists and mappings hold is compared for itself
    if is_date(keys):
        return read(old) is not None and read(old) == read(new)
    if not keys or keys[-1] not in PROSE or plain(old) != plain(new):
        return False
    show = typography.show_markdown if keys[-1] in MARKDOWN else typography.show_plain
    return flat(show(old)) == flat(show(new))


def flat(shown: str) -> str:
    """What readers see, whatever the kind of spaces and dashes."""
    return " ".join(shown.replace("–", "-").replace("--", "-").split())


def rewrite(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; every line keeps its own line end."""
    parts = LINE_END.split(text)
    parts[::2] = apply(parts[::2], edits)
    return "".join(parts)
