"""Signed tokens that mails carry: in links (base64url) and in return addresses (base32).

33 bytes: version and purpose (1), key id (1), the subscriber's random id (8), list (3), mailing (4, big endian), and
the first 16 bytes of HMAC-SHA256 over the 17 before. No address in any of them. Unsubscribe tokens never expire: a
secret that signs no longer still verifies.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

VERSION = 1
TAG_BYTES, BODY_BYTES, TOKEN_BYTES = 16, 17, 33
LINK_CHARACTERS, RETURN_CHARACTERS = 44, 53
LINK = re.compile(rf"[A-Za-z0-9_-]{{{LINK_CHARACTERS}}}")
RETURN = re.compile(rf"[A-Za-z2-7]{{{RETURN_CHARACTERS}}}")
RETURN_PREFIX, UNSUBSCRIBE_PREFIX = "u+", "l+"
MIN_SECRET = 32
SECRET_NAME = "secret"  # noqa: S105 - the name of a file
NO_LIST = bytes(3)
BLOCK_BYTES = 64
INNER_PAD, OUTER_PAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
"""What the two hashes of an HMAC make of a key that is no longer than a block of SHA-256 (RFC 2104 section 2)."""
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = tuple(first + second for first in BASE32 for second in BASE32)
"""Every ten bits as two letters of base32: four times as fast as the standard library's function."""
PAIR_SHIFTS = tuple(range(8 * TOKEN_BYTES + 16 - 10, -1, -10))
"""Where each ten bits of a token begin once it is filled up to 35 bytes, a multiple of five."""
SAMPLE_TOKEN = base64.urlsafe_b64encode(b"sample token: this opens nothing.").decode()
"""What sample mails carry in the place of a token: as long as a real one, of a version that never verifies."""
SAMPLE_RETURN = base64.b32encode(base64.urlsafe_b64decode(SAMPLE_TOKEN)).decode().rstrip("=").lower()
"""The same as return addresses carry it."""


class Purpose(IntEnum):
    """What a token is for; one purpose's token is void for every other."""

    UNSUBSCRIBE = 0
    RETURN = 1
    CONFIRM = 2
    PREFERENCES = 3
    CHANGE = 4


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. `subscriber` is the eight random bytes of `Recipient.token_id`; `mailing` the ledger's number,
    in the link that confirms an opt-in the number of the consent record that it is about, in the one that confirms a
    new address the number of the change.

    `list` holds the first three bytes of the store's id, so that lists that share a secret stay apart.
    """

    purpose: Purpose
    subscriber: bytes
    mailing: int
    list: bytes = NO_LIST


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


def return_address(token: str, domain: str) -> str:
    """The envelope sender `u+TOKEN@DOMAIN`; its local part has 55 characters of the 64 allowed."""
    return f"{RETURN_PREFIX}{token}@{domain}"


def key_id(key: bytes) -> int:
    """The byte by which tokens name their key; two keys may share it, then both are tried."""
    return hmac.digest(key, b"key id", "sha256")[0]


def load_keyring(secrets: tuple[str, ...], state_folder: Path, randomness: Callable[[int], bytes]) -> Keyring:
    """The keyring of a project: the environment's secrets, else those of `.ruhrmail/secret`, made on first use.

    The file holds one secret a line, the first signs. `randomness(n)` gives n random bytes. Raises RuhrmailError.
    """
    if not secrets:
        path = state_folder / SECRET_NAME
        try:
            secrets = read_secrets(path) or create_secret(path, randomness)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            raise RuhrmailError(
                phrase("the secret cannot be read or written: {reason}", reason=reason),
                place(path),
                phrase("check the permissions of the folder, or set RUHRMAIL_SECRET"),
            ) from None
    return Keyring(tuple(secret.encode() for secret in secrets))


def read_secrets(path: Path) -> tuple[str, ...]:
    """The secrets of the file, none where there is no file. Raises RuhrmailError, OSError, UnicodeDecodeError."""
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return ()
    if not lines or any(len(line) < MIN_SECRET for line in lines):
        raise RuhrmailError(
            phrase("a secret is shorter than {count} characters", count=MIN_SECRET),
            place(path),
            phrase(
                "restore the file from a backup; if there is none, delete it: "
                "a new one is made, and links in mails already sent stop working"
            ),
        )
    return tuple(lines)


def create_secret(path: Path, randomness: Callable[[int], bytes]) -> tuple[str, ...]:
    """Makes the file with a new secret (mode 0600, folder 0700); whoever is first wins, complete or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{SECRET_NAME}.{randomness(8).hex()}")
    text = base64.urlsafe_b64encode(randomness(33)).decode()
    try:
        write_secrets(draft, (text,))
        # A link never replaces a file: of two processes that start at once, both go on with the same secret.
        os.link(draft, path)
    except FileExistsError:
        return read_secrets(path)
    finally:
        draft.unlink(missing_ok=True)
    return (text,)


def rotate_secrets(state_folder: Path, randomness: Callable[[int], bytes]) -> Keyring:
    """Puts a new secret in front of those of `.ruhrmail/secret`: it signs from now on, the older ones still verify.

    All of the file is written anew or nothing of it. Raises RuhrmailError.
    """
    path = state_folder / SECRET_NAME
    load_keyring((), state_folder, randomness)
    draft = path.with_name(f"{SECRET_NAME}.{randomness(8).hex()}")
    try:
        secrets = (base64.urlsafe_b64encode(randomness(33)).decode(), *read_secrets(path))
        write_secrets(draft, secrets)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise RuhrmailError(
            phrase("the secret cannot be read or written: {reason}", reason=reason), place(path)
        ) from None
    return Keyring(tuple(secret.encode() for secret in secrets))


def write_secrets(path: Path, secrets: tuple[str, ...]) -> None:
    """Writes a new file (mode 0600), on the disk when it returns. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{secret}\n" for secret in secrets))
        file.flush()
        os.fsync(file.fileno())


def place(path: Path) -> Location:
    """Where the secret lies, as messages show it."""
    return Location(f"{path.parent.name}/{path.name}")
