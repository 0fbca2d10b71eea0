"""The newest issue as a message: the headers that providers look for, and what its signature covers."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from ruhrmail.doctor.case import Case
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import phrase

ONCE = ("From", "To", "Subject", "Date", "Message-ID", "List-ID")
SEALED = ("list-unsubscribe", "list-unsubscribe-post")
FALSE_ANSWER = re.compile(r"\s*(?:re|fwd?|aw|wg)\s*:", re.IGNORECASE)


def examine_message(case: Case) -> Iterator[Diagnosis]:
    """The newest issue becomes a mail, with every header that bulk mail needs."""
    sample = case.sample()
    if sample.trouble is not None:
        yield Diagnosis("doctor/mail-issue", "error", sample.slug, sample.trouble, phrase("see `ruhrmail check`"))
        return
    if not sample.content:
        yield Diagnosis("doctor/mail-issue", "unknown", "issues", phrase("there is no issue yet to look at"))
        return
    size = -(-len(sample.content) // 1024)
    told = phrase("the newest issue {slug} becomes a mail of {size} KB", slug=sample.slug, size=size)
    yield Diagnosis("doctor/mail-issue", "ok", sample.slug, told)
    message = message_from_bytes(sample.content, policy=policy.default)
    yield from judge_headers(sample.slug, message)
    yield judge_seal(case, sample.slug, message)


def judge_headers(slug: str, message: "Message | EmailMessage") -> Iterator[Diagnosis]:
    """Each header once, a one-click way out, and no subject that pretends to be an answer."""
    name = "doctor/mail-headers"
    wrong = [one for one in ONCE if len(message.get_all(one, [])) != 1]
    way_out = "".join(str(message.get("List-Unsubscribe", "")).split())
    one_click = str(message.get("List-Unsubscribe-Post", "")).strip() == "List-Unsubscribe=One-Click"
    if wrong:
        yield Diagnosis(name, "error", slug, phrase("the mail does not have exactly one {header}", header=wrong[0]))
    elif "<https://" not in way_out or not one_click:
        text = phrase("readers cannot leave with one click: List-Unsubscribe has no https address")
        yield Diagnosis(name, "error", slug, text, phrase("write `newsletter.url` with https://"))
    elif FALSE_ANSWER.match(str(message["Subject"])):
        text = phrase("the subject pretends to be an answer")
        yield Diagnosis(name, "error", slug, text, phrase("leave out Re:, AW: and Fwd:"))
    else:
        yield Diagnosis(name, "ok", slug, phrase("the mail has List-Unsubscribe with one click, List-ID and all the "
                        "others"))  # fmt: skip


def judge_seal(case: Case, slug: str, message: "Message | EmailMessage") -> Diagnosis:
    """The signature covers the way out: only then do providers show its button (RFC 8058 section 4)."""
    name = "doctor/mail-signature"
    signatures = [str(one) for one in message.get_all("DKIM-Signature", [])]
    if not signatures:
        return Diagnosis(name, "unknown", slug, phrase("ruhrmail does not sign this mail; the relay's signature must "
                         "cover List-Unsubscribe and List-Unsubscribe-Post"))  # fmt: skip
    if all(set(SEALED) <= covered(one) for one in signatures):
        return Diagnosis(name, "ok", slug, phrase("the DKIM signature covers the way out"))
    return Diagnosis(name, "error", slug, phrase("a DKIM signature does not cover the way out"))


def covered(signature: str) -> set[str]:
    """The headers that a signature covers, in small letters."""
    found = re.search(r"(?:^|;)\s*h=([^;]*)", signature)
    return {one.strip().lower() for one in found[1].split(":")} if found else set()
