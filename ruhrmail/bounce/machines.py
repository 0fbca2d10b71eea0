"""Answers that no person writes: out-of-office notes (RFC 3834), read receipts (RFC 8098), challenges."""

import re

from ruhrmail.bounce.parsing import Mail, header, parameter

MARKS = (
    "X-Autoreply",
    "X-AutoReply-From",
    "X-Auto-Reply-From",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Mail-Autoreply",
    "X-Vacation",
)
PRECEDENCES = ("auto_reply", "auto-reply", "autoreply")


def any_of(*patterns: str) -> re.Pattern[str]:
    """An expression for any of several, in any letter case."""
    return re.compile("|".join(patterns), re.IGNORECASE)


SUBJECTS = any_of(
    r"out[ -]of[ -](the[ -])?office",
    r"^auto: ",
    r"\bauto(matic|mated|matische)?[ -]?(reply|response|antwort)",
    r"abwesen",
    r"\burlaub",
    r"vacation",
    r"\bon leave\b",
    r"nicht im (büro|haus)",
    r"eingangsbestätigung",
    r"elternzeit",
    r"im ruhestand",
    r"réponse automatique",
    r"respuesta automática",
    r"risposta automatica",
    r"thank you for contacting",
)
CHALLENGES = any_of(
    r"\[?\b(boxbe|spam ?arrest|spamblocker|mailinblack|tmda|sendio|bluebottle)\b",
    r"(please |bitte )?(confirm|verify) (that )?(you|your|the) (are|sen[td]|e?-?mail|message|delivery|sender|human)",
    r"(sender|human|person) (verification|authentication)",
    r"(verification|confirmation) (is )?(required|needed) (to|for|before)",
    r"requires (your )?confirmation",
    r"bestätigen sie (bitte )?(ihre|dass|den versand)",
    r"absender(adresse)? (bestätigen|verifizieren)",
    r"click (here|the link|below) to (deliver|release|confirm)",
)
DAEMONS = any_of(
    r"mailer-?daemon",
    r"mail-?daemon",
    r"mdaemon",
    r"postmaster",
    r"mail delivery",
    r"mail administrator",
    r"microsoftexchange",
    r"system ?administrator",
)


def is_challenge(message: Mail, text: str) -> bool:
    """Whether a person is to prove that they wrote."""
    return CHALLENGES.search(header(message, "Subject")) is not None or CHALLENGES.search(text[:2000]) is not None


def is_marked_automatic(message: Mail) -> bool:
    """Whether a program says, in a way that no mail server uses for its reports, that it answered by itself."""
    if message.get_content_type() == "multipart/report":
        return parameter(message, "report-type") == "disposition-notification" and not is_from_daemon(message)
    if any(name in message for name in MARKS) or header(message, "Precedence").lower() in PRECEDENCES:
        return True
    return SUBJECTS.search(header(message, "Subject")) is not None and not is_from_daemon(message)


def is_automatic(message: Mail) -> bool:
    """Whether it says `Auto-Submitted`, which reports of mail servers do as well."""
    return header(message, "Auto-Submitted").lower().partition(";")[0].strip() not in ("", "no")


def is_from_daemon(message: Mail) -> bool:
    """Whether a mail server wrote it, by the name that it gives itself."""
    return DAEMONS.search(header(message, "From")) is not None
