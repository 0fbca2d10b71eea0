"""Reports that keep to no standard: what a mail server wrote for people to read."""

import logging
import re
from html import unescape

from ruhrmail.bounce.classes import classify, code_in
from ruhrmail.bounce.machines import any_of, is_from_daemon
from ruhrmail.bounce.parsing import MOST_BYTES, Mail, header, own_parts, parse, text_of
from ruhrmail.bounce.reasons import MOST_LETTERS, reason_in
from ruhrmail.model.bounce import Bounce, Kind

MOST_READ = 1 << 16
COPIES = (
    r"-+ ?below (this|the next) line",
    r"-+ ?this is a copy",
    r"-+ ?the (header|body|unsent|original)",
    r"-+ ?(un)?sent message",
    r"-+ ?(original|included is|start of|enclosed|returned (mail|message)|transcript of message)",
    r"-+ ?message (header|text|body|follow)",
    r"-+ ?(ursprüngliche|originalnachricht|kopie)",
    r"=+ ?message",
    r"(return-path|received|x-original-to|delivered-to): ",
    r"(the )?headers? of the (original )?(message|mail)",
    r"(the )?(original (message|mail)|first \d+ lines of the)",
    r"message (headers?|text) follow",
    r"a copy of (your|the) |here is (your|a copy)",
    r"text of (the )?(original|returned)",
    r"unsent message|begin(ning)? of (message|original)",
)
COPY = re.compile(rf"^[ >]*({'|'.join(COPIES)})", re.IGNORECASE | re.MULTILINE)
"""Where the copy of our own mail begins: its words say nothing about its delivery."""
SUBJECTS = any_of(
    r"undeliver|undelivr",
    r"delivery (status )?(notification|fail|report|problem|error|has failed|to the following|incomplete)",
    r"return(ed|ing) (mail|message|to sender|e-?mail)",
    r"mail (delivery )?(fail|error|system error|could not|returned|undel)",
    r"failure notice|failed mail",
    r"non[- ]?(delivery|remis)|nondeliverable",
    r"nichtzustell|unzustellbar|zustell(ung|fehler)|nicht zugestellt",
    r"could not (be )?deliver|(message|mail) (status|not delivered|could not)",
)
TITLES = re.compile(r"^[ \t>]*(subject|betreff|objet|oggetto|asunto):.*$", re.IGNORECASE | re.MULTILINE)
"""Our own subject, as some servers repeat it."""
LATE = any_of(
    r"(still|yet) (being )?(retr|try|attempt|queued)",
    r"will (be )?(retr|keep try|continue|try again)",
    r"not need to (re)?send",
    r"warning( message)? only|this is a warning",
    r"could not be delivered yet|delivery (is )?delayed|no action is required",
    r"weitere (zustell)?versuche|verzögert",
)
TAGS = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
SPACES = re.compile(r"[ \t]+")


def notice_in(message: Mail) -> str:
    """What the server wrote, without the copy of our mail; empty where there is no text."""
    texts = {}
    for part in own_parts(message):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and kind not in texts:
            texts[kind] = text_of(part)[:MOST_READ]
    plain = texts.get("text/plain", "")
    text = plain if plain.strip() else unescape(TAGS.sub(" ", texts.get("text/html", "")))
    text = TITLES.sub("", text)
    copy = COPY.search(text, 1)
    return SPACES.sub(" ", text[: copy.start()] if copy else text).strip()[:MOST_LETTERS]


def bounce_in(message: Mail, data: bytes) -> Bounce | None:
    """The bounce that a message without a report is; None where it is none.

    flufl.bounce knows the forms of many servers; what it does not know must come from a mail server, or say so in its
    subject, and name a reason.
    """
    text = notice_in(message)
    late, failed = addresses_in(message, data)
    if not late and not failed and (not says_undelivered(message) or reason_in(text) is None):
        return None
    address = next(iter(sorted(failed or late)), "")
    if (late and not failed) or LATE.search(text):
        return Bounce(Kind.DELAYED, address, "delayed", "", words_about(address, text))
    return Bounce(classify("", text), address, "failed", code_in(text), words_about(address, text))


def says_undelivered(message: Mail) -> bool:
    """Whether it comes from a mail server, or calls itself a report: answers of people may quote one."""
    return is_from_daemon(message) or SUBJECTS.search(header(message, "Subject")) is not None


def words_about(address: str, text: str) -> str:
    """What a server says of an address; all of it where the address does not stand in it."""
    at = text.lower().find(address.lower())
    return text[at + len(address) :].lstrip(" \t\r\n>:") or text if address and at >= 0 else text


def addresses_in(message: Mail, data: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Whom flufl.bounce reads out of a message: those delayed, those failed."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").disabled = True  # it prints what it trips over
    short = message if len(data) <= MOST_READ else parse(data[:MOST_READ])
    if "From" not in short:
        short["From"] = "nobody"  # without one a detector fails, and those after it are not asked
    try:
        late, failed = all_failures(short)
    except Exception:  # noqa: BLE001 - its detectors trip over odd messages in many ways; then they know nothing
        return frozenset(), frozenset()
    return as_text(late), as_text(failed)


def as_text(found: "set[bytes] | frozenset[bytes]") -> frozenset[str]:
    """The addresses as text."""
    return frozenset(one.decode("ascii", "replace") for one in found if len(one) < MOST_BYTES)
