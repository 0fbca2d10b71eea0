"""What receivers think of us: rates of complaints, refusals by policy, and what follows from them."""

from datetime import datetime, timedelta

from ruhrmail.bounce import STOP_COUNT, Standing, rate_complaints
from ruhrmail.model.bounce import Bounce, Kind, Share
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Sending, Store, count_kind, mailing_by_id, read_share, read_share_since, stop_mailing

WINDOW = timedelta(days=30)
EDGES = "<>()[]{}.,:;'\""
"""What stands around names in the words of servers."""


def look_after(store: Store, sending: Sending, bounce: Bounce, now: datetime) -> Phrase | None:
    """What the operator must know after something was written down about a mailing; one with too many complaints is
    stopped.

    None for nothing new. Raises StoreError.
    """
    if sending.mailing is None:
        return None
    if bounce.kind is Kind.POLICY:
        return after_refusal(store, sending.mailing, sending, bounce)
    return after_complaint(store, sending.mailing, now) if bounce.kind is Kind.COMPLAINT else None


def after_refusal(store: Store, number: int, sending: Sending, bounce: Bounce) -> Phrase | None:
    """Told for the first refusal of a mailing, the tenth, the hundredth, and so on."""
    count = count_kind(store, number, Kind.POLICY)
    if str(count).rstrip("0") != "1":
        return None
    domain, text = sending.key.rpartition("@")[2] or "–", refusal_of(bounce, sending.key)
    return phrase("mailing {mailing}: refused for policy {count} times, last by {domain}: {text}", mailing=sending.name,
                  count=count, domain=domain, text=text)  # fmt: skip


def after_complaint(store: Store, number: int, now: datetime) -> Phrase | None:
    """Told when a share of complaints is reached that providers warn at; stopped at the one that they refuse at.

    Who was mailed is counted anew for each look, so there is one at 1, 2 … 10, 20 … 100, 200 … complaints.
    """
    mailing = mailing_by_id(store, number)
    before = last_look(count_kind(store, number, Kind.COMPLAINT))
    if mailing is None or before is None:
        return None
    share = read_share(store, number)
    standing = rate_complaints(share.complained, share.sent)
    if standing is Standing.STOP and mailing.state == "open":
        stop_mailing(store, mailing, too_many(share), now)
        return phrase("the mailing {mailing} was stopped: {reason}", mailing=mailing.name, reason=too_many(share))
    if standing is rate_complaints(min(before, share.complained - 1), share.sent):
        return None  # told when it began
    return phrase("mailing {mailing}: {reason}", mailing=mailing.name, reason=too_many(share))


def last_look(count: int) -> int | None:
    """At how many complaints their share was looked at before; None where this many are no reason to look."""
    if str(count)[1:].strip("0"):
        return None
    step: int = 10 ** (len(str(count - 1)) - 1)
    return count - step


def refusal_of(bounce: Bounce, key: str) -> str:
    """Code and words of a refusal, without addresses and what stands in front of the reader's @."""
    local = key.rpartition("@")[0].lower()
    words = " ".join(word for word in bounce.text.split() if "@" not in word and word.lower().strip(EDGES) != local)
    return f"{bounce.enhanced_code} {words}".strip()[:200] or "–"


def too_many(share: Share) -> Phrase:
    """How many complained, in words."""
    percent = f"{100 * share.complained / share.sent:.2f} %" if share.sent else "–"
    return phrase("{count} complaints about {sent} mails ({percent})", count=share.complained, sent=share.sent,
                  percent=percent)  # fmt: skip


def find_complaints(store: Store, now: datetime) -> tuple[Phrase, ...]:
    """What speaks against another mailing: too many complaints about those of the last thirty days."""
    share = read_share_since(store, now - WINDOW, STOP_COUNT)
    if share is None or rate_complaints(share.complained, share.sent) is not Standing.STOP:
        return ()
    template = (
        "{complaints} in the last {days} days: from 0.3 % on large providers refuse everything; find out why first"
    )
    return (phrase(template, complaints=too_many(share), days=WINDOW.days),)
