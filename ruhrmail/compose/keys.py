"""DKIM keys: made, read from PEM, and as the DNS record that publishes them (RFC 6376 section 3.6.1, RFC 8463)."""

import base64
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ruhrmail.compose.dkim import PrivateKey
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

KeyType = Literal["rsa", "ed25519"]
RSA_BITS, LEAST_BITS = 2048, 1024
"""What is made and asked for, and what verifiers accept at all (RFC 8301 section 3.2)."""
RSA_EXPONENT = 65537
MAX_STRING = 255
"""Bytes of one character string of a TXT record (RFC 1035 section 3.3)."""


def make_key(kind: KeyType) -> bytes:
    """A new private key as PEM (PKCS #8)."""
    key: PrivateKey = (
        Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(RSA_EXPONENT, RSA_BITS)
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key(pem: bytes, at: Location) -> PrivateKey:
    """The private key in a PEM text (PKCS #8 or PKCS #1), which came from `at`. Raises RuhrmailError; it shows nothing
    of the key."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise RuhrmailError(
            phrase("this key is locked with a password"), at, phrase("unlock it with: openssl pkey -in OLD -out NEW")
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise RuhrmailError(
            phrase("this is no private key in PEM"), at, phrase("it begins with -----BEGIN PRIVATE KEY-----")
        ) from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, RSAPrivateKey):
        raise RuhrmailError(phrase("DKIM knows RSA and Ed25519 keys only"), at, MAKE_ANOTHER)
    if key.key_size < LEAST_BITS:
        raise RuhrmailError(phrase("an RSA key of {bits} bits is refused everywhere", bits=key.key_size), at,
                            MAKE_ANOTHER)  # fmt: skip
    return key


MAKE_ANOTHER = phrase("make another with: ruhrmail keys dkim SELECTOR")


def is_weak(key: PrivateKey) -> bool:
    """True for a key that verifiers still accept but that is shorter than it should be."""
    return isinstance(key, RSAPrivateKey) and key.key_size < RSA_BITS


def record_of(key: PrivateKey) -> str:
    """The value of the TXT record that publishes a key."""
    public = key.public_key()
    if isinstance(key, RSAPrivateKey):
        kind, data = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, data = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(data).decode('ascii')}"


def split_record(value: str) -> tuple[str, ...]:
    """The value cut into the character strings that DNS holds."""
    return tuple(value[start : start + MAX_STRING] for start in range(0, len(value), MAX_STRING))
