"""Mails about joining: plain, short, and without a word of advertising (§ 7 UWG)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ruhrmail.model.post import PostKind


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What all mails about joining have in common: the newsletter's name, its sender, who answers for it (lines), and
    for how many days a link works."""

    newsletter: str
    sender_name: str
    sender_address: str
    imprint: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """What one of them is about.

    `url` is the link that confirms, or the page where one leaves or joins; `message_id` comes with its brackets; `at`
    is UTC. `preferences` is the page of the person's choices, `other` a new address, mostly hidden.
    """

    kind: PostKind
    to: str
    language: str
    url: str
    wording: str
    message_id: str
    at: datetime
    preferences: str = ""
    other: str = ""


def write_letter(common: Correspondence, one: Occasion) -> str:
    """The whole mail (RFC 5322): ASCII with CRLF, its text quoted-printable."""
    subject, text = TEXTS[one.language][one.kind]
    values = {
        "newsletter": common.newsletter, "url": one.url, "wording": one.wording, "days": common.days,
        "preferences": one.preferences, "other": one.other,
    }  # fmt: skip
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(common.sender_name, addr_spec=common.sender_address)
    message["To"] = Address(addr_spec=one.to)
    message["Subject"] = subject.format_map(values)
    message["Date"] = format_datetime(one.at)
    message["Message-ID"] = one.message_id
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834: no out-of-office answers to it
    message["Content-Language"] = one.language
    foot = "\n".join(("-- ", *common.imprint))
    message.set_content(f"{text.format_map(values)}\n{foot}\n", cte="quoted-printable")
    return message.as_bytes().decode("ascii")


GERMAN: Mapping[PostKind, tuple[str, str]] = {
    PostKind.CONFIRM: (
        "Bitte bestätigen: {newsletter}",
        "Guten Tag,\n\n"
        "jemand hat diese Adresse für den Newsletter „{newsletter}“ angemeldet. Wenn Sie das waren, bestätigen Sie es "
        "bitte innerhalb von {days} Tagen auf dieser Seite:\n\n{url}\n\n"
        "Worin Sie damit einwilligen:\n\n{wording}\n\n"
        "Wenn nicht, brauchen Sie nichts zu tun: Ohne Bestätigung kommt keine weitere Mail, und die Adresse wird "
        "gelöscht.\n",
    ),
    PostKind.KNOWN: (
        "Schon angemeldet: {newsletter}",
        "Guten Tag,\n\n"
        "jemand hat diese Adresse für den Newsletter „{newsletter}“ angemeldet. Sie steht schon auf der Liste; Sie "
        "brauchen nichts zu tun.\n\nThemen, Sprache und Adresse ändern Sie hier:\n\n{preferences}\n\n"
        "Abmelden können Sie sich hier:\n\n{url}\n",
    ),
    PostKind.CHANGE: (
        "Bitte bestätigen: neue Adresse für {newsletter}",
        "Guten Tag,\n\n"
        "der Newsletter „{newsletter}“ soll künftig an diese Adresse gehen. Bitte bestätigen Sie das innerhalb von "
        "{days} Tagen auf dieser Seite:\n\n{url}\n\n"
        "Wenn Sie das nicht veranlasst haben, brauchen Sie nichts zu tun.\n",
    ),
    PostKind.TAKEN: (
        "Ihre neue Adresse für {newsletter}",
        "Guten Tag,\n\n"
        "der Newsletter „{newsletter}“ sollte künftig an diese Adresse gehen statt an eine andere. Geändert wurde "
        "nichts, denn diese Adresse kennen wir schon: Sie steht auf der Liste oder stand dort früher.\n\n"
        "Soll der Newsletter hierher kommen, so melden Sie diese Adresse bitte für sich an; steht sie schon auf der "
        "Liste, ist nichts zu tun:\n\n{url}\n\n"
        "Die andere Adresse melden Sie mit dem Link am Ende einer Ausgabe ab, die dort ankam.\n\n"
        "Wenn Sie das nicht veranlasst haben, brauchen Sie nichts zu tun.\n",
    ),
    PostKind.CHANGED: (
        "Ihre Adresse für {newsletter} wurde geändert",
        "Guten Tag,\n\n"
        "der Newsletter „{newsletter}“ geht ab jetzt an {other} und nicht mehr an diese Adresse. Das wurde auf Ihrer "
        "persönlichen Seite gewünscht und von der neuen Adresse aus bestätigt.\n\n"
        "Wenn Sie das nicht waren, schreiben Sie uns bitte. Sie können den Newsletter auch selbst abbestellen:"
        "\n\n{url}\n",
    ),
}
ENGLISH: Mapping[PostKind, tuple[str, str]] = {
    PostKind.CONFIRM: (
        "Please confirm: {newsletter}",
        "Hello,\n\n"
        "somebody has signed this address up for the newsletter “{newsletter}”. If it was you, please confirm it "
        "within {days} days on this page:\n\n{url}\n\n"
        "What you agree to:\n\n{wording}\n\n"
        "If it was not you, there is nothing to do: without confirmation no further mail will come, and the address is "
        "deleted.\n",
    ),
    PostKind.KNOWN: (
        "Already signed up: {newsletter}",
        "Hello,\n\n"
        "somebody has signed this address up for the newsletter “{newsletter}”. It is on the list already; there is "
        "nothing to do.\n\nChange topics, language and address here:\n\n{preferences}\n\n"
        "You can unsubscribe here:\n\n{url}\n",
    ),
    PostKind.CHANGE: (
        "Please confirm: new address for {newsletter}",
        "Hello,\n\n"
        "the newsletter “{newsletter}” is to go to this address from now on. Please confirm that within {days} days on "
        "this page:\n\n{url}\n\n"
        "If it was not you, there is nothing to do.\n",
    ),
    PostKind.TAKEN: (
        "Your new address for {newsletter}",
        "Hello,\n\n"
        "the newsletter “{newsletter}” was to go to this address in place of another one. Nothing was changed, for we "
        "know this address already: it is on the list, or was there before.\n\n"
        "If you want the newsletter here, please sign this address up by itself; if it is on the list already, there "
        "is nothing to do:\n\n{url}\n\n"
        "The other address leaves by the link at the end of an issue that arrived there.\n\n"
        "If it was not you, there is nothing to do.\n",
    ),
    PostKind.CHANGED: (
        "Your address for {newsletter} was changed",
        "Hello,\n\n"
        "from now on the newsletter “{newsletter}” goes to {other} and no longer to this address. That was asked for "
        "on your own page, and confirmed from the new address.\n\n"
        "If it was not you, please write to us; you can also end the subscription yourself on this page:\n\n{url}\n",
    ),
}
TEXTS: Mapping[str, Mapping[PostKind, tuple[str, str]]] = {"de": GERMAN, "en": ENGLISH}
