"""PreparedMessage to Message: filling one recipient in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import count
from operator import attrgetter

from ruhrmail.compose.headers import encode_mailbox, encode_unstructured
from ruhrmail.compose.prepare import Headers, prepare
from ruhrmail.compose.quoted import encode_value
from ruhrmail.compose.values import ESCAPES, SAMPLE_PERSON, Escape, clean, one_line
from ruhrmail.i18n import greet
from ruhrmail.model.edition import Edition
from ruhrmail.model.mail import Envelope, Message, PreparedMessage, Slot, SlotPlace
from ruhrmail.model.merge import (
    GREETING,
    KNOWN_COLUMNS,
    PREFERENCES_TOKEN,
    TOKENS,
    UNSUBSCRIBE_TOKEN,
    MergeField,
    MergeText,
)
from ruhrmail.model.people import Person
from ruhrmail.tokens import SAMPLE_RETURN, SAMPLE_TOKEN


@dataclass(frozen=True, slots=True)
class Filling:
    """What one recipient's message holds that others do not.

    `message_id` comes with its angle brackets, the tokens as links carry them: letters that stand for themselves
    everywhere. That of the preferences may be empty where no gap of the message is for it, see `names_token`.
    `unsubscribe_return` is the unsubscribe token as addresses carry it.
    """

    person: Person
    message_id: str
    unsubscribe_token: str
    envelope_sender: str
    preferences_token: str = ""
    unsubscribe_return: str = SAMPLE_RETURN


TOKEN_GAPS: Mapping[MergeText, str] = {(MergeField(name, place="url"),): name for name in TOKENS}
"""The gaps for tokens in a body, which need no escape, each with what it is for."""
Values = Sequence[str]
"""What one recipient's merge fields say, by number: each different field once, however often it occurs."""
Text = tuple[str | int, ...]
"""A text with the number of a field in each of its gaps."""
Encoder = Callable[[Filling, Values], bytes]
"""Fills one gap."""


class Merger:
    """A prepared message ready to be merged many times, in several threads at once.

    What can be decided without a recipient is decided here: which fields there are, and how each gap is encoded. Equal
    gaps are encoded once a recipient.
    """

    __slots__ = ("_encoders", "_literals", "_order", "_readers")

    def __init__(self, prepared: PreparedMessage) -> None:
        gaps = list(dict.fromkeys(part for part in prepared.parts if isinstance(part, Slot)))
        found = (field for slot in gaps if slot.text not in TOKEN_GAPS for field in fields_in(slot.text))
        fields = tuple(dict.fromkeys(found))
        self._readers = tuple((reader_of(field.name, prepared.language), field.default) for field in fields)
        self._encoders = tuple(encoder_of(slot, fields) for slot in gaps)
        self._literals = [part for part in prepared.parts if isinstance(part, bytes)]
        places = count(len(gaps))
        self._order = [gaps.index(part) if isinstance(part, Slot) else next(places) for part in prepared.parts]

    def merge(self, filling: Filling) -> Message:
        """The finished message for one recipient: literal parts as they are, gaps filled and encoded for their place.

        Raises RuhrmailError for an address that no header can hold.
        """
        values = [clean(read(filling)) or default for read, default in self._readers]
        pieces = [encode(filling, values) for encode in self._encoders]
        pieces += self._literals
        content = b"".join([pieces[number] for number in self._order])
        envelope = Envelope(filling.envelope_sender, filling.person.email)
        return Message(envelope, content, filling.message_id, wire_ready=True)


def merge(prepared: PreparedMessage, filling: Filling) -> Message:
    """One message of its kind; for many, keep a `Merger`."""
    return Merger(prepared).merge(filling)


def names_token(prepared: PreparedMessage, name: str) -> bool:
    """Whether a message has a gap for one of TOKENS."""
    slots = (part for part in prepared.parts if isinstance(part, Slot))
    return any(isinstance(part, MergeField) and part.name == name for slot in slots for part in slot.text)


def name_message(mailing: str, subscriber: bytes, domain: str) -> str:
    """The Message-ID `<HASH@DOMAIN>`: always the same for one mailing and one subscriber's random id.

    `mailing` must tell it from every mailing of every store, such as the store's id and the mailing's number.
    """
    return f"<{sha256(mailing.encode() + bytes(1) + subscriber).hexdigest()[:32]}@{domain}>"


def sample(edition: Edition, headers: Headers) -> bytes:
    """A complete message for a made-up reader, with a token that opens nothing: the same bytes in every build."""
    message_id = name_message(f"sample {edition.slug} {edition.variant}", b"", headers.list_domain)
    filling = Filling(SAMPLE_PERSON, message_id, SAMPLE_TOKEN, headers.sender_address, SAMPLE_TOKEN)
    return merge(prepare(edition, headers), filling).content


def fields_in(text: MergeText) -> list[MergeField]:
    """The merge fields of a text, wherever they stand in it."""
    return [replace(part, place="text") for part in text if isinstance(part, MergeField)]


def reader_of(name: str, language: str) -> Callable[[Filling], str]:
    """How a field is read: what `value_of` decides for each reader anew, decided once."""
    if name in TOKENS:
        return attrgetter("unsubscribe_token" if name == UNSUBSCRIBE_TOKEN else "preferences_token")
    if name == GREETING:
        return lambda filling: greet(filling.person, language)
    if name in KNOWN_COLUMNS and name != "tags":
        return attrgetter(f"person.{name}")
    return lambda filling: filling.person.value(name)


def encoder_of(slot: Slot, fields: Sequence[MergeField]) -> Encoder:
    """How one gap is filled from the values of these fields."""
    if slot.text in TOKEN_GAPS:
        return TOKEN_LINES[TOKEN_GAPS[slot.text]]
    text = tuple(part if isinstance(part, str) else fields.index(replace(part, place="text")) for part in slot.text)
    match slot.place:
        case "text" | "html" | "url" as place:
            return body_encoder(text, ESCAPES[place])
        case "subject":
            return partial(encode_subject, text)
        case place:
            return HEADER_ENCODERS[place]


def body_encoder(text: Text, escape: Escape) -> Encoder:
    """How a gap in a body is filled; nearly always it is one field and nothing else."""
    only = text[0] if len(text) == 1 else ""
    return partial(encode_body, text, escape) if isinstance(only, str) else partial(encode_field, only, escape)


def encode_field(number: int, escape: Escape, filling: Filling, values: Values) -> bytes:
    """A gap in a body, on soft lines of its own."""
    return encode_value(escape(values[number]))


def encode_body(text: Text, escape: Escape, filling: Filling, values: Values) -> bytes:
    """The same with words around it."""
    return encode_value("".join([part if isinstance(part, str) else escape(values[part]) for part in text]))


def encode_subject(text: Text, filling: Filling, values: Values) -> bytes:
    """The Subject header."""
    line = one_line("".join([part if isinstance(part, str) else values[part] for part in text]))
    return f"{encode_unstructured('Subject', line)}\r\n".encode("ascii")


def encode_to(filling: Filling, values: Values) -> bytes:
    """The To header: the reader's name, where there is one, and address, in UTF-8 where it is not ASCII (RFC 6532)."""
    person = filling.person
    name = clean(f"{person.first_name} {person.last_name}")
    return f"{encode_mailbox('To', name, person.email)}\r\n".encode()


def encode_message_id(filling: Filling, values: Values) -> bytes:
    """The Message-ID within its header."""
    return filling.message_id.encode("ascii")


def encode_token(filling: Filling, values: Values) -> bytes:
    """The unsubscribe token within a header."""
    return filling.unsubscribe_token.encode("ascii")


def encode_return(filling: Filling, values: Values) -> bytes:
    """The unsubscribe token within the address of a header."""
    return filling.unsubscribe_return.encode("ascii")


def encode_token_line(filling: Filling, values: Values) -> bytes:
    """The unsubscribe token in a body, on a soft line of its own."""
    return f"{filling.unsubscribe_token}=\r\n".encode("ascii")


def encode_preferences_line(filling: Filling, values: Values) -> bytes:
    """The token of the preferences in a body, in the same way."""
    return f"{filling.preferences_token}=\r\n".encode("ascii")


TOKEN_LINES: Mapping[str, Encoder] = {
    UNSUBSCRIBE_TOKEN: encode_token_line,
    PREFERENCES_TOKEN: encode_preferences_line,
}
HEADER_ENCODERS: Mapping[SlotPlace, Encoder] = {
    "to": encode_to,
    "message-id": encode_message_id,
    "unsubscribe-token": encode_token,
    "unsubscribe-return": encode_return,
}
"""The gaps in headers that hold no merge fields."""
