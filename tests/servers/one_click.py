"""A mail program's one-click unsubscribing, after RFC 8058 and what it refers to; nothing of ruhrmail's is used.

`read_offer` judges a message as a receiver must before it shows a button, `Offer.accept` presses it.
"""

import http.client
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from urllib.parse import urlsplit

import dkim

Resolve = Callable[..., bytes | None]
PAIR = ("List-Unsubscribe", "One-Click")
HIDDEN = re.compile(r"[^\x21-\x7e]")
"""What may not stand in a URI (RFC 3986): white space, controls, anything but ASCII."""


class NoOffer(Exception):
    """The message offers no one-click unsubscribing; says which sentence of the RFC it breaks."""


class Refused(Exception):
    """The sender's server did not do as the RFC says."""


@dataclass(frozen=True)
class Offer:
    """The address to post to, and whether a valid signature covers both headers."""

    url: str
    signed: bool

    def accept(self, form: str = "multipart", connect_to: Mapping[str, tuple[str, int]] | None = None) -> None:
        """Posts `List-Unsubscribe=One-Click` as a multipart or urlencoded form (section 3.2). Raises Refused.

        No cookies, no login, nothing else that tells who asks. `connect_to` says where a host is to be found.
        """
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        found = (connect_to or {}).get(parts.hostname)
        if found is None and parts.scheme == "https":
            raise AssertionError("nobody but a known host is asked over TLS here")
        connection = http.client.HTTPConnection(*(found or (parts.hostname, parts.port or 80)), timeout=60)
        body, kind = FORMS[form]()
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Host": parts.netloc, "Content-Type": kind})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if 300 <= answer.status < 400:
            raise Refused(f"section 3.1: MUST NOT return an HTTP redirect, but {answer.status}")
        if not 200 <= answer.status < 300:
            raise Refused(f"answered {answer.status}: {content[:200]!r}")
        if answer.getheader("Set-Cookie") or answer.getheader("WWW-Authenticate"):
            raise Refused("section 3.1: wants to know more than the URI says")


def urlencoded() -> tuple[bytes, str]:
    return "=".join(PAIR).encode(), "application/x-www-form-urlencoded"


def multipart() -> tuple[bytes, str]:
    """RFC 7578."""
    mark = f"----{secrets.token_hex(12)}"
    head = f'Content-Disposition: form-data; name="{PAIR[0]}"'
    return f"--{mark}\r\n{head}\r\n\r\n{PAIR[1]}\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


FORMS = {"urlencoded": urlencoded, "multipart": multipart}


def read_offer(raw: bytes, resolve: Resolve | None = None) -> Offer:
    """What a message offers. `resolve` gives the DKIM record of a name; without it signatures are not looked at.

    Raises NoOffer.
    """
    message = message_from_bytes(raw)
    command = unfolded(only(message, "List-Unsubscribe-Post"))
    if command.strip() != "=".join(PAIR):
        raise NoOffer(f"section 3.1: List-Unsubscribe-Post holds {command!r}")
    uris = [uri for uri in uris_of(unfolded(only(message, "List-Unsubscribe"))) if is_fit(uri)]
    if not uris:
        raise NoOffer("section 3.1: MUST contain one HTTPS URI")
    if resolve is not None:
        require_signature(raw, message, resolve)
    return Offer(uris[0], resolve is not None)


def only(message: Message, name: str) -> str:
    """The value of a header that must stand there once (RFC 2369 section 2: no more than one of each)."""
    values = message.get_all(name, [])
    if len(values) != 1:
        raise NoOffer(f"{len(values)} fields {name}")
    return str(values[0])


def unfolded(value: str) -> str:
    """A header's value on one line (RFC 5322 section 2.2.3)."""
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def uris_of(value: str) -> list[str]:
    """The URIs of a list header, in order: in angle brackets, with commas between, comments anywhere (RFC 2369
    section 2). From where it goes wrong on, the rest is ignored."""
    found: list[str] = []
    rest = without_comments(value)
    while match := re.match(r"\s*<([^<>]*)>\s*(,|$)", rest):
        found.append(re.sub(r"\s", "", match[1]))
        rest = rest[match.end() :]
        if match[2] != ",":
            break
    return found


def without_comments(value: str) -> str:
    """The value without `(comments)`, outside of angle brackets."""
    return "".join(part if part.startswith("<") else re.sub(r"\([^()]*\)", " ", part)
                   for part in re.split(r"(<[^<>]*>)", value))  # fmt: skip


def is_fit(uri: str) -> bool:
    """Whether an address may be posted to: https, or http on this very machine, where nobody listens in."""
    parts = urlsplit(uri)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    return (parts.scheme == "https" or local) and bool(parts.hostname) and not HIDDEN.search(uri)


def require_signature(raw: bytes, message: Message, resolve: Resolve) -> None:
    """Section 4: a valid DKIM signature that covers at least both headers. Raises NoOffer."""
    needed = {"list-unsubscribe", "list-unsubscribe-post"}
    signatures = message.get_all("DKIM-Signature", [])
    for place, value in enumerate(signatures):
        tags = dict(each.strip().split("=", 1) for each in unfolded(str(value)).split(";") if "=" in each)
        covered = {re.sub(r"\s", "", name).lower() for name in tags.get("h", "").split(":")}
        if needed <= covered and dkim.DKIM(raw).verify(place, lambda name, timeout=5: resolve(name)):
            return
    raise NoOffer(f"section 4: none of {len(signatures)} signatures is valid and covers both headers")
