"""Prepared messages as JSON and back, losing nothing."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from ruhrmail.model.mail import PreparedMessage, Slot, SlotPlace
from ruhrmail.model.merge import MergeField, Place


class FieldForm(TypedDict):
    """A merge field as JSON."""

    name: str
    default: str
    place: Place


class SlotForm(TypedDict):
    """A slot as JSON; its text mixes strings and fields as the slot does."""

    place: SlotPlace
    text: list[str | FieldForm]


PartForm = str | SlotForm
"""A part as JSON: literal bytes, which are ASCII, as a string."""


def to_json(message: PreparedMessage) -> list[PartForm]:
    """The parts of a prepared message as values that JSON knows."""
    return [part.decode("ascii") if isinstance(part, bytes) else slot_to_json(part) for part in message.parts]


def slot_to_json(slot: Slot) -> SlotForm:
    """One gap."""
    text: list[str | FieldForm] = [
        one if isinstance(one, str) else {"name": one.name, "default": one.default, "place": one.place}
        for one in slot.text
    ]
    return {"place": slot.place, "text": text}


def from_json(parts: Sequence[object], language: str) -> PreparedMessage:
    """The prepared message that `to_json` wrote."""
    return PreparedMessage(
        tuple(
            part.encode("ascii") if isinstance(part, str) else slot_from_json(cast(SlotForm, part)) for part in parts
        ),
        language,
    )


def slot_from_json(form: SlotForm) -> Slot:
    """One gap."""
    return Slot(form["place"], tuple(one if isinstance(one, str) else MergeField(**one) for one in form["text"]))


def rows_of(mailing: int, messages: Mapping[str, PreparedMessage]) -> list[dict[str, object]]:
    """Rows for the table of prepared messages."""
    return [
        {"mailing": mailing, "variant": name, "language": message.language, "parts": to_json(message)}
        for name, message in messages.items()
    ]
