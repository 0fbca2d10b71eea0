"""What a lawful client never does."""

import re
from dataclasses import dataclass, field

LAST_IN_GROUP = frozenset({"EHLO", "HELO", "DATA", "QUIT", "NOOP", "VRFY", "EXPN", "STAR", "AUTH"})
"""RFC 2920 section 3.1; STARTTLS by RFC 3207, AUTH by RFC 4954."""
PARAMETER = {"SIZE": "SIZE", "BODY": "8BITMIME", "SMTPUTF8": "SMTPUTF8"}
MAX_LINE, MAX_COMMAND, MAX_AUTH = 998, 512, 12288


@dataclass(slots=True)
class Legality:
    """Collects breaches of the protocol in words."""

    extensions: frozenset[str]
    breaches: list[str] = field(default_factory=list)

    def check_command(self, line: bytes, verb: str, more: bool) -> None:
        """A command line, and whether more came together with it (RFC 5321 section 4.5.3.1, RFC 2920)."""
        if not line.endswith(b"\r\n"):
            self.breaches.append(f"{verb}: a bare LF")
        if len(line) > (MAX_AUTH if verb == "AUTH" else MAX_COMMAND):
            self.breaches.append(f"{verb}: a line of {len(line)} bytes")
        if more and "PIPELINING" not in self.extensions:
            self.breaches.append(f"{verb}: pipelined without leave")
        elif more and verb in LAST_IN_GROUP:
            self.breaches.append(f"{verb}: not the last of its group")

    def check_parameters(self, line: str) -> str:
        """MAIL's parameters; gives the first that was not announced."""
        names = [word.partition("=")[0].upper() for word in line.rpartition(">")[2].split()]
        unknown = next((name for name in names if PARAMETER.get(name, "-") not in self.extensions), "")
        if unknown:
            self.breaches.append(f"MAIL: {unknown} was not announced")
        return unknown

    def check_content(self, content: bytes, eight_bits: bool, more: bool) -> None:
        """A body (RFC 5321 section 4.5.3.1.6, RFC 6152)."""
        if more and "PIPELINING" not in self.extensions:
            self.breaches.append("dot: pipelined without leave")
        if re.search(rb"\r(?!\n)|(?<!\r)\n", content):
            self.breaches.append("body: a bare CR or LF")
        if re.search(rb"[^\r\n]{%d}" % (MAX_LINE + 1), content):
            self.breaches.append(f"body: a line of more than {MAX_LINE} bytes")
        if not eight_bits and not content.isascii():
            self.breaches.append("body: eight bits unannounced")
