"""Signed tokens that mails carry, and the secrets that sign them."""

from ruhrmail.tokens.keyring import Keyring
from ruhrmail.tokens.secret_file import SECRET_NAME, load_keyring, read_secrets, rotate_secrets
from ruhrmail.tokens.stamp import Stamp
from ruhrmail.tokens.token import (
    LINK,
    LINK_CHARACTERS,
    RETURN_CHARACTERS,
    SAMPLE_RETURN,
    SAMPLE_TOKEN,
    UNSUBSCRIBE_PREFIX,
    Purpose,
    Token,
    return_address,
)

__all__ = [
    "LINK",
    "LINK_CHARACTERS",
    "RETURN_CHARACTERS",
    "SAMPLE_RETURN",
    "SAMPLE_TOKEN",
    "SECRET_NAME",
    "UNSUBSCRIBE_PREFIX",
    "Keyring",
    "Purpose",
    "Stamp",
    "Token",
    "load_keyring",
    "read_secrets",
    "return_address",
    "rotate_secrets",
]
