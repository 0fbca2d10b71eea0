"""Signed tokens that mails carry: in links (base64url) and in return addresses (base32).

33 bytes: version and purpose (1), key id (1), the subscriber's random id (8), list (3), mailing (4, big endian), and
the first 16 bytes of HMAC-SHA256 over the 17 before. No address in any of them. Unsubscribe tokens never expire: a
secret that signs no longer still verifies.
"""

import base64
import re
from dataclasses import dataclass
from enum import IntEnum

VERSION = 1
TAG_BYTES, BODY_BYTES, TOKEN_BYTES = 16, 17, 33
LINK_CHARACTERS, RETURN_CHARACTERS = 44, 53
LINK = re.compile(rf"[A-Za-z0-9_-]{{{LINK_CHARACTERS}}}")
RETURN = re.compile(rf"[A-Za-z2-7]{{{RETURN_CHARACTERS}}}")
RETURN_PREFIX, UNSUBSCRIBE_PREFIX = "u+", "l+"
NO_LIST = bytes(3)
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


def return_address(token: str, domain: str) -> str:
    """The envelope sender `u+TOKEN@DOMAIN`; its local part has 55 characters of the 64 allowed."""
    return f"{RETURN_PREFIX}{token}@{domain}"
