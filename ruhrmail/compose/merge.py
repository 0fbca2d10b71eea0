"""PreparedMessage to Message: filling one recipient in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ruhrmail.compose.headers import encode_mailbox, encode_unstructured
from ruhrmail.compose.prepare import Headers, prepare
from ruhrmail.compose.quoted import encode_value
from ruhrmail.compose.values import SAMPLE_PERSON, clean, escape_for, fill_subject, value_of
from ruhrmail.model.edition import Edition
from ruhrmail.model.mail import Envelope, Message, PreparedMessage, Slot, SlotPlace
from ruhrmail.model.merge import Place
from ruhrmail.model.people import Person
from ruhrmail.tokens import SAMPLE_TOKEN


@dataclass(frozen=True, slots=True)
class Filling:
    """What one recipient's message holds that others do not.

    `language` is the greeting's. `message_id` comes with its angle brackets, `unsubscribe_token` as links carry it.
    """

    person: Person
    language: str
    message_id: str
    unsubscribe_token: str
    envelope_sender: str


def merge(prepared: PreparedMessage, filling: Filling) -> Message:
    """The finished message for one recipient: literal parts copied, gaps filled and encoded for their place.

    Raises RuhrmailError for an address that no header can hold.
    """
    content = b"".join(
        [part if isinstance(part, bytes) else ENCODERS[part.place](part, filling) for part in prepared.parts]
    )
    return Message(
        Envelope(filling.envelope_sender, filling.person.email), content, filling.message_id, wire_ready=True
    )


def name_message(mailing: str, subscriber: bytes, domain: str) -> str:
    """The Message-ID `<HASH@DOMAIN>`: always the same for one mailing and one subscriber's random id.

    `mailing` must tell it from every mailing of every store, such as the store's id and the mailing's number.
    """
    return f"<{sha256(mailing.encode() + bytes(1) + subscriber).hexdigest()[:32]}@{domain}>"


def sample(edition: Edition, headers: Headers) -> bytes:
    """A complete message for a made-up reader, with a token that opens nothing: the same bytes in every build."""
    message_id = name_message(f"sample {edition.slug} {edition.variant}", b"", headers.list_domain)
    filling = Filling(SAMPLE_PERSON, edition.language, message_id, SAMPLE_TOKEN, headers.sender_address)
    return merge(prepare(edition, headers), filling).content


def encode_body(slot: Slot, filling: Filling, place: Place) -> bytes:
    """A gap in a body, on soft lines of its own."""
    person, language, token = filling.person, filling.language, filling.unsubscribe_token
    values = [
        part if isinstance(part, str) else escape_for(place, value_of(part, person, language, token))
        for part in slot.text
    ]
    return encode_value("".join(values))


def encode_text(slot: Slot, filling: Filling) -> bytes:
    return encode_body(slot, filling, "text")


def encode_html(slot: Slot, filling: Filling) -> bytes:
    return encode_body(slot, filling, "html")


def encode_url(slot: Slot, filling: Filling) -> bytes:
    return encode_body(slot, filling, "url")


def encode_subject(slot: Slot, filling: Filling) -> bytes:
    """The Subject header."""
    text = fill_subject(slot.text, filling.person, filling.language)
    return f"{encode_unstructured('Subject', text)}\r\n".encode("ascii")


def encode_to(slot: Slot, filling: Filling) -> bytes:
    """The To header: the reader's name, where there is one, and address, in UTF-8 where it is not ASCII (RFC 6532)."""
    person = filling.person
    name = clean(f"{person.first_name} {person.last_name}")
    return f"{encode_mailbox('To', name, person.email)}\r\n".encode()


def encode_message_id(slot: Slot, filling: Filling) -> bytes:
    return filling.message_id.encode("ascii")


def encode_token(slot: Slot, filling: Filling) -> bytes:
    return filling.unsubscribe_token.encode("ascii")


ENCODERS: Mapping[SlotPlace, Callable[[Slot, Filling], bytes]] = {
    "text": encode_text,
    "html": encode_html,
    "url": encode_url,
    "subject": encode_subject,
    "to": encode_to,
    "message-id": encode_message_id,
    "unsubscribe-token": encode_token,
}
"""How each kind of gap is filled."""
