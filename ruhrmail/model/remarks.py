"""Remarks: what the records keep in English once and for all, told again in the reader's language."""

import re

from ruhrmail.model.phrase import Phrase, phrase

CUT_OFF = phrase("the sender was killed or lost before the answer")
SINCE_BACKUP = phrase("the store was restored from a backup: nobody knows whether this was sent since")
FORGOTTEN = phrase("the database went back in time: nobody knows whether this was sent")
REMEMBERED = phrase("the database went back in time: the sender remembers that the relay took this")
MOVED = phrase("the person's mail goes to another address")
PROVEN_BY_LINK = phrase("somebody used a link of this mail")
ANSWERED = phrase("an answer to this mail came")
OWN_LINK = phrase("link to unsubscribe on the person's own page or in a mail about joining")
OPTED_IN = "{tool}: double opt-in, asked {asked}, confirmed {confirmed}"
SIGNED_UP = "{tool}: signed up {asked}, no confirmation besides"
ADDED = "{tool}: added by the operator {at}"
LEFT = "{tool}: {standing} {at}"
LINK = "unsubscribe link of mailing {number}"
LETTER = "mail to unsubscribe, mailing {number}"
NUMBERED = {
    LINK: phrase("link to unsubscribe in an issue (mailing number {number})"),
    LETTER: phrase("mail to the address for unsubscribing (mailing number {number})"),
}

SAID = (CUT_OFF, SINCE_BACKUP, FORGOTTEN, REMEMBERED, MOVED, PROVEN_BY_LINK, ANSWERED)
ELSEWHERE = {
    OPTED_IN: phrase("{tool}: asked to join on {asked}, confirmed by a link on {confirmed} (double opt-in)"),
    SIGNED_UP: phrase("{tool}: signed up on {asked}, without a confirmation"),
    ADDED: phrase("{tool}: added there, not by the person itself or not provably ({at})"),
    LEFT.replace("{standing}", "unsubscribed"): phrase("unsubscribed at {tool} ({at})"),
    LEFT.replace("{standing}", "bounced"): phrase("undeliverable at {tool} ({at})"),
    LEFT.replace("{standing}", "complained"): phrase("reported as spam at {tool} ({at})"),
    LEFT.replace("{standing}", "blocked"): phrase("blocked at {tool} ({at})"),
}
"""What another tool knew of somebody, with times as its export writes them; `?` for one that it does not tell."""
GAP = re.compile(r"\\\{(\w+)\\\}")


def told_elsewhere(text: str) -> Phrase | None:
    """What another tool knew as a phrase; None for any other remark."""
    for template, told in ELSEWHERE.items():
        found = re.fullmatch(GAP.sub(r"(?P<\1>[\\w.:+?-]+)", re.escape(template)), text)
        if found:
            return Phrase(told.template, found.groupdict())
    return None


def remark_of(text: str) -> Phrase | str:
    """A remark as a phrase, to be told in any language; texts of others (a relay's, a person's) as they are."""
    if text == LINK.format(number=0):
        return OWN_LINK  # such links stand in no mailing
    for template, told in NUMBERED.items():
        found = re.fullmatch(re.escape(template).replace(r"\{number\}", r"(\d+)"), text)
        if found:
            return Phrase(told.template, {"number": found[1]})
    elsewhere = told_elsewhere(text)
    if elsewhere is not None:
        return elsewhere
    return next((one for one in SAID if one.template == text), text)
