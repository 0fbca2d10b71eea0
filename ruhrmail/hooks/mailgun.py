"""Mailgun: an event in JSON, proven by HMAC-SHA256 over time and token (its documentation, "Securing Webhooks").

Mailgun leaves our Message-ID as it is, and names it with the recipient: together they say who it was.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from ruhrmail.hooks.request import (
    FORBIDDEN,
    Classify,
    HookRefused,
    HookRequest,
    failure,
    instant,
    part,
    read_json,
    text,
)
from ruhrmail.model.bounce import Kind, ReturnEvent

FRESH = 12 * 3600
"""Seconds that a request stays good: longer than Mailgun tries again. What is sent twice is known by its id."""
REASONS = {
    "suppress-bounce": Kind.HARD,
    "suppress-complaint": Kind.COMPLAINT,
    "suppress-unsubscribe": Kind.UNSUBSCRIBE,
    "old": Kind.SOFT,
}


def read_mailgun(request: HookRequest, key: str, classify: Classify) -> Sequence[ReturnEvent]:
    """The event of a request. Raises HookRefused."""
    data = read_json(request.body)
    verify(part(data, "signature"), key, request)
    event = part(data, "event-data")
    kind = kind_of(event, classify)
    if kind is None:
        return ()
    status = part(event, "delivery-status")
    return (
        ReturnEvent(
            "mailgun",
            f"{text(event.get('timestamp'))}/{text(event.get('id'))}",  # ids are unique within a day only
            kind,
            address=text(event.get("recipient")),
            return_address=text(part(event, "envelope").get("sender")),
            message_id=text(part(event, "message", "headers").get("message-id")),
            enhanced_code=text(status.get("enhanced-code")),
            text=said(status),
            at=instant(event.get("timestamp")),
        ),
    )


def verify(signature: Mapping[str, Any], key: str, request: HookRequest) -> None:
    """Raises HookRefused (403) unless Mailgun signed it, lately."""
    stamp, token = text(signature.get("timestamp")), text(signature.get("token"))
    made = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    given = text(signature.get("signature"))
    if not token or not hmac.compare_digest(made.encode(), given.encode()):
        raise HookRefused(FORBIDDEN)
    signed_at = instant(int(stamp)) if stamp.isdecimal() and stamp.isascii() else None
    if signed_at is None or abs((request.at - signed_at).total_seconds()) > FRESH:
        raise HookRefused(FORBIDDEN)


def kind_of(event: Mapping[str, Any], classify: Classify) -> Kind | None:
    """What the event means; None for what is nothing to us. A temporary failure is tried again by Mailgun."""
    name = text(event.get("event"))
    if name == "complained":
        return Kind.COMPLAINT
    if name == "unsubscribed":
        return Kind.UNSUBSCRIBE
    if name != "failed":
        return None
    if text(event.get("severity")) != "permanent":
        return Kind.DELAYED
    status = part(event, "delivery-status")
    known = REASONS.get(text(event.get("reason")))
    return known or failure(classify, text(status.get("enhanced-code")), said(status))


def said(status: Mapping[str, Any]) -> str:
    """What the receiving server said."""
    words = (text(status.get(name)) for name in ("code", "message", "description"))
    return " ".join(word for word in words if word)
