"""Header values to lines: encoded words (RFC 2047), display names and folding (RFC 5322)."""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Callable, Iterator
from itertools import groupby

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

MAX_LINE = 76
"""Lines with encoded words may not be longer (RFC 2047 section 2)."""
FRAME = len("=?utf-8?Q??=")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
ADDRESS = re.compile(r"[!#-'*+\-./-9=?A-Z^-~\u00a1-\U0010ffff]+@[A-Za-z0-9.-]+")
"""Before the @ also what only SMTPUTF8 carries (RFC 6532 section 3.2); the roster decides whether it may be there."""
SAFE_IN_WORDS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What Q encoding may leave as it is inside a phrase (RFC 2047 section 5, rule 3)."""
Q_CODES = tuple(
    "_" if byte == ord(" ") else chr(byte) if byte in SAFE_IN_WORDS else f"={byte:02X}" for byte in range(256)
)


EASY = bytes(byte for byte in range(256) if byte in SAFE_IN_WORDS or byte == ord(" ") or byte > ord("~"))
"""What `binascii` writes in Q encoding as it should be, and several times as fast."""


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
    if is_plain(text):
        written = text if ATOMS.fullmatch(text) else quote_string(text)
        if len(written) <= room:
            return f"{name}: {written}"
    whole = encode_words(text, room)
    return f"{name}: {whole}" if "\n" not in whole else encode_long_phrase(name, text, room)


def quote_string(text: str) -> str:
    """A quoted string (RFC 5322 section 3.2.4)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


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
    last = len(line) - line.rfind("\n")
    return f"{line} {more}" if last + len(more) <= MAX_LINE else f"{line}\r\n {more}"


def is_plain(text: str) -> bool:
    """True for text that a header may hold as it is."""
    return text.isascii() and text.isprintable() and "=?" not in text and text == text.strip()


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
    form, whole = "Q", quote(data)
    if len(whole) > -(-len(data) // 3) * 4:
        form, whole = "B", b64encode(data).decode()
    first, others = room - FRAME, MAX_LINE - 1 - FRAME
    if len(whole) <= first:
        return f"=?utf-8?{form}?{whole}?="
    if form == "Q":
        pieces = [quote(piece.encode("utf-8")) for piece in split(text, first, others, quoted_length)]
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


def quote(data: bytes) -> str:
    """Q encoding (RFC 2047 section 4.2)."""
    if not data.translate(None, EASY):
        written = b2a_qp(data, header=True)
        if b"\n" not in written:  # the library breaks lines on its own terms
            return written.decode("ascii")
    return "".join([Q_CODES[byte] for byte in data])


def quoted_length(character: str) -> int:
    """What a character costs in Q encoding."""
    return len(quote(character.encode("utf-8")))


def byte_length(character: str) -> int:
    """What a character costs in B encoding, in bytes before it."""
    return len(character.encode("utf-8"))
