"""Delivery status notifications (RFC 3464, RFC 6533): what became of each recipient."""

import re
from dataclasses import dataclass

from ruhrmail.bounce.parsing import HEADER_PARSER, Mail, enclosed_in, fields_of, header, own_parts

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
MOST_RECIPIENTS = 200
ACTIONS = {"2": "delivered", "4": "delayed", "5": "failed"}
"""What a report without `Action` must mean, by the class of its status."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report says of one recipient: `action` in small letters, `status` as in RFC 3463 or empty, the diagnostic
    text without its type."""

    action: str
    status: str
    diagnostic: str
    address: str


def outcomes_of(message: Mail) -> tuple[Outcome, ...]:
    """What the report says, recipient by recipient; nothing for a message that is none."""
    parts = [part for part in own_parts(message) if part.get_content_type() in STATUS_TYPES]
    found = [outcome_of(group) for part in parts for group in groups_of(part)[:MOST_RECIPIENTS]]
    return tuple(one for one in found if one.action)


def groups_of(part: Mail) -> list[Mail]:
    """The blocks of fields of a report, as the parser gives them or out of the text."""
    groups = enclosed_in(part)
    if part.get_content_type() == STATUS_TYPES[0] and len(groups) > 1:
        return groups
    text = fields_of(part).replace("\r\n", "\n").strip("\n")
    blocks = re.split(r"\n[ \t]*\n", text)
    return [HEADER_PARSER.parsebytes(block.encode("utf-8", "replace")) for block in blocks[: MOST_RECIPIENTS + 1]]


def outcome_of(group: Mail) -> Outcome:
    """One block of fields; without an action for the block about the message itself."""
    status = STATUS.search(header(group, "Status"))
    code = status[0] if status else ""
    action = first_word(header(group, "Action")) or (ACTIONS[code[0]] if code else "")
    diagnostic = header(group, "Diagnostic-Code")
    kind, semicolon, rest = diagnostic.partition(";")
    text = rest.strip() if semicolon and " " not in kind.strip() else diagnostic
    address = header(group, "Original-Recipient") or header(group, "Final-Recipient")
    return Outcome(action, code, text, address.rpartition(";")[2].strip().strip("<>"))


def first_word(value: str) -> str:
    """`failed` of `Failed (bad destination)`."""
    match = re.match(r"[a-z]+", value.strip().lower())
    return match[0] if match else ""
