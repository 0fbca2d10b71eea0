"""Signatures: verified by dkimpy, and broken by any change to what they cover."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.compose import merge, prepare
from ruhrmail.compose.dkim import Signer, hash_body, relax, sign, signing
from ruhrmail.compose.keys import is_weak, make_key, read_key, record_of, split_record
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.edition import Asset
from ruhrmail.model.location import Location
from tests.compose.test_merge import EDITION, FILLING, HEADERS

AT = Location("key.pem", 0, 0)
DOMAIN = "newsletter.example"
NOW = datetime(2026, 11, 6, 9, 31, tzinfo=UTC)


def signer_of(selector: str, pem: bytes) -> Signer:
    return Signer(DOMAIN, selector, read_key(pem, AT))


RSA = signer_of("rsa-2026", make_key("rsa"))
ED = signer_of("ed.2026", make_key("ed25519"))
SIGNERS = pytest.mark.parametrize("signers", [[RSA], [ED], [RSA, ED]], ids=["rsa", "ed25519", "both"])
PICTURE = Asset("a.jpg", bytes(range(256)) * 20, "image/jpeg", 10, 10)
MESSAGE = merge(prepare(EDITION, HEADERS), FILLING)
EMBEDDED = merge(
    prepare(replace(EDITION, html=(*EDITION.html, f'<img src="cid:{PICTURE.content_id}">'), assets=(PICTURE,),
                    embedded=True), HEADERS),
    FILLING,
)  # fmt: skip
COVERED = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Unsubscribe",
    "List-Unsubscribe-Post", "List-ID", "Content-Language", "Content-Type",
)  # fmt: skip


def verdicts(content: bytes, signers: Sequence[Signer]) -> list[bool]:
    """What dkimpy says of each signature, with our records as its DNS."""
    zone = {f"{one.selector}._domainkey.{one.domain}.": record_of(one.key).encode() for one in signers}

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        return zone.get(name.decode())

    message = dkim.DKIM(content)
    return [verdict(message, number, look_up) for number in range(len(signers))]


def verdict(message: dkim.DKIM, number: int, look_up: object) -> bool:
    try:
        return bool(message.verify(number, dnsfunc=look_up))
    except dkim.ValidationError:
        return False


@SIGNERS
@pytest.mark.parametrize("message", [MESSAGE, EMBEDDED], ids=["hosted", "embedded"])
def test_every_signature_verifies(signers, message):
    signed = signing(signers, lambda: NOW)(message)
    assert [True] * len(signers) == verdicts(signed.content, signers)
    assert (message.envelope, message.message_id) == (signed.envelope, signed.message_id)


@SIGNERS
def test_the_message_below_the_signatures_is_as_it_was(signers):
    signed = sign(MESSAGE.content, signers, 1)
    assert signed.endswith(MESSAGE.content)
    top = signed.removesuffix(MESSAGE.content)
    assert len(signers) == top.count(b"DKIM-Signature: ")
    assert top.isascii() and top.endswith(b"\r\n")
    assert max(map(len, top.split(b"\r\n"))) <= 76
    assert [] == message_from_bytes(signed, policy=policy.default).defects


@SIGNERS
@pytest.mark.parametrize("name", COVERED)
def test_a_changed_header_breaks_it(signers, name):
    signed = sign(MESSAGE.content, signers, 1)
    changed = re.sub(rf"(?m)^({name}: .)".encode(), rb"\1x", signed, count=1)
    assert signed != changed
    assert [False] * len(signers) == verdicts(changed, signers)


@SIGNERS
@pytest.mark.parametrize("name", COVERED)
def test_a_header_taken_away_breaks_it(signers, name):
    signed = sign(MESSAGE.content, signers, 1)
    changed = re.sub(rf"(?m)^{name}: .*\r\n(?:[ \t].*\r\n)*".encode(), b"", signed, count=1)
    assert signed != changed
    assert [False] * len(signers) == verdicts(changed, signers)


@SIGNERS
@pytest.mark.parametrize("name", ["From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID", "Content-Type"])
def test_a_header_added_breaks_it(signers, name):
    signed = sign(MESSAGE.content, signers, 1)
    assert [False] * len(signers) == verdicts(f"{name}: x@evil.example\r\n".encode() + signed, signers)


@SIGNERS
def test_headers_that_servers_add_do_not_break_it(signers):
    added = b"Received: from a by b;\r\n\tFri, 06 Nov 2026 09:30:00 +0000\r\nReturn-Path: <u@x.example>\r\n"
    assert [True] * len(signers) == verdicts(added + sign(MESSAGE.content, signers, 1), signers)


@SIGNERS
def test_blanks_in_headers_and_empty_lines_at_the_end_do_not_break_it(signers):
    signed = sign(MESSAGE.content, signers, 1)
    changed = signed.replace(b"Subject: ", b"SUBJECT:  ").replace(b" =?utf-8", b" \t =?utf-8") + b"\r\n\r\n"
    assert [True] * len(signers) == verdicts(changed, signers)


@SIGNERS
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_changed_byte_of_the_body_breaks_it(signers, data):
    signed = sign(MESSAGE.content, signers, 1)
    start = signed.index(b"\r\n\r\n") + 4
    place = data.draw(st.integers(start, len(signed) - 3))
    changed = bytearray(signed)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert [False] * len(signers) == verdicts(bytes(changed), signers)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=90), max_size=6),
    st.lists(st.sampled_from([b"", b" ", b"text", b".", b"a  b \t"]), max_size=6),
)
def test_any_subject_and_body_verify(words, lines):
    """Folded headers, blanks, empty bodies and empty lines at their end."""
    subject = "\r\n ".join(word for word in words if word)
    content = f"From: a@{DOMAIN}\r\nSubject: {subject}\r\n\r\n".encode() + b"".join(line + b"\r\n" for line in lines)
    assert [True, True] == verdicts(sign(content, [RSA, ED], 1), [RSA, ED])


def test_an_empty_body_hashes_as_one_line_break():
    """RFC 6376 section 3.4.3 gives this hash."""
    for body in (b"", b"\r\n", b"\r\n\r\n\r\n"):
        assert b"frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=" == b64encode(hash_body(b"x\r\n" + body, 3))


def test_relaxed_headers_are_those_of_the_standard():
    """The example of RFC 6376 section 3.4.5."""
    assert {"a": ["a:X"], "b": ["b:Y Z"]} == relax("A: X\r\nB : Y\t\r\n\tZ  \r\n")


def test_the_time_of_signing_is_told():
    signed = signing([RSA], lambda: NOW)(MESSAGE)
    assert f"; t={int(NOW.timestamp())};".encode() in signed.content


def test_nothing_shows_a_key():
    assert "Signer(domain='newsletter.example', selector='ed.2026')" == repr(ED)


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_record_fits_the_strings_of_dns(kind):
    value = record_of(read_key(make_key(kind), AT))
    assert value == "".join(split_record(value))
    assert max(map(len, split_record(value))) <= 255
    assert value.startswith(f"v=DKIM1; k={kind}; p=")


def test_keys_of_other_tools_are_read():
    key = rsa.generate_private_key(65537, 2048)
    for form in (PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8):
        assert record_of(key) == record_of(read_key(key.private_bytes(Encoding.PEM, form, NoEncryption()), AT))
    assert not is_weak(key)


def test_a_short_rsa_key_is_weak():
    assert is_weak(rsa.generate_private_key(65537, 1024))


def unusable() -> dict[str, bytes]:
    curve, good = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    return {
        "DKIM knows RSA and Ed25519 keys only": curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "this key is locked with a password": good.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim")
        ),
        "this is no private key in PEM": good.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ),
        "an RSA key of 511 bits is refused everywhere": short_key(),
    }


def short_key() -> bytes:
    """An RSA key of 511 bits, from two famous primes."""
    p, q, e = 2**256 - 2**32 - 977, 2**255 - 19, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "pem", [b"", b"junk", b"\xff" * 40, b"-----BEGIN PRIVATE KEY-----\nZm9v\n-----END PRIVATE KEY-----"]
)
def test_what_is_no_key_is_refused(pem):
    with pytest.raises(RuhrmailError, match="no private key"):
        read_key(pem, AT)


@pytest.mark.parametrize("message", unusable())
def test_a_key_that_cannot_sign_is_refused_with_its_reason(message):
    pem = unusable()[message]
    with pytest.raises(RuhrmailError) as caught:
        read_key(pem, AT)
    assert (message, AT) == (str(caught.value), caught.value.at)
    assert caught.value.hint is not None
