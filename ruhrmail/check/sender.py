"""Who the mail says it is from, and where answers go."""

import re
import unicodedata
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.facts import fold
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

DEAF = re.compile(
    r"(?:no|not|do[._-]?not|dont|nicht|kein[e]?)[._-]?(?:reply|antwort(?:en)?|respon[ds]e?)"
    r"|(?:bitte[._-]?)?nicht[._-]?antworten|null|blackhole|devnull",
    re.IGNORECASE,
)
LONGEST_SAME = 12
"""From this length on a subject that stands in the name is no chance."""


def find_odd_name(dossier: Dossier) -> Iterator[Finding]:
    """The sender's name holds an emoji, the subject or a mail address.

    Why: Providers take the name for who sends, and count anything else as disguise: Google's and the Certified Senders
        Alliance's rules forbid it. The same name in every issue is what readers look for. A merge field there is
        text/placeholder.
    Bad:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: https://letter.example
          sender: {name: "Ruhrblick 🔥", address: post@letter.example}
    Good:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: https://letter.example
          sender: {name: Ruhrblick, address: post@letter.example}
    Remedy: write the newsletter's or the organisation's name, nothing else
    """
    name = dossier.config.newsletter.sender.name
    reason = what_is_odd(name, dossier.issue.subject)
    if reason:
        at = dossier.config.document.at_value(("newsletter", "sender", "name"))
        message = phrase("the sender's name {name} holds {what}", name=name, what=reason)
        hint = phrase("write the newsletter's or the organisation's name, nothing else")
        yield Finding("sender/name", "warning", at, message, hint)


def what_is_odd(name: str, subject: str) -> Phrase | None:
    """What a sender's name holds that does not belong there."""
    if any(unicodedata.category(letter) == "So" for letter in name):
        return phrase("an emoji")
    if "@" in name:
        return phrase("a mail address")
    if len(fold(subject)) >= LONGEST_SAME and fold(subject) in fold(name):
        return phrase("the subject")
    return None


def find_deaf_sender(dossier: Dossier) -> Iterator[Finding]:
    """Answers go to an address that nobody reads.

    Why: Readers answer newsletters, also to leave. Providers want sender and answer address to take mail, and the
        imprint's second channel (§ 5 DDG) is worth little where the first one is closed.
    Bad:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: https://letter.example
          sender: {name: Ruhrblick, address: noreply@letter.example}
    Good:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: https://letter.example
          sender: {name: Ruhrblick, address: redaktion@letter.example}
    Remedy: use an address that somebody reads
    """
    newsletter = dossier.config.newsletter
    reply_to = ("newsletter", "reply_to"), newsletter.reply_to
    for keys, address in ((("newsletter", "sender", "address"), newsletter.sender.address), reply_to):
        if address and DEAF.fullmatch(address.partition("@")[0]):
            at = dossier.config.document.at_value(keys)
            message = phrase("nobody reads answers to {address}", address=address)
            yield Finding("sender/no-reply", "warning", at, message, phrase("use an address that somebody reads"))
