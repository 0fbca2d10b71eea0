"""Amazon SES: notifications and published events, which come by Amazon SNS.

SES writes a Message-ID of its own into mails; `mail.source` is our return address, and so says who it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ruhrmail.hooks.request import (
    FORBIDDEN,
    Classify,
    HookRefused,
    HookRequest,
    failure,
    instant,
    objects,
    part,
    read_json,
    text,
)
from ruhrmail.hooks.sns import Certificates, is_amazons, verify
from ruhrmail.model.bounce import Kind, ReturnEvent

SUPPRESSED = ("Suppressed", "OnAccountSuppressionList", "NoEmail")
"""What a permanent bounce is called that SES itself is sure of."""


def read_ses(
    request: HookRequest, topics: Sequence[str], certificates: Certificates, classify: Classify
) -> Sequence[ReturnEvent]:
    """The events of a request; a subscription to one of our topics is confirmed. Raises HookRefused."""
    data = read_json(request.body)
    note = data if isinstance(data, dict) else {}
    topic = text(note.get("TopicArn"))
    if topic not in topics:
        raise HookRefused(FORBIDDEN)
    verify(note, certificates)
    if note.get("Type") == "SubscriptionConfirmation":
        url = note.get("SubscribeURL")
        if not isinstance(url, str) or not is_amazons(url, topic.split(":")[3]):
            raise HookRefused(FORBIDDEN)
        certificates.fetch(url)
    message = note.get("Message")
    if note.get("Type") != "Notification" or not isinstance(message, str) or not message.startswith("{"):
        return ()
    return events_of(part(read_json(message)), classify)


def events_of(told: Mapping[str, Any], classify: Classify) -> Sequence[ReturnEvent]:
    """What a notification tells, an event for each recipient."""
    kind = text(told.get("notificationType")) or text(told.get("eventType"))
    if kind == "Bounce":
        return bounces_of(told, classify)
    if kind == "Complaint":
        return complaints_of(told)
    if kind == "DeliveryDelay":
        delay = part(told, "deliveryDelay")
        return [event_of(told, delay, Kind.DELAYED, one) for one in objects(delay.get("delayedRecipients"))]
    return ()


def bounces_of(told: Mapping[str, Any], classify: Classify) -> Sequence[ReturnEvent]:
    """Permanent ones as the server's words have it; of all others at most the reason counts."""
    bounce = part(told, "bounce")
    permanent = text(bounce.get("bounceType")) == "Permanent"
    sure = permanent and text(bounce.get("bounceSubType")) in SUPPRESSED
    found = []
    for one in objects(bounce.get("bouncedRecipients")):
        status, said = text(one.get("status")), text(one.get("diagnosticCode"))
        kind = Kind.HARD if sure else failure(classify, status, said)
        if not permanent and kind is Kind.HARD:
            kind = Kind.SOFT
        found.append(event_of(told, bounce, kind, one))
    return found


def complaints_of(told: Mapping[str, Any]) -> Sequence[ReturnEvent]:
    """Feedback of another type than abuse never takes anybody off; without a type it is a complaint."""
    complaint = part(told, "complaint")
    type_ = text(complaint.get("complaintFeedbackType"))
    kind = Kind.COMPLAINT if type_ in ("", "abuse") else Kind.FEEDBACK
    return [event_of(told, complaint, kind, one, type_) for one in objects(complaint.get("complainedRecipients"))]


def event_of(
    told: Mapping[str, Any], about: Mapping[str, Any], kind: Kind, recipient: Mapping[str, Any], said: str = ""
) -> ReturnEvent:
    """A recipient's event as our values."""
    mail, address = part(told, "mail"), text(recipient.get("emailAddress"))
    name = text(about.get("feedbackId")) or f"{text(mail.get('messageId'))} {text(about.get('timestamp'))}"
    return ReturnEvent(
        "ses",
        f"{name}/{address}",
        kind,
        address=address,
        return_address=text(mail.get("source")),
        message_id=original_id(mail),
        enhanced_code=text(recipient.get("status")),
        text=text(recipient.get("diagnosticCode")) or said,
        at=instant(about.get("timestamp")),
    )


def original_id(mail: Mapping[str, Any]) -> str:
    """The Message-ID that we wrote, where SES is set to tell the original headers."""
    headers = objects(mail.get("headers"))
    named = (text(one.get("value")) for one in headers if text(one.get("name")).lower() == "message-id")
    return next(named, "")
