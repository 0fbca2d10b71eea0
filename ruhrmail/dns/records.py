"""DMARC policies and DKIM keys as they stand in the domain name system."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ruhrmail.names import Answer


DmarcFault = Literal["", "missing", "double", "version", "policy", "report", "unknown"]
DkimFault = Literal["", "missing", "double", "version", "revoked", "broken", "other-key", "testing", "unknown"]
POLICIES = ("none", "quarantine", "reject")
MOST_LABELS = 8
TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A policy and the name it was found at; `fault` says what is wrong with it, `tags` all that the record says."""

    fault: DmarcFault = ""
    name: str = ""
    policy: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def read_tags(record: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=…` by tag (RFC 6376 section 3.2); of a tag that stands twice the first."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, sign, value = part.partition("=")
        if sign and TAG.fullmatch(name.strip()):
            found.setdefault(name.strip(), value.strip())
    return found


def find_dmarc(domain: str, ask: Callable[[str], "Answer"]) -> Dmarc:
    """The policy for a domain: its own, else that of the nearest domain above it that has one (RFC 7489 section 6.6.3;
    we walk up the tree and need no list of public suffixes)."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        if start and len(labels) - start > MOST_LABELS:
            continue
        name = f"_dmarc.{'.'.join(labels[start:])}"
        answer = ask(name)
        if answer.state == "failed":
            return Dmarc("unknown", name)
        records = [one for one in answer.values if re.match(r"\s*v\s*=\s*dmarc1", one, re.IGNORECASE)]
        if records:
            return Dmarc("double", name) if len(records) > 1 else judge_dmarc(name, records[0], inherited=start > 0)
    return Dmarc("missing", f"_dmarc.{domain}")


def judge_dmarc(name: str, record: str, *, inherited: bool) -> Dmarc:
    """What is wrong with a policy (RFC 7489 section 6.3)."""
    tags = read_tags(record)
    policy = tags.get("p", "").lower()
    if not re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", record):
        return Dmarc("version", name)
    below = tags.get("sp", policy).lower()
    if policy not in POLICIES or below not in POLICIES:
        return Dmarc("policy", name)
    reports = [one.strip() for key in ("rua", "ruf") for one in tags.get(key, "").split(",") if one.strip()]
    if not all(re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", one, re.IGNORECASE) for one in reports):
        return Dmarc("report", name)
    return Dmarc("", name, below if inherited else policy, tags)


def judge_dkim(answer: "Answer", ours: str | None) -> DkimFault:
    """What is wrong with a published key (RFC 6376 section 3.6.1); `ours` is the record of our own, None where it is
    not here."""
    if answer.state == "failed":
        return "unknown"
    if len(answer.values) != 1:
        return "double" if answer.values else "missing"
    tags = read_tags(answer.values[0])
    if tags.get("v", "DKIM1") != "DKIM1":
        return "version"
    key = "".join(tags.get("p", "").split())
    if not key:
        return "revoked" if "p" in tags else "broken"
    return judge_key(tags, key, read_tags(ours) if ours else None)


def judge_key(tags: dict[str, str], key: str, ours: dict[str, str] | None) -> DkimFault:
    """What is wrong with a key that is there."""
    data = decode(key)
    if data is None:
        return "broken"
    if ours is not None and (tags.get("k", "rsa"), key_of(data)) != (ours["k"], key_of(decode(ours["p"]) or b"")):
        return "other-key"
    return "testing" if "y" in tags.get("t", "").split(":") else ""


def decode(text: str) -> bytes | None:
    """Base64, None for what is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def key_of(data: bytes) -> object:
    """What two forms of one key have in common: an RSA key may stand in its own form or in an envelope (RFC 8017)."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return data
    return key.public_numbers() if isinstance(key, RSAPublicKey) else data


def bits_of(record: str) -> int | None:
    """The length of a published RSA key in bits; None for other kinds, and for what is none."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    data = decode("".join(read_tags(record).get("p", "").split()))
    key = key_of(data) if data else None
    return key.n.bit_length() if isinstance(key, RSAPublicNumbers) else None
