"""A message on the wire: its envelope as commands, its content as data (RFC 5321 sections 3.3, 4.5.2 and 4.5.3)."""

import re
from collections.abc import Mapping

from ruhrmail.model.mail import Envelope, Message

MAX_LINE = 998
PLAIN = re.compile("[!-;=?-~]*")


def fault_of(envelope: Envelope, utf8: bool) -> str:
    """Why an address cannot stand in a command, empty when it can; `utf8`: the relay knows SMTPUTF8 (RFC 6531)."""
    for address in (envelope.sender, envelope.recipient):
        if PLAIN.fullmatch(address):
            continue
        if not address.isprintable() or any(character in "<> " for character in address):
            return "the address cannot be written in an SMTP command"
        if not utf8 and not address.isascii():
            return "the relay takes no addresses with letters beyond ASCII (SMTPUTF8)"
    return "" if envelope.recipient else "the recipient has no address"


def envelope_of(message: Message, known: Mapping[str, str]) -> tuple[bytes, bytes]:
    """The commands MAIL and RCPT of a message, for a relay whose extensions are `known`."""
    sender, recipient = message.envelope.sender.encode(), message.envelope.recipient.encode()
    return b"MAIL FROM:<%b>%b\r\n" % (sender, mail_options(message, known)), b"RCPT TO:<%b>\r\n" % recipient


def mail_options(message: Message, known: Mapping[str, str]) -> bytes:
    """MAIL parameters: SIZE (RFC 1870), BODY=8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531)."""
    envelope = message.envelope
    size = b" SIZE=%d" % len(message.content) if "size" in known else b""
    plain = envelope.recipient.isascii() and envelope.sender.isascii()
    if plain and message.wire_ready:  # encoded bodies and ASCII headers
        return size
    eight_bits = b" BODY=8BITMIME" if "8bitmime" in known and not message.content.isascii() else b""
    return b"%b%b%b" % (size, eight_bits, b"" if plain else b" SMTPUTF8")


def check_content(content: bytes) -> None:
    """Our own promise about messages: CRLF line ends only, lines of at most 998 bytes (RFC 5322 section 2.1.1)."""
    ends = content.count(b"\r\n")
    assert content.endswith(b"\r\n"), "a message ends with CRLF"
    assert content.count(b"\n") == ends == content.count(b"\r"), "a bare CR or LF in a message"
    assert max(map(len, content.split(b"\r\n"))) <= MAX_LINE, "a line of more than 998 bytes"


def stuff_dots(content: bytes) -> bytes:
    """Transparency (RFC 5321 section 4.5.2): a leading dot is doubled."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
