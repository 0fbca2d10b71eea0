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
LINK = "unsubscribe link of mailing {number}"
LETTER = "mail to unsubscribe, mailing {number}"
NUMBERED = {
    LINK: phrase("link to unsubscribe in an issue (mailing number {number})"),
    LETTER: phrase("mail to the address for unsubscribing (mailing number {number})"),
}

SAID = (CUT_OFF, SINCE_BACKUP, FORGOTTEN, REMEMBERED, MOVED, PROVEN_BY_LINK, ANSWERED)


def remark_of(text: str) -> Phrase | str:
    """A remark as a phrase, to be told in any language; texts of others (a relay's, a person's) as they are."""
    if text == LINK.format(number=0):
        return OWN_LINK  # such links stand in no mailing
    for template, told in NUMBERED.items():
        found = re.fullmatch(re.escape(template).replace(r"\{number\}", r"(\d+)"), text)
        if found:
            return Phrase(told.template, {"number": found[1]})
    return next((one for one in SAID if one.template == text), text)
