"""Amazon SNS: who signed a notification (its developer guide, "Verifying the signatures of Amazon SNS messages")."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from ruhrmail.hooks.fetch import Fetch
from ruhrmail.hooks.request import FORBIDDEN, LATER, HookRefused, text

NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")
MOST = 16
DIGESTS: Mapping[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}


@dataclass(slots=True)
class Certificates:
    """The keys that notifications are signed with, fetched once from Amazon and kept in memory."""

    fetch: Fetch
    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def key_at(self, url: str) -> rsa.RSAPublicKey:
        """The key of the certificate at an address. Raises HookRefused."""
        with self.lock:
            if url not in self.keys:
                if len(self.keys) >= MOST:
                    self.keys.clear()
                self.keys[url] = read_key(self.fetch(url))
            return self.keys[url]


def read_key(pem: bytes) -> rsa.RSAPublicKey:
    """The RSA key of a certificate; what is none may be one at the next try."""
    try:
        key = load_pem_x509_certificate(pem).public_key()
    except ValueError:
        raise HookRefused(LATER) from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise HookRefused(LATER)
    return key


def verify(note: Mapping[str, Any], certificates: Certificates) -> None:
    """Raises HookRefused (403) unless Amazon SNS signed it for this topic's region."""
    url, region = text(note.get("SigningCertURL")), text(note.get("TopicArn")).split(":")[3]
    digest = DIGESTS.get(text(note.get("SignatureVersion")))
    if digest is None or not is_amazons(url, region) or not CERTIFICATE.fullmatch(urlsplit(url).path):
        raise HookRefused(FORBIDDEN)
    try:
        signature = base64.b64decode(text(note.get("Signature")), validate=True)
        certificates.key_at(url).verify(signature, signed_text(note), padding.PKCS1v15(), digest())
    except (InvalidSignature, binascii.Error, ValueError):
        raise HookRefused(FORBIDDEN) from None


def signed_text(note: Mapping[str, Any]) -> bytes:
    """What the signature is about: names and values in turn, each on a line; an absent subject is left out."""
    names = NOTIFICATION if note.get("Type") == "Notification" else CONFIRMATION
    lines = [line for name in names if isinstance(note.get(name), str) for line in (name, note[name])]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def is_amazons(url: str, region: str) -> bool:
    """Whether an address is one of Amazon SNS in a region, over https on the usual port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    hosts = (f"sns.{region}.amazonaws.com", f"sns.{region}.amazonaws.com.cn")
    return parts.scheme == "https" and parts.netloc.lower() in hosts and port is None
