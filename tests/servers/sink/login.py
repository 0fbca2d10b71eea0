"""The server's side of AUTH (RFC 4954): PLAIN, LOGIN, CRAM-MD5, XOAUTH2."""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

METHODS = ("CRAM-MD5", "PLAIN", "LOGIN")
CHALLENGE = b"<1896.697170952@sink.example>"
REJECTED = b'{"status":"401","schemes":"Bearer","scope":"https://mail.sink.example/"}'
Ask = Callable[[bytes], Awaitable[bytes]]
"""Sends a challenge (334) and gives the client's answer, both still without base64."""


class GaveUp(Exception):
    """The client cancelled with `*`, or its answer is no base64."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The one account. A method that lacks what it compares with turns everybody away."""

    user: str
    password: str
    token: str

    async def admits(self, method: str, initial: bytes | None, ask: Ask) -> bool:
        """Runs the exchange of a method. Raises GaveUp."""
        match method:
            case "PLAIN":
                answer = await ask(b"") if initial is None else initial
                return bool(self.password) and answer == f"\0{self.user}\0{self.password}".encode()
            case "LOGIN":
                user = await ask(b"Username:") if initial is None else initial
                password = await ask(b"Password:")
                return bool(self.password) and (user, password) == (self.user.encode(), self.password.encode())
            case "CRAM-MD5":
                digest = hmac.new(self.password.encode(), CHALLENGE, "md5").hexdigest()
                answer = await ask(CHALLENGE)
                return bool(self.password) and answer == f"{self.user} {digest}".encode()
        answer = await ask(b"") if initial is None else initial
        right = bool(self.token) and answer == f"user={self.user}\1auth=Bearer {self.token}\1\1".encode()
        if not right and await ask(REJECTED) != b"":
            raise GaveUp
        return right


def read_base64(text: bytes) -> bytes:
    """Raises GaveUp."""
    try:
        return b64decode(text, validate=True)
    except binascii.Error:
        raise GaveUp from None


def read_initial(words: list[str]) -> bytes | None:
    """The third word of the command: nothing, `=` for an empty one, or base64."""
    if len(words) < 3:
        return None
    return b"" if words[2] == "=" else read_base64(words[2].encode())


def write_challenge(challenge: bytes) -> str:
    return f"334 {b64encode(challenge).decode()}"
