"""Enhanced status code (RFC 3463) and words to hard, soft or policy."""

import re

from ruhrmail.bounce.reasons import reason_in, says_nobody
from ruhrmail.model.bounce import Kind

CODE = re.compile(r"\b([45])\d\d[ -]+#?\(?(?P<enhanced>[45]\.\d{1,3}\.\d{1,3})\b|#(?P<hash>[45]\.\d{1,3}\.\d{1,3})\b")
REPLY = re.compile(r"(?:^|\bsaid: |[\s:;(\[])(?P<code>[45]\d\d)[ -](?=\S)")
HARD_CODES = re.compile(r"5\.1\.\d+|5\.2\.1|5\.4\.4")
ABOUT_SENDER = ("5.1.7", "5.1.8")
"""The sender's address is bad, not the recipient's."""
VAGUE = re.compile(r"[45]\.0\.\d+|5\.3\.0|5\.4\.1|5\.2\.0|5\.5\.0|5\.4\.3\d\d|")
"""Codes that say nothing, or what servers say for lack of a better one: then words decide. The last three are what
Exchange and Outlook.com give for unknown mailboxes and domains."""


def classify(status: str, text: str) -> Kind:
    """What a failure means, from its code (empty for none) and what the server said; no reason is soft."""
    told = code_in(text)
    code = status
    if told and VAGUE.fullmatch(status):
        code = told
    found = by_code(code, text)
    if found is Kind.HARD and told and told != code:
        return milder(found, by_code(told, text))
    return found


def by_code(code: str, text: str) -> Kind:
    """The same for one code."""
    if code in ABOUT_SENDER or code.startswith("5.7."):
        return Kind.POLICY
    if HARD_CODES.fullmatch(code):
        return spared(text)
    reason = reason_in(text)
    if VAGUE.fullmatch(code):
        reason = Kind.SOFT if reason is Kind.HARD and is_temporary(code, text) else reason
        return reason or Kind.SOFT
    return Kind.POLICY if reason is Kind.POLICY and code.startswith(("4.7.", "5.")) else Kind.SOFT


def spared(text: str) -> Kind:
    """Hard as the code says, unless the words say something else and nothing of a missing mailbox."""
    reason = reason_in(text)
    return reason if reason in (Kind.SOFT, Kind.POLICY) and not says_nobody(text) else Kind.HARD


def is_temporary(code: str, text: str) -> bool:
    """Whether there is but a reply code, of those that ask to try again."""
    reply = REPLY.search(text)
    return not code and reply is not None and reply["code"].startswith("4")


def code_in(text: str) -> str:
    """The enhanced code that a server's words carry; empty for none."""
    match = CODE.search(text)
    return (match["enhanced"] or match["hash"]) if match else ""


def milder(*kinds: Kind) -> Kind:
    """Of several classes the one that does a person the least harm."""
    return min(kinds, key=MILDEST_FIRST.index)


MILDEST_FIRST = (Kind.DELAYED, Kind.POLICY, Kind.SOFT, Kind.HARD)
