"""Postmark: an event in JSON, proven by the user and password that stand in the address of the hook (Basic, RFC 7617).

Postmark gives messages an id of its own, so the recipient's address says who it was.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from ruhrmail.hooks.request import FORBIDDEN, Classify, HookRefused, HookRequest, instant, read_json, text
from ruhrmail.model.bounce import Kind, ReturnEvent

TYPES = {
    "HardBounce": Kind.HARD,
    "BadEmailAddress": Kind.HARD,
    "Transient": Kind.SOFT,
    "SoftBounce": Kind.SOFT,
    "DnsError": Kind.SOFT,
    "Unknown": Kind.SOFT,
    "Blocked": Kind.POLICY,
    "SpamNotification": Kind.POLICY,
    "VirusNotification": Kind.POLICY,
    "DMARCPolicy": Kind.POLICY,
    "SpamComplaint": Kind.COMPLAINT,
    "Unsubscribe": Kind.UNSUBSCRIBE,
    "AutoResponder": Kind.AUTOMATIC,
    "AddressChange": Kind.AUTOMATIC,
    "ChallengeVerification": Kind.CHALLENGE,
}


def read_postmark(request: HookRequest, proof: str, classify: Classify) -> Sequence[ReturnEvent]:
    """The event of a request. Raises HookRefused."""
    if not hmac.compare_digest(login_of(request), proof.encode()):
        raise HookRefused(FORBIDDEN)
    data = read_json(request.body)
    event = data if isinstance(data, dict) else {}
    kind, record = kind_of(event, classify), text(event.get("RecordType"))
    if kind is None:
        return ()
    name = text(event.get("ID")) or f"{text(event.get('MessageID'))} {text(event.get('ChangedAt'))}"
    return (
        ReturnEvent(
            "postmark",
            f"{record}/{name}",
            kind,
            address=text(event.get("Email")) or text(event.get("Recipient")),
            text=text(event.get("Details")) or text(event.get("Description")),
            at=instant(event.get("BouncedAt") or event.get("ChangedAt")),
        ),
    )


def login_of(request: HookRequest) -> bytes:
    """`user:password` of the request, empty where it has none."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(rest.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return b""


def kind_of(event: Mapping[str, Any], classify: Classify) -> Kind | None:
    """What the event means; None for what is nothing to us, or told by a hook of its own as well."""
    record = text(event.get("RecordType"))
    if record == "SpamComplaint":
        return Kind.COMPLAINT
    if record == "SubscriptionChange":
        wanted = event.get("SuppressSending") is True and text(event.get("Origin")) == "Recipient"
        return Kind.UNSUBSCRIBE if wanted and text(event.get("SuppressionReason")) == "ManualSuppression" else None
    if record != "Bounce":
        return None
    kind = TYPES.get(text(event.get("Type")))
    policy = kind is Kind.HARD and classify("", text(event.get("Details"))) is Kind.POLICY
    return Kind.POLICY if policy else kind
