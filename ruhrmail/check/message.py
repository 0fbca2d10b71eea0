"""The headers of the finished message."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-ID", "List-Unsubscribe")
"""What a newsletter's message has exactly once (RFC 5322 section 3.6, RFC 2045, RFC 2919, RFC 8058)."""
AT_MOST_ONCE = ("Reply-To", "Sender", "Cc", "List-Unsubscribe-Post")


def find_header_faults(dossier: Dossier) -> Iterator[Finding]:
    """A header is missing, stands twice, or names several senders.

    Why: Gmail and others refuse messages with two From or Subject lines, or without Date and Message-ID. ruhrmail
        writes the headers itself; a finding here is a fault of ruhrmail's.
    Bad:
        # a message with two lines From:
    Good:
        # the message as ruhrmail writes it
    Remedy: report it, with the issue that causes it
    """
    for raw in dossier.messages.values():
        for complaint in judge(message_from_bytes(raw)):
            hint = phrase("this is a fault of ruhrmail's: report it with this issue")
            yield Finding("message/headers", "error", dossier.whole, complaint, hint)


def judge(message: Message) -> Iterator[Phrase]:
    """What is wrong with the headers of a message."""
    for name in (*ONCE, *AT_MOST_ONCE):
        count = len(message.get_all(name, ()))
        if count > 1 or (count == 0 and name in ONCE):
            yield phrase("the header {name} stands {count} times in the message", name=name, count=count)
    if str(message.get("From", "")).count("<") > 1:
        yield phrase("the message has several senders")
