"""DKIM signatures (RFC 6376; Ed25519 by RFC 8463): headers relaxed, body simple, SHA-256."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from ruhrmail.model.mail import Message

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
SEALED = ("from", "to", "cc", "subject", "date", "message-id", "reply-to", "mime-version", "content-type")
"""Signed once more than they occur, so that nobody can add another one unnoticed (RFC 6376 section 8.15)."""
SIGNED = ("list-unsubscribe", "list-unsubscribe-post", "list-id", "content-language")
"""Signed as often as they occur; mailbox providers heed the first two only where a signature covers them (RFC 8058)."""
LINE = 74
"""Characters of a folded line of the signature, without the space before it."""
FOLD = "\r\n "
FOLDED = re.compile("\r\n(?=[ \t])")
BLANKS = re.compile("[ \t]+")
Headers = Mapping[str, Sequence[str]]
"""Header lines in relaxed form by lower-case name, in the order of the message."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature's domain (`d=`), selector (`s=`) and private key, which never shows in a repr."""

    domain: str
    selector: str
    key: PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        """The name of the signature algorithm (`a=`)."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, data: bytes) -> bytes:
        """The signature of these bytes. Other threads run while it is computed."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        # Ed25519 signs the hash, not the data (RFC 8463 section 3).
        return self.key.sign(hashlib.sha256(data).digest())


def signing(signers: Sequence[Signer], now: Callable[[], datetime]) -> Callable[[Message], Message]:
    """The function that signs messages, by several threads at once if need be; `now` is aware."""

    def sign_message(message: Message) -> Message:
        return replace(message, content=sign(message.content, signers, int(now().timestamp())))

    return sign_message


def sign(content: bytes, signers: Sequence[Signer], at: int) -> bytes:
    """The message with a `DKIM-Signature` for each signer on top; the body is hashed once for all.

    `content` has CRLF line ends and an empty line after the headers; `at` is the time of signing in seconds since 1970.
    """
    end = content.index(b"\r\n\r\n") + 2
    headers = relax(content[:end].decode())
    body_hash = base64.b64encode(hash_body(content, end + 2)).decode("ascii")
    names = list(names_to_sign(headers))
    covered = "".join(f"{line}\r\n" for line in lines_of(headers, names))
    signatures = [sign_headers(covered, names, body_hash, signer, at) for signer in signers]
    return b"".join([*signatures, content])


def hash_body(content: bytes, start: int) -> bytes:
    """SHA-256 of the body that begins at `start`, without the empty lines at its end (RFC 6376 section 3.4.3)."""
    end = len(content)
    while content.endswith(b"\r\n\r\n", start, end):
        end -= 2
    if content[start:end] == b"\r\n" or start == end:
        return hashlib.sha256(b"\r\n").digest()
    # A view spares a copy of the whole message; what is hashed at once is hashed while other threads run.
    return hashlib.sha256(memoryview(content)[start:end]).digest()


def relax(head: str) -> dict[str, list[str]]:
    """The headers in relaxed form (RFC 6376 section 3.4.2): unfolded, blanks joined, names in lower case."""
    found: dict[str, list[str]] = {}
    for line in FOLDED.sub("", head).split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name = name.rstrip(" \t").lower()
        found.setdefault(name, []).append(f"{name}:{BLANKS.sub(' ', value).strip(' ')}")
    return found


def names_to_sign(headers: Headers) -> Iterator[str]:
    """The value of `h=`: every name as often as it is signed."""
    for name in SEALED:
        yield from [name] * (len(headers.get(name, ())) + 1)
    for name in SIGNED:
        yield from [name] * len(headers.get(name, ()))


def lines_of(headers: Headers, names: Sequence[str]) -> Iterator[str]:
    """The header lines that these names cover: of several alike the last first, none where there is no other."""
    for name in dict.fromkeys(names):
        yield from reversed(headers.get(name, ()))


def sign_headers(covered: str, names: Sequence[str], body_hash: str, signer: Signer, at: int) -> bytes:
    """The `DKIM-Signature` header of one signer (RFC 6376 section 3.5), folded."""
    unsigned = (
        f"DKIM-Signature: v=1; a={signer.algorithm}; c=relaxed/simple;{FOLD}d={signer.domain};{FOLD}"
        f"s={signer.selector}; t={at};{FOLD}h={FOLD.join(wrap_names(names))};{FOLD}bh={body_hash};{FOLD}b="
    )
    ((own,),) = relax(f"{unsigned}\r\n").values()
    signature = base64.b64encode(signer.sign(f"{covered}{own}".encode())).decode("ascii")
    return f"{unsigned}{FOLD.join(wrap(signature))}\r\n".encode("ascii")


def wrap_names(names: Sequence[str]) -> Iterator[str]:
    """The names with colons between them, in lines."""
    line = ""
    for name in names:
        if line and len(line) + len(name) + 1 > LINE - 2:
            yield f"{line}:"
            line = name
        else:
            line = f"{line}:{name}" if line else name
    yield line


def wrap(text: str) -> Iterator[str]:
    """The text in lines, the first of which has `b=` before it."""
    yield text[: LINE - 2]
    for start in range(LINE - 2, len(text), LINE):
        yield text[start : start + LINE]
