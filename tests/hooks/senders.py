"""Sending services as their documentation shows them: reports in their form, signed with keys of the tests' own."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from ruhrmail.hooks import HookRequest

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
MAILGUN_KEY = "schluessel-fuer-mailgun-0123"
POSTMARK_LOGIN = "postmark:ein-langes-passwort-fuer-hooks"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:rueck"
CERTIFICATE = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
SUBSCRIBE = f"https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=abc"
EC_KEY = ec.generate_private_key(ec.SECP256R1())
SENDGRID_KEY = base64.b64encode(
    EC_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
RSA_KEY = rsa.generate_private_key(65537, 2048)


def request(body: bytes, **headers: str) -> HookRequest:
    return HookRequest({name.replace("_", "-"): value for name, value in headers.items()}, body, NOW)


def mailgun_body(event: dict[str, Any], stamp: int = STAMP, key: str = MAILGUN_KEY, token: str = "t" * 50) -> bytes:
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    signed = {"timestamp": str(stamp), "token": token, "signature": signature}
    return json.dumps({"signature": signed, "event-data": event}).encode()


def mailgun_failure(recipient: str, message_id: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "event": "failed", "severity": "permanent", "reason": "bounce", "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": STAMP + 0.5, "recipient": recipient, "message": {"headers": {"message-id": message_id}},
        "delivery-status": {"code": 550, "message": "5.1.1 The email account does not exist", "description": ""},
        **fields,
    }  # fmt: skip


def postmark_bounce(recipient: str, **fields: Any) -> bytes:
    return json.dumps({
        "RecordType": "Bounce", "ID": 4323372036854775807, "Type": "HardBounce", "TypeCode": 1, "Email": recipient,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Details": "smtp;550 5.1.1 unknown user",
        "BouncedAt": "2026-11-06T08:00:00.1234567Z", **fields,
    }).encode()  # fmt: skip


def postmark_login(login: str = POSTMARK_LOGIN) -> str:
    return "Basic " + base64.b64encode(login.encode()).decode()


def sendgrid_event(recipient: str, message_id: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "email": recipient, "timestamp": STAMP, "smtp-id": message_id, "event": "bounce", "type": "bounce",
        "status": "5.1.1", "reason": "550 5.1.1 No such user", "sg_event_id": "ZGVsaXZlcmVkLTA", **fields,
    }  # fmt: skip


def sendgrid_headers(body: bytes, stamp: int = STAMP, key: ec.EllipticCurvePrivateKey = EC_KEY) -> dict[str, str]:
    signature = key.sign(str(stamp).encode() + body, ec.ECDSA(SHA256()))
    name = "x-twilio-email-event-webhook"
    return {f"{name}-signature": base64.b64encode(signature).decode(), f"{name}-timestamp": str(stamp)}


def certificate(key: rsa.RSAPrivateKey = RSA_KEY) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=300)).sign(key, SHA256())
    )  # fmt: skip
    return made.public_bytes(Encoding.PEM)


def sns(message: str, version: str = "2", key: rsa.RSAPrivateKey = RSA_KEY, **fields: str) -> dict[str, str]:
    """A notification, signed; `fields` are signed too, where SNS signs them."""
    note = {
        "Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": TOPIC,
        "Message": message, "Timestamp": "2026-11-06T08:59:00.000Z", "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE, **fields,
    }  # fmt: skip
    confirming = note["Type"] != "Notification"
    names = ["Message", "MessageId", *(["SubscribeURL"] if confirming else ["Subject"] if "Subject" in note else []),
             "Timestamp", *(["Token"] if confirming else []), "TopicArn", "Type"]  # fmt: skip
    text = "".join(f"{name}\n{note[name]}\n" for name in names).encode()
    digest = SHA256() if version == "2" else SHA1()
    return {**note, "Signature": base64.b64encode(key.sign(text, padding.PKCS1v15(), digest)).decode()}


def ses_bounce(source: str, recipient: str, **bounce: Any) -> str:
    told = {
        "bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2026-11-06T08:58:00.000Z",
        "feedbackId": "00000137860315fd-34208509-5b74-41f3-95c5-22c1edc3c924-000000",
        "bouncedRecipients": [{"emailAddress": recipient, "action": "failed", "status": "5.1.1",
                               "diagnosticCode": "smtp; 550 5.1.1 user unknown"}],
        **bounce,
    }  # fmt: skip
    return json.dumps({"notificationType": "Bounce", "bounce": told, "mail": {"source": source, "messageId": "m-1"}})


def ses_complaint(source: str, recipient: str, **complaint: Any) -> str:
    told = {"complainedRecipients": [{"emailAddress": recipient}], "timestamp": "2026-11-06T08:58:00.000Z",
            "feedbackId": "0000013786031775-fea503bc", "complaintFeedbackType": "abuse", **complaint}  # fmt: skip
    return json.dumps({"eventType": "Complaint", "complaint": told, "mail": {"source": source, "messageId": "m-2"}})
