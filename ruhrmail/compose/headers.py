"""Header values to lines: encoded words (RFC 2047), display names and folding (RFC 5322)."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import groupby

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

MAX_LINE = 76
"""Lines with encoded words may not be longer (RFC 2047 section 2)."""
FRAME = len("=?utf-8?Q??=")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
PRINTABLE = re.compile("[ -~]*")
ADDRESS = re.compile(r"[!#-'*+\-./-9=?A-Z^-~\u00a1-\U0010ffff]+@[A-Za-z0-9.-]+")
"""Before the @ also what only SMTPUTF8 carries (RFC 6532 section 3.2); the roster decides whether it may be there."""
SAFE_IN_WORDS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What Q encoding may leave as it is inside a phrase (RFC 2047 section 5, rule 3)."""
Q_CODES = tuple(
    "_" if byte == ord(" ") else chr(byte) if byte in SAFE_IN_WORDS else f"={byte:02X}" for byte in range(256)
)


def encode_unstructured(name: str, text: str) -> str:
    """`Subject: …` folded, from one line of text without control characters."""
    prefix = f"{name}: "
    if is_plain(text) and all(len(word) < MAX_LINE - len(prefix) for word in text.split(" ")):
        return fold_words(prefix + text)
    return prefix + encode_words(text, MAX_LINE - len(prefix))


def encode_mailbox(name: str, display_name: str, address: str) -> str:
    """`To: Erika Beispiel <erika@example>` (RFC 5322 section 3.4), folded. Raises RuhrmailError for a bad address.

    `display_name` may hold any text without control characters; its runs of spaces count as one. The line is ASCII
    unless the address is not.
    """
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise RuhrmailError(phrase("{address} cannot stand in the header of a mail", address=ascii(address)))
    if not display_name:
        return f"{name}: {address}"
    return attach(encode_phrase(name, display_name), f"<{address}>")


def encode_phrase(name: str, text: str) -> str:
    """`List-ID: …` up to the end of a display name: atoms, a quoted string or one encoded word, whichever does first.

    A long name is encoded word by word, for some readers leave a blank between encoded words that are one word's parts.
    """
    text, room = " ".join(text.split()), MAX_LINE - len(f"{name}: ")
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if is_plain(text) and len(quoted) <= room:
        return f"{name}: {text if ATOMS.fullmatch(text) else quoted}"
    whole = encode_words(text, room)
    return f"{name}: {whole}" if "\n" not in whole else encode_long_phrase(name, text, room)


def encode_long_phrase(name: str, text: str, room: int) -> str:
    """The same for a name that needs several lines: atoms as they are, every run of other words encoded."""
    line = f"{name}:"
    for plain, run in groupby(text.split(" "), key=lambda word: is_atom(word) and len(word) < room):
        words = list(run)
        for word in words if plain else encode_words(" ".join(words), room).split("\r\n "):
            line = attach(line, word)
    return line


def is_atom(word: str) -> bool:
    """True for a word that may stand in a display name as it is."""
    return ATOMS.fullmatch(word) is not None and "=?" not in word


def attach(line: str, more: str) -> str:
    """Two parts of a header with a space between them, on a new line where the last would grow too long."""
    last = len(line) - (line.rfind("\n") + 1)
    return f"{line} {more}" if last + 1 + len(more) <= MAX_LINE else f"{line}\r\n {more}"


def is_plain(text: str) -> bool:
    """True for text that a header may hold as it is."""
    return PRINTABLE.fullmatch(text) is not None and "=?" not in text and text == text.strip()


def fold_words(line: str) -> str:
    """A header of plain words, folded before a space where it grows too long."""
    if len(line) <= MAX_LINE:
        return line
    lines, current = [], ""
    for word in re.findall(" *[^ ]+", line):
        if current and len(current) + len(word) > MAX_LINE:
            lines.append(current)
            current = word
        else:
            current += word
    return "\r\n".join([*lines, current])


def encode_words(text: str, room: int) -> str:
    """Encoded words joined by folds; `room` is left for the first, the others have a line each.

    Q or B encoding, whichever is shorter. A character's bytes stay in one word (RFC 2047 section 5).
    """
    data = text.encode("utf-8")
    quoted, bits = quote(text), b64encode(data).decode()
    form, whole = ("Q", quoted) if len(quoted) <= len(bits) else ("B", bits)
    first, others = room - FRAME, MAX_LINE - 1 - FRAME
    if len(whole) <= first:
        pieces = [whole]
    elif form == "Q":
        pieces = [quote(piece) for piece in split(text, first, others, quoted_length)]
    else:
        cut = split(text, first // 4 * 3, others // 4 * 3, byte_length)
        pieces = [b64encode(piece.encode("utf-8")).decode() for piece in cut]
    return "\r\n ".join([f"=?utf-8?{form}?{piece}?=" for piece in pieces])


def split(text: str, first: int, others: int, cost: Callable[[str], int]) -> Iterator[str]:
    """The text in pieces that cost no more than `first`, then `others`."""
    start = used = 0
    room = first
    for index, character in enumerate(text):
        used += cost(character)
        if used > room and index > start:
            yield text[start:index]
            start, used, room = index, cost(character), others
    yield text[start:]


def quote(text: str) -> str:
    """Q encoding (RFC 2047 section 4.2)."""
    return "".join([Q_CODES[byte] for byte in text.encode("utf-8")])


def quoted_length(character: str) -> int:
    """What a character costs in Q encoding."""
    return len(quote(character))


def byte_length(character: str) -> int:
    """What a character costs in B encoding, in bytes before it."""
    return len(character.encode("utf-8"))
