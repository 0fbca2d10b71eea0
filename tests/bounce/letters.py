"""Returned mail as servers write it, for the person and the mailing that a test names."""

from datetime import UTC, datetime
from email.utils import format_datetime

from ruhrmail.store import Store
from ruhrmail.tokens import Keyring, Purpose, Token

SECRET = b"a-secret-for-tests-long-enough-to-be-one"
KEYRING = Keyring((SECRET,))
NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def token_of(store: Store, token_id: bytes, mailing: int, purpose: Purpose = Purpose.RETURN) -> Token:
    return Token(purpose, token_id, mailing, bytes.fromhex(store.id)[:3])


def return_path(store: Store, token_id: bytes, mailing: int) -> str:
    return KEYRING.return_address(token_of(store, token_id, mailing), "kurzbrief.example")


def dsn(
    to: str,
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 User unknown",
    *,
    action: str = "failed",
    at: datetime = NOW,
    place: str = "To",
    name: str = "1",
    notice: str = "I could not deliver it.",
    original: str = "Subject: Licht",
) -> bytes:
    """A delivery status notification (RFC 3464) to our return address."""
    text = f"""\
Return-Path: <>
{place}: {to}
From: MAILER-DAEMON@mx.halde.example (Mail Delivery System)
Date: {format_datetime(at)}
Message-ID: <{name}@mx.halde.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"

--grenze
Content-Type: text/plain; charset=utf-8

{notice}

--grenze
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.halde.example

Final-Recipient: rfc822; ada@halde.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--grenze
Content-Type: message/rfc822

{original}

Guten Tag.

--grenze--
"""
    return text.encode()


def complaint(
    header: str, *, type_: str = "abuse", fields: str = "", name: str = "1", at: datetime = NOW, to: str = "fbl"
) -> bytes:
    """A report of feedback (RFC 5965); `header` is that of the mail it is about, `fields` more of the report."""
    text = f"""\
To: {to}@kurzbrief.example
From: feedback@provider.example
Date: {format_datetime(at)}
Message-ID: <{name}@provider.example>
Subject: FW: Licht
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="grenze"

--grenze
Content-Type: text/plain

This is an abuse report.

--grenze
Content-Type: message/feedback-report

Feedback-Type: {type_}
User-Agent: Feedback/1.0
Version: 1
{fields}
--grenze
Content-Type: message/rfc822

{header}

Guten Tag.

--grenze--
"""
    return text.encode()
