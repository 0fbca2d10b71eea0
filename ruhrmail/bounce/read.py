"""Bytes of a returned message to what happened, and to the clues whom it happened to."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ruhrmail.bounce.classes import classify, code_in, milder
from ruhrmail.bounce.clues import Clue, clues_to_reader, clues_to_recipient
from ruhrmail.bounce.feedback import ABUSE, Feedback, feedback_of
from ruhrmail.bounce.machines import is_automatic, is_challenge, is_from_daemon, is_marked_automatic
from ruhrmail.bounce.notices import bounce_in, notice_in, says_undelivered
from ruhrmail.bounce.parsing import MOST_BYTES, Mail, header, headers, parse
from ruhrmail.bounce.reasons import reason_in
from ruhrmail.bounce.reports import Outcome, outcomes_of
from ruhrmail.model.bounce import Bounce, Kind
from ruhrmail.tokens import Purpose

MOST_TEXT, MOST_ADDRESSES = 500, 10
ADDRESS = re.compile(r"[^\s<>()\",;:@]{1,64}@[^\s<>()\",;:@]{1,255}")
DIGEST_BYTES = 1 << 18
IDENTITY = ("Message-ID", "Date", "From", "To", "Subject")
FAILURES = ("failed", "failure")
NO_FAILURES = ("delayed", "delivered", "relayed", "expanded")
QUOTED_FROM = re.compile(rb"^>+From ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A returned message, read.

    `clues`: tokens that say whom it is about, the surest first. `digest` is the same for the same message out of any
    mailbox. `at` is when it was written (UTC) by its own word, None where that is none. `message_ids` and `addresses`
    are those of the mail that a complaint is about.
    """

    bounce: Bounce
    clues: tuple[Clue, ...]
    digest: str
    at: datetime | None = None
    message_ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def read_returned(data: bytes) -> Reading:
    """What a message says. Reads any bytes in bounded time; what it cannot understand is `Kind.OTHER`."""
    message = parse(data)
    digest, at = digest_of(message, data), date_of(message)
    feedback = feedback_of(message)
    if feedback is not None:
        return complaint(feedback, digest, at)
    clues = clues_to_recipient(message)
    bounce = happened(message, data, clues)
    purpose = Purpose.UNSUBSCRIBE if bounce.kind is Kind.UNSUBSCRIBE else Purpose.RETURN
    return Reading(tidy(bounce), tuple(clue for clue in clues if clue.purpose is purpose), digest, at)


def happened(message: Mail, data: bytes, clues: tuple[Clue, ...]) -> Bounce:
    """What became of a mail, or who answers it: the standard's word first, then that of people who read such mail."""
    outcomes = outcomes_of(message)
    if outcomes:
        return reported(outcomes, message)
    if clues and clues[0].purpose is Purpose.UNSUBSCRIBE and not is_from_daemon(message):
        return Bounce(Kind.UNSUBSCRIBE)
    text = notice_in(message)
    if not is_from_daemon(message) and is_challenge(message, text):
        return Bounce(Kind.CHALLENGE)
    if is_marked_automatic(message) or (is_automatic(message) and not says_undelivered(message)):
        return Bounce(Kind.AUTOMATIC)
    return bounce_in(message, data) or Bounce(Kind.AUTOMATIC if is_automatic(message) else Kind.OTHER)


def reported(outcomes: tuple[Outcome, ...], message: Mail) -> Bounce:
    """What a report means: of several recipients behind one address, what is best for the person."""
    notice = notice_in(message)
    kinds = [kind_of(one, notice) for one in outcomes]
    kind = milder(*kinds)
    one = outcomes[kinds.index(kind)]
    return Bounce(kind, one.address, one.action, one.status or code_in(one.diagnostic), one.diagnostic or notice)


def kind_of(one: Outcome, notice: str) -> Kind:
    """What happened to one recipient: nothing but `failed` is a failure (RFC 3464 section 2.3.3).

    Words that the standard does not know, such as `error`, are no word for a missing mailbox.
    """
    if one.action in NO_FAILURES:
        return Kind.DELAYED
    says = reason_in(one.diagnostic) is not None or code_in(one.diagnostic)
    found = classify(one.status, one.diagnostic if says else f"{one.diagnostic} {notice}")
    return found if one.action in FAILURES else milder(found, Kind.SOFT)


def complaint(feedback: Feedback, digest: str, at: datetime | None) -> Reading:
    """A report of feedback: only `abuse` is a complaint."""
    kind = Kind.COMPLAINT if feedback.type == ABUSE else Kind.FEEDBACK
    original = feedback.original
    ids = tuple(headers(original, "Message-ID"))[:1] if original is not None else ()
    readers = tuple(headers(original, "To")) if original is not None else ()
    addresses = tuple(ADDRESS.findall(" ".join((*feedback.recipients, *readers)))[:MOST_ADDRESSES])
    bounce = Bounce(kind, next(iter(addresses), ""), feedback.type)
    return Reading(tidy(bounce), clues_to_reader(feedback.mail_from, original), digest, at, ids, addresses)


def tidy(bounce: Bounce) -> Bounce:
    """The same with texts on one line, printable and short."""
    return replace(bounce, text=one_line(bounce.text, MOST_TEXT), address=one_line(bounce.address, 320),
                   action=one_line(bounce.action, 40))  # fmt: skip


def one_line(text: str, most: int) -> str:
    """A text as logs and tables hold it: no line ends, nothing that moves a cursor or cannot be stored."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    return " ".join(shown.split())[:most]


def digest_of(message: Mail, data: bytes) -> str:
    """SHA-256 (hexadecimal) over what stays the same wherever a message is kept: mailboxes add fields, change line
    ends and quote lines that begin with `From`."""
    _, _, body = data[:MOST_BYTES].replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    body = QUOTED_FROM.sub(b"From ", body[:DIGEST_BYTES]).rstrip(b"\n")
    names = "\n".join(header(message, name) for name in IDENTITY)
    return hashlib.sha256(names.encode("utf-8", "surrogatepass") + b"\0" + body).hexdigest()


def date_of(message: Mail) -> datetime | None:
    """The Date header in UTC; None where it is missing or no date."""
    try:
        found = parsedate_to_datetime(header(message, "Date"))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
