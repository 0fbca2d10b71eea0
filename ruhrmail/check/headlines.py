"""Subject and preheader: what inboxes show."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.facts import fold
from ruhrmail.check.place import spot
from ruhrmail.config.check import TextLength
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import FIELD
from ruhrmail.model.phrase import phrase

REPLY = re.compile(r"\s*(?:re|aw|antw|fwd?|wg)\s*(?:\[\d+\])?:", re.IGNORECASE)
CALLS = re.compile(r"[!?]{2,}|(?:!.*){2,}")
LOUD_WORD = re.compile(r"\b[A-ZÄÖÜ]{5,}\b")
LOUD_WORDS = 2


def find_subject_length(dossier: Dossier) -> Iterator[Finding]:
    """The subject is too long or too short.

    Why: Telephones show about 40 characters, computers about 70; what comes after is cut off. A subject of one or two
        letters says nothing and looks like spam. The bounds are `check.subject` in ruhrmail.yaml.
    Bad:
        subject: In dieser Ausgabe berichten wir ausführlich über die Maschinenhalle in Herne und den Kanalradweg
    Good:
        subject: In der Maschinenhalle ist es wieder warm
    Remedy: put what matters first and leave out the rest
    """
    yield from wrong_length(dossier, "subject", dossier.issue.subject, dossier.config.settings.check.subject)


def find_preheader_length(dossier: Dossier) -> Iterator[Finding]:
    """The preheader is too long or too short.

    Why: Inboxes show 40 to 100 characters. A shorter one is filled up with the first words of the mail, a longer one is
        cut off. The bounds are `check.preheader` in ruhrmail.yaml.
    Bad:
        preheader: Neues
    Good:
        preheader: Fünf Geschichten von Herne bis Hamm und sechs Termine bis Anfang Dezember
    Remedy: write one of 40 to 100 characters
    """
    text = dossier.issue.preheader
    if text:
        yield from wrong_length(dossier, "preheader", text, dossier.config.settings.check.preheader)


def wrong_length(dossier: Dossier, key: str, text: str, bounds: TextLength) -> Iterator[Finding]:
    """The finding for a line out of its bounds; a merge field counts by its default."""
    length = len(FIELD.sub(lambda match: match["double"] or match["single"] or "", text))
    if length > bounds.most:
        message = phrase("{key} has {count} characters, more than {most}", key=key, count=length, most=bounds.most)
        hint = phrase("put what matters first and leave out the rest")
    elif length < bounds.least:
        message = phrase("{key} has {count} characters, less than {least}", key=key, count=length, least=bounds.least)
        hint = phrase("say what is in this issue")
    else:
        return
    yield Finding(f"{key}/length", "warning", dossier.document.at_value((key,)), message, hint)


def find_false_reply(dossier: Dossier) -> Iterator[Finding]:
    """The subject pretends to be an answer or to be forwarded.

    Why: A newsletter that begins with Re: or AW: is no answer. Sender rules forbid it, spam filters punish it, and
        § 6 (2) DDG wants the commercial character of a mail not to be disguised.
    Bad:
        subject: "AW: Ihr Platz in der Maschinenhalle"
    Good:
        subject: "Ihr Platz in der Maschinenhalle"
    Remedy: leave the prefix out
    """
    match = REPLY.match(dossier.issue.subject)
    if match:
        at = dossier.document.at_value(("subject",))
        message = phrase("the subject pretends to be an answer: {prefix}", prefix=match[0].strip())
        yield Finding("subject/false-reply", "warning", at, message, phrase("leave the prefix out"))


def find_shouting(dossier: Dossier) -> Iterator[Finding]:
    """The subject shouts: words in capitals, or several exclamation marks.

    Why: It reads like advertising, and spam filters count it so. A name such as NRW or RWTH is none.
    Bad:
        subject: JETZT ANMELDEN und Plätze sichern!!
    Good:
        subject: Noch zwölf Plätze in der Maschinenhalle
    Remedy: write words in small letters, and at most one exclamation mark
    """
    text = dossier.issue.subject
    loud = LOUD_WORD.findall(text)
    calls = CALLS.search(text)
    if len(loud) >= LOUD_WORDS or calls:
        at = dossier.document.at_value(("subject",))
        word = " ".join(loud) if len(loud) >= LOUD_WORDS else calls[0] if calls else ""
        message = phrase("the subject shouts: {word}", word=word)
        hint = phrase("write words in small letters, and at most one exclamation mark")
        yield Finding("subject/shouting", "warning", at, message, hint)


def find_echo(dossier: Dossier) -> Iterator[Finding]:
    """The preheader says the same as the subject.

    Why: Inboxes show both beside each other; the room for a second reason to open the mail is lost.
    Bad:
        subject: In der Maschinenhalle ist es wieder warm
        preheader: In der Maschinenhalle ist es wieder warm
    Good:
        subject: In der Maschinenhalle ist es wieder warm
        preheader: Fünf Geschichten von Herne bis Hamm und sechs Termine
    Remedy: say what else is in this issue
    """
    text = dossier.issue.preheader or ""
    if fold(text) == fold(dossier.issue.subject):
        at = spot(dossier.document, ("preheader",), 0, text)
        message = phrase("the preheader says the same as the subject")
        yield Finding("preheader/same-as-subject", "warning", at, message, phrase("say what else is in this issue"))
