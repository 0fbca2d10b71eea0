"""Authentication-Results (RFC 8601): what the receiving server found out about a mail."""

import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

RESULT = re.compile(
    r"\s*(?P<method>[A-Za-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*(?P<result>[A-Za-z0-9-]+)(?P<rest>.*)", re.DOTALL
)
DOMAIN = re.compile(
    r"\b(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s*=\s*\"?[^\s;\"]*?@?(?P<domain>[\w.-]+)\"?(?=[\s;]|$)"
)
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
DEPTH = 20
MOST = 100


@dataclass(frozen=True, slots=True)
class Authentication:
    """One method's result, in small letters: `dkim`, `pass`, and the domain it is about, empty where none is named."""

    method: str
    result: str
    domain: str = ""


def authentications_in(headers: bytes) -> tuple[Authentication, ...]:
    """What the server that took the mail in last wrote on top of it; others' words below may be forged."""
    message = BytesHeaderParser(policy=compat32).parsebytes(headers)
    fields = [str(value) for value in message.get_all("Authentication-Results", [])]
    if not fields:
        return ()
    server = server_of(fields[0])
    return tuple(one for field in fields if server_of(field) == server for one in results_of(field))[:MOST]


def server_of(field: str) -> str:
    """Who wrote a field."""
    return without_comments(field).partition(";")[0].strip().partition(" ")[0].lower()


def results_of(field: str) -> list[Authentication]:
    """The results of a field, none for `none`."""
    found = []
    for part in without_comments(field).split(";")[1:]:
        match = RESULT.fullmatch(part.strip())
        if match:
            domain = DOMAIN.search(match["rest"])
            found.append(
                Authentication(
                    match["method"].lower(), match["result"].lower(), domain["domain"].lower() if domain else ""
                )
            )
    return found


def without_comments(text: str) -> str:
    """The text without what stands in round brackets (RFC 5322 section 3.2.2), which may be nested."""
    for _ in range(DEPTH):
        shorter = COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return " ".join(text.split())
