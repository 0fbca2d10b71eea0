"""The secrets of an installation: the first signs, all verify."""

import base64
import hmac

from ruhrmail.tokens.stamp import Stamp
from ruhrmail.tokens.token import (
    BODY_BYTES,
    LINK,
    NO_LIST,
    RETURN,
    RETURN_PREFIX,
    TAG_BYTES,
    TOKEN_BYTES,
    VERSION,
    Purpose,
    Token,
    return_address,
)


class Keyring:
    """The secrets of one installation, newest first: the first signs, all verify. Nothing of them shows in a repr."""

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        if not secrets:
            raise ValueError("a keyring without a secret signs nothing")
        self._take(secrets)

    def _take(self, secrets: tuple[bytes, ...]) -> None:
        self._secrets = secrets
        self._keys = tuple((key_id(key), key) for key in derived(secrets, "mail tokens"))

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.key_ids)})"

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids that tokens name their key by, two hexadecimal digits each; the first is the one that signs."""
        return tuple(f"{number:02x}" for number, _ in self._keys)

    def derive(self, label: str) -> tuple[bytes, ...]:
        """Keys of 32 bytes for one use, one for each secret in their order; another label gives unrelated keys."""
        return derived(self._secrets, label)

    def stamp(self, purpose: Purpose, mailing: int, list_: bytes = NO_LIST) -> Stamp:
        """What signs the tokens of one purpose and mailing."""
        number, key = self._keys[0]
        return Stamp(key, bytes((VERSION << 4 | purpose, number)), list_ + mailing.to_bytes(4, "big"))

    def sign_link(self, token: Token) -> str:
        """The token as links carry it."""
        return self.stamp(token.purpose, token.mailing, token.list).sign_link(token.subscriber)

    def sign_return(self, token: Token) -> str:
        """The token as return addresses carry it."""
        return self.stamp(token.purpose, token.mailing, token.list).sign_return(token.subscriber)

    def return_address(self, token: Token, domain: str) -> str:
        """The envelope sender `u+TOKEN@DOMAIN`."""
        return return_address(self.sign_return(token), domain)

    def verify_link(self, text: str, purpose: Purpose) -> Token | None:
        """The token of a link, None unless it was signed by one of our secrets for this purpose."""
        return self._verify(base64.urlsafe_b64decode(text), purpose) if LINK.fullmatch(text) else None

    def verify_return(self, text: str, purpose: Purpose = Purpose.RETURN) -> Token | None:
        """The token of a return address, in any letter case; None unless genuine and for this purpose."""
        if not RETURN.fullmatch(text):
            return None
        raw = base64.b32decode(text.upper() + "===")
        canonical = base64.b32encode(raw).decode().rstrip("=") == text.upper()
        return self._verify(raw, purpose) if canonical else None

    def verify_address(self, address: str, purpose: Purpose = Purpose.RETURN) -> Token | None:
        """The token of a whole return address `u+TOKEN@DOMAIN`, whatever its domain; None as above."""
        local = address.strip().removeprefix("<").partition("@")[0]
        if local[: len(RETURN_PREFIX)].lower() != RETURN_PREFIX:
            return None
        return self.verify_return(local[len(RETURN_PREFIX) :], purpose)

    def _verify(self, raw: bytes, purpose: Purpose) -> Token | None:
        body, tag = raw[:BODY_BYTES], raw[BODY_BYTES:]
        if len(raw) != TOKEN_BYTES or body[0] != (VERSION << 4 | purpose):
            return None
        for number, key in self._keys:
            if number == body[1] and hmac.compare_digest(hmac.digest(key, body, "sha256")[:TAG_BYTES], tag):
                return Token(purpose, body[2:10], int.from_bytes(body[13:], "big"), body[10:13])
        return None


def derived(secrets: tuple[bytes, ...], label: str) -> tuple[bytes, ...]:
    """A key of 32 bytes for one use from each secret."""
    return tuple(hmac.digest(secret, b"ruhrmail/" + label.encode(), "sha256") for secret in secrets)


def key_id(key: bytes) -> int:
    """The byte by which tokens name their key; two keys may share it, then both are tried."""
    return hmac.digest(key, b"key id", "sha256")[0]
