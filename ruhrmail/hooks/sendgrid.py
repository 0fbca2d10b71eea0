"""SendGrid: events in a JSON list, proven by ECDSA on P-256 over time and body (its "Signed Event Webhook").

`smtp-id` is the Message-ID of the mail that we handed over.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ruhrmail.hooks.request import (
    FORBIDDEN,
    Classify,
    HookRefused,
    HookRequest,
    failure,
    instant,
    objects,
    read_json,
    text,
)
from ruhrmail.model.bounce import Kind, ReturnEvent

SIGNATURE, STAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
FRESH = 26 * 3600
"""Seconds that a request stays good: SendGrid tries again for a day."""
DROPPED = (
    ("bounced address", Kind.HARD),
    ("invalid", Kind.HARD),
    ("spam reporting address", Kind.COMPLAINT),
    ("unsubscribed address", Kind.UNSUBSCRIBE),
)
PLAIN = {
    "spamreport": Kind.COMPLAINT,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "group_unsubscribe": Kind.UNSUBSCRIBE,
    "deferred": Kind.DELAYED,
}


def read_public_key(proof: str) -> ec.EllipticCurvePublicKey | None:
    """The verification key that SendGrid shows, in base64; None for what is none."""
    try:
        key = load_der_public_key(base64.b64decode(proof))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def read_sendgrid(request: HookRequest, key: ec.EllipticCurvePublicKey, classify: Classify) -> Sequence[ReturnEvent]:
    """The events of a request. Raises HookRefused."""
    verify(request, key)
    found = ((event, kind_of(event, classify)) for event in objects(read_json(request.body)))
    return [event_of(event, kind) for event, kind in found if kind is not None]


def verify(request: HookRequest, key: ec.EllipticCurvePublicKey) -> None:
    """Raises HookRefused (403) unless SendGrid signed it, lately."""
    stamp = request.headers.get(STAMP, "")
    try:
        signature = base64.b64decode(request.headers.get(SIGNATURE, ""), validate=True)
        key.verify(signature, stamp.encode() + request.body, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise HookRefused(FORBIDDEN) from None
    signed_at = instant(int(stamp)) if stamp.isdecimal() and stamp.isascii() else None
    if signed_at is None or abs((request.at - signed_at).total_seconds()) > FRESH:
        raise HookRefused(FORBIDDEN)


def kind_of(event: Mapping[str, Any], classify: Classify) -> Kind | None:
    """What an event means; None for what is nothing to us."""
    name, reason = text(event.get("event")), text(event.get("reason"))
    if name == "dropped":
        return next((kind for start, kind in DROPPED if reason.lower().startswith(start)), None)
    if name != "bounce":
        return PLAIN.get(name)
    kind = failure(classify, text(event.get("status")), reason)
    blocked = text(event.get("type")) == "blocked" and kind is Kind.HARD
    return Kind.POLICY if blocked else kind


def event_of(event: Mapping[str, Any], kind: Kind) -> ReturnEvent:
    """An event as our values."""
    return ReturnEvent(
        "sendgrid",
        text(event.get("sg_event_id")),
        kind,
        address=text(event.get("email")),
        message_id=text(event.get("smtp-id")),
        enhanced_code=text(event.get("status")),
        text=text(event.get("reason")),
        at=instant(event.get("timestamp")),
    )
