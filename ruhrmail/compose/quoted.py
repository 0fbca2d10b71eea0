"""Text to quoted-printable (RFC 2045 section 6.7), in lines that never need dot-stuffing."""

import re
from binascii import b2a_qp

MAX_LINE = 76
SOFT_BREAK = "=\r\n"
CODES = tuple(chr(byte) if 32 <= byte < 127 and byte != ord("=") else f"={byte:02X}" for byte in range(256))
"""How each byte is written; spaces at the end of a line are treated apart."""
DELICATE = b".F"
"""What begins a dot, or perhaps `From `."""
LINE_BREAK = re.compile("\r\n|\r|\n")


def encode_text(text: str, more: bool) -> str:
    """A literal part of a body; `more` says that a merged value follows and wants a line of its own."""
    lines = [encode_line(line) for line in LINE_BREAK.split(text)]
    if lines[-1] and more:
        lines[-1] += SOFT_BREAK
    return "\r\n".join(lines)


def encode_value(value: str) -> bytes:
    """A merged value on soft lines of its own; nothing for an empty one."""
    if not value:
        return b""
    written = b2a_qp(value.encode("utf-8"))
    # The library's breaks and dots are not ours: what needs either is written by `encode_line`.
    if written[0] not in DELICATE and len(written) < MAX_LINE and b"\n" not in written:
        return written + b"=\r\n"
    return f"{encode_line(value)}=\r\n".encode("ascii")


def encode_line(line: str) -> str:
    """One line of text as one or more encoded lines, joined by soft breaks, with no break at its end."""
    data = line.encode("utf-8")
    written = "".join([CODES[byte] for byte in data])
    if written.endswith(" "):
        written = written[:-1] + "=20"
    if len(written) < MAX_LINE and not written.startswith((".", "From ")):
        return written
    return SOFT_BREAK.join(fold(written))


def fold(written: str) -> list[str]:
    """Encoded text cut into lines of at most 75 characters (a soft break's `=` makes 76), escapes kept whole."""
    lines = []
    while written:
        written = guard(written)
        end = MAX_LINE - 1
        if len(written) > end:
            # An escape is three characters long: step back when the cut would fall inside one.
            escape = written.rfind("=", end - 2, end)
            end = escape if escape >= 0 else end
        lines.append(written[:end])
        written = written[end:]
    return lines


def guard(written: str) -> str:
    """The line with its beginning escaped where SMTP (RFC 5321 section 4.5.2) or an mbox would change it."""
    if written.startswith("."):
        return "=2E" + written[1:]
    return "=46" + written[1:] if written.startswith("From ") else written
