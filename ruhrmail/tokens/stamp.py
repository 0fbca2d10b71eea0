"""Signs the tokens of a mailing by the hundred thousand."""

import base64
import hashlib

from ruhrmail.tokens.token import BODY_BYTES, RETURN_CHARACTERS, TAG_BYTES, TOKEN_BYTES

BLOCK_BYTES = 64
INNER_PAD, OUTER_PAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
"""What the two hashes of an HMAC make of a key that is no longer than a block of SHA-256 (RFC 2104 section 2)."""
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = tuple(first + second for first in BASE32 for second in BASE32)
"""Every ten bits as two letters of base32: four times as fast as the standard library's function."""
PAIR_SHIFTS = tuple(range(8 * TOKEN_BYTES + 16 - 10, -1, -10))
"""Where each ten bits of a token begin once it is filled up to 35 bytes, a multiple of five."""


class Stamp:
    """Signs the tokens of one mailing, one for each subscriber: the same as `Keyring` does, only faster.

    Both hashes of the HMAC (RFC 2104) are kept as they stand after the key; may be used by several threads at once.
    """

    __slots__ = ("_head", "_inner", "_outer", "_tail")

    def __init__(self, key: bytes, head: bytes, tail: bytes) -> None:
        self._head, self._tail = head, tail
        self._inner = hashlib.sha256(key.ljust(BLOCK_BYTES, b"\0").translate(INNER_PAD))
        self._outer = hashlib.sha256(key.ljust(BLOCK_BYTES, b"\0").translate(OUTER_PAD))

    def sign(self, subscriber: bytes) -> bytes:
        """The 33 bytes of the token."""
        body = self._head + subscriber + self._tail
        if len(body) != BODY_BYTES:
            raise ValueError("a token holds 8 bytes of subscriber and 3 of list")
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(body)
        outer.update(inner.digest())
        return body + outer.digest()[:TAG_BYTES]

    def sign_link(self, subscriber: bytes) -> str:
        """The token as 44 characters of base64url (RFC 4648 section 5)."""
        return base64.urlsafe_b64encode(self.sign(subscriber)).decode()

    def sign_return(self, subscriber: bytes) -> str:
        """The token as 53 characters of lower-case base32 (RFC 4648 section 6), without padding."""
        number = int.from_bytes(self.sign(subscriber), "big") << 16
        return "".join([PAIRS[number >> shift & 1023] for shift in PAIR_SHIFTS])[:RETURN_CHARACTERS]
