"""Complaints (RFC 5965): who pressed "spam", and about which of our mails."""

from dataclasses import dataclass

from ruhrmail.bounce.parsing import HEADER_PARSER, Mail, enclosed_in, fields_of, header, headers, own_parts, text_of
from ruhrmail.bounce.reports import first_word

REPORT_TYPE = "message/feedback-report"
ABUSE = "abuse"
HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers")


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a report says: its type in small letters (empty when it says none), the envelope sender and the recipients
    of the mail it is about, and that mail or its header; None where it is left out."""

    type: str
    mail_from: str
    recipients: tuple[str, ...]
    original: Mail | None


def feedback_of(message: Mail) -> Feedback | None:
    """The report, None for a message that is none."""
    report = next((part for part in own_parts(message) if part.get_content_type() == REPORT_TYPE), None)
    if report is None:
        return None
    # The parser takes the fields for a message within a message: its text is read again as what it is.
    fields = HEADER_PARSER.parsebytes(fields_of(report).strip().encode("utf-8", "replace"))
    named = (*headers(fields, "Original-Rcpt-To"), *headers(fields, "Removal-Recipient"))
    kind = first_word(header(fields, "Feedback-Type"))
    return Feedback(kind, header(fields, "Original-Mail-From"), named, original_of(message))


def original_of(message: Mail) -> Mail | None:
    """The message that a report encloses, or what it says of its header."""
    for part in own_parts(message):
        within = enclosed_in(part)
        if part.get_content_type() == "message/rfc822" and within:
            return within[0]
        if part.get_content_type() in HEADERS_ONLY:
            return HEADER_PARSER.parsebytes(text_of(part).strip().encode("utf-8", "replace"))
    return None
