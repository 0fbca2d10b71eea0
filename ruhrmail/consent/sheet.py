"""The evidence sheet: what proves that somebody may be mailed, to be read, printed or handed on (Art. 7 (1) GDPR)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256

from ruhrmail.model.consent import Consent, Kind, Standing, Suppression
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.remarks import remark_of

Translate = Callable[[Phrase], str]
ENCODING = ("mime-", "content-")
"""Headers about the letters of a mail, not about what it says."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it says; `long` texts stand below it as they are."""

    label: Phrase
    value: str | Phrase
    long: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A headline and its rows."""

    title: Phrase
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a sheet is about, and who answers for the newsletter: name, organisation, street, city, mail address."""

    email: str
    newsletter: str
    responsible: tuple[str, ...]
    standing: Standing
    suppression: Suppression | None = None
    person: Person | None = None


def make_sheet(subject: Subject, consents: Sequence[Consent], now: datetime) -> tuple[Section, ...]:
    """The sections of a sheet, records in the order of time; times are UTC."""
    head = [
        Row(phrase("newsletter"), subject.newsletter),
        Row(phrase("responsible"), ", ".join(subject.responsible)),
        Row(phrase("address"), subject.email),
        Row(phrase("state"), STANDINGS[subject.standing]),
        Row(phrase("printed"), moment(now)),
    ]
    if subject.suppression is not None:
        head.insert(4, Row(phrase("suppressed since"), moment(subject.suppression.at)))
    sections = [Section(phrase("Whom this is about"), tuple(head))]
    sections += [Section(TITLES[one.kind], tuple(rows_of(one))) for one in consents]
    person = subject.person
    if person is not None and person.consented_at:
        sections.append(Section(phrase("As the list says"), tuple(rows_of_list(person))))
    return tuple(sections)


def rows_of(one: Consent) -> Iterator[Row]:
    """What a record holds, without what it does not."""
    yield Row(phrase("recorded"), moment(one.at))
    facts = (
        (phrase("agreed on, as stated"), one.stated_at),
        (phrase("page or source"), one.page),
        (phrase("procedure"), PROCEDURES.get(one.kind, "")),
        (phrase("remark"), remark_of(one.procedure)),
        (phrase("legal basis"), "" if one.stated_at else one.basis),
        (phrase("imported file"), one.source),
        (phrase("address of origin"), one.origin),
    )
    yield from (Row(label, value) for label, value in facts if value)
    yield from rows_of_wording(one.wording, one.sha256)
    if one.mail:
        yield Row(phrase("confirmation mail as sent, made readable"), readable(one.mail), long=True)


def readable(mail: str) -> str:
    """A mail as its reader saw it: what it says of itself and its text, both decoded."""
    message = message_from_string(mail.replace("\r\n", "\n"), policy=default)
    assert isinstance(message, EmailMessage)
    head = [f"{name}: {value}" for name, value in message.items() if not name.lower().startswith(ENCODING)]
    return "\n".join((*head, "", str(message.get_content()).rstrip("\n")))


def rows_of_wording(text: str, recorded: str) -> Iterator[Row]:
    """The full wording and its hash, reckoned anew: a sheet that proves nothing says so."""
    if not text:
        return
    yield Row(phrase("wording"), text, long=True)
    yield Row(phrase("SHA-256 of the wording"), recorded)
    if sha256(text.encode()).hexdigest() != recorded:
        yield Row(phrase("mind"), phrase("the wording does not match its recorded hash"))


def rows_of_list(person: Person) -> Iterator[Row]:
    """What the columns of the list say."""
    yield Row(phrase("agreed on, as stated"), person.consented_at)
    if person.consent_source:
        yield Row(phrase("page or source"), person.consent_source)
    yield from rows_of_wording(person.consent_text, sha256(person.consent_text.encode()).hexdigest())


def moment(at: datetime) -> str:
    """A time as the sheet shows it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def sheet_as_text(sections: Sequence[Section], translate: Translate) -> Iterator[str]:
    """The lines of a sheet."""
    for section in sections:
        yield translate(section.title).upper()
        for row in section.rows:
            label, value = translate(row.label), said(row, translate)
            if row.long:
                yield f"  {label}:"
                yield from (f"    {line}" for line in value.split("\n"))
            else:
                yield f"  {label}: {value}"
        yield ""


def sheet_as_html(sections: Sequence[Section], translate: Translate, language: str) -> str:
    """A page that stands by itself: nothing is fetched, and it prints well."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(loader=PackageLoader("ruhrmail.consent"), autoescape=True, undefined=StrictUndefined)
    page = templates.get_template("evidence.html.j2")
    return page.render(sections=sections, t=translate, said=lambda row: said(row, translate), language=language,
                       title=translate(phrase("Proof of consent")))  # fmt: skip


def said(row: Row, translate: Translate) -> str:
    """What a row says."""
    return translate(row.value) if isinstance(row.value, Phrase) else row.value


STANDINGS: Mapping[Standing, Phrase] = {
    Standing.SUBSCRIBED: phrase("on the list"),
    Standing.UNCONFIRMED: phrase("asked to join, not confirmed yet"),
    Standing.SUPPRESSED: phrase("suppressed"),
    Standing.ABSENT: phrase("not on the list"),
}
TITLES: Mapping[Kind, Phrase] = {
    Kind.ASKED: phrase("Asked to join"),
    Kind.CONFIRMED: phrase("Confirmed"),
    Kind.DECLARED: phrase("Declared by the operator"),
    Kind.WITHDRAWN: phrase("Withdrawn"),
    Kind.CHANGED: phrase("Address changed"),
}
PROCEDURES: Mapping[Kind, Phrase] = {
    Kind.ASKED: phrase("the address was entered on the page; a mail with a link was sent to it"),
    Kind.CONFIRMED: phrase("the link in that mail was opened and the button there pressed (double opt-in)"),
    Kind.DECLARED: phrase("the address was imported or added by hand"),
    Kind.CHANGED: phrase("the new address was entered on the person's own page, and the link in the mail to it used"),
}
