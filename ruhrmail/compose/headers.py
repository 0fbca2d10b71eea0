"""Header values to ASCII: encoded words (RFC 2047), display names and folding (RFC 5322)."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

MAX_LINE = 76
"""Lines with encoded words may not be longer (RFC 2047 section 2)."""
FRAME = len("=?utf-8?Q??=")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
PRINTABLE = re.compile("[ -~]*")
ADDRESS = re.compile(r"[!#-'*+\-./-9=?A-Z^-~]+@[A-Za-z0-9.-]+")
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

    `display_name` may hold any text without control characters; its runs of spaces count as one.
    """
    if not ADDRESS.fullmatch(address):
        raise RuhrmailError(phrase("{address} cannot stand in the header of a mail", address=ascii(address)))
    prefix = f"{name}: "
    if not display_name:
        return prefix + address
    return attach(prefix + encode_phrase(display_name, MAX_LINE - len(prefix)), f"<{address}>")


def encode_phrase(text: str, room: int) -> str:
    """A display name: atoms, else a quoted string, else encoded words; `room` is left on the first line."""
    text = " ".join(text.split())
    if is_plain(text) and len(text) + 2 + text.count('"') + text.count("\\") <= room:
        return text if ATOMS.fullmatch(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return encode_words(text, room)


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
