"""`ruhrmail subscribers show`: everything that is stored about an address."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Address
from ruhrmail.cli.subscribers.suppressing import REASON_WORDS
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.wording import STATE_WORDS, iso, local
from ruhrmail.cli.words import word
from ruhrmail.model.bounce import KIND_WORDS as RETURN_WORDS
from ruhrmail.model.bounce import VERDICT_WORDS
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.remarks import remark_of

if TYPE_CHECKING:
    from ruhrmail.consent import Proof
    from ruhrmail.flows.people import Portrait
    from ruhrmail.model.consent import Consent
    from ruhrmail.model.people import Person
    from ruhrmail.store import Record


class Form(StrEnum):
    """How what is stored is printed."""

    TEXT = "text"
    JSON = "json"


def show(
    ctx: typer.Context,
    address: Address,
    format_: Annotated[Form, typer.Option("--format", help=word("For people, or for machines."))] = Form.TEXT,
) -> None:
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.people import look_at

    desk: Desk = ctx.obj
    portrait = look_at(desk.config, address, this_machine())
    if format_ is Form.JSON:
        desk.terminal.data(as_json(portrait))
    else:
        show_portrait(desk.terminal, portrait)


def as_json(portrait: "Portrait") -> dict[str, Any]:
    """Everything about a person, for machines."""
    record, found = portrait.record, portrait.record.suppression
    return {
        "email": portrait.address,
        "state": portrait.standing.value,
        "consent": consent_as_json(portrait.proof),
        "suppression": {"reason": found.reason.value, "at": iso(found.at), "evidence": found.evidence}
        if found else None,
        "person": person_as_json(record.person) if record.person else None,
        "on_roster": record.on_roster,
        "joined": record.joined,
        "created_at": iso(record.created_at),
        "records": [record_as_json(one) for one in record.consents],
        "decisions": [
            {"at": iso(one.at), "lifted": one.lifted, "reason": one.reason.value, "text": one.text}
            for one in record.decisions
        ],
        "mails": [
            {"kind": one.kind.value, "state": one.state.value, "created_at": iso(one.created_at),
             "sent_at": iso(one.sent_at), "text": one.text}
            for one in record.posts
        ],
        "mailings": [
            {"mailing": one.mailing, "state": one.delivery.state.value, "attempts": one.delivery.attempts,
             "code": one.delivery.code, "text": one.delivery.text, "message_id": one.delivery.message_id,
             "at": iso(one.delivery.at)}
            for one in record.received
        ],
        "preferences": choice_as_json(record) if record.choice else None,
        "addresses": [
            {"email": one.email, "asked_at": iso(one.asked_at), "done_at": iso(one.done_at), "former": one.former}
            for one in record.changes
        ],
        "moved_to": record.moved_to or None,
        "bounces": [
            {"kind": one.kind.value, "at": iso(one.at), "mailing": one.mailing, "enhanced_code": one.enhanced_code,
             "text": one.text, "source": one.source, "decision": one.verdict.value}
            for one in record.bounces
        ],
    }  # fmt: skip


def choice_as_json(record: "Record") -> dict[str, Any]:
    """What a person chose themselves, for machines."""
    choice = record.choice
    assert choice is not None
    return {
        "topics": list(choice.topics), "offered": list(choice.offered), "language": choice.language,
        "at": iso(record.chosen_at),
    }  # fmt: skip


def consent_as_json(proof: "Proof | None") -> dict[str, Any] | None:
    """What a person agreed to, for machines."""
    if proof is None:
        return None
    return {
        "kind": proof.kind, "asked_at": proof.asked_at, "confirmed_at": proof.confirmed_at, "page": proof.page,
        "wording": proof.wording, "wording_sha256": proof.sha256, "basis": proof.basis,
        "withdrawn_at": proof.withdrawn_at, "stated_at": proof.stated_at or None,
    }  # fmt: skip


def person_as_json(person: "Person") -> dict[str, Any]:
    """The columns of the list."""
    names = ("salutation", "title", "first_name", "last_name", "company", "language")
    return {name: getattr(person, name) for name in names} | {"tags": list(person.tags), **person.fields}


def record_as_json(one: "Consent") -> dict[str, Any]:
    """One consent record, whole."""
    return {
        "kind": one.kind.value, "at": iso(one.at), "page": one.page, "wording": one.wording,
        "wording_sha256": one.sha256, "procedure": one.procedure, "mail": one.mail, "origin": one.origin,
        "language": one.language, "stated_at": one.stated_at, "basis": one.basis, "source": one.source,
    }  # fmt: skip


def show_portrait(terminal: Terminal, portrait: "Portrait") -> None:
    """The same for people."""
    record = portrait.record
    terminal.say("{email}: {state}", email=portrait.address, state=STANDING_WORDS[portrait.standing.value])
    if record.suppression:
        terminal.say("  suppressed since {time}: {reason}", time=local(record.suppression.at),
                     reason=REASON_WORDS[record.suppression.reason.value])  # fmt: skip
        line(terminal, phrase("evidence"), terminal.translate(remark_of(record.suppression.evidence)))
    line(terminal, phrase("mail goes to"), record.moved_to)
    if record.person:
        line(terminal, phrase("known since"), local(record.created_at))
        line(terminal, phrase("on the list by"), ways(terminal, portrait))
        for name, value in person_as_json(record.person).items():
            line(terminal, name, ", ".join(value) if isinstance(value, list) else value)
    show_choice(terminal, record)
    show_proof(terminal, portrait.proof)
    for told in history(portrait):
        terminal.write(terminal.out, "  " + terminal.translate(told))


def show_choice(terminal: Terminal, record: "Record") -> None:
    """What somebody chose themselves."""
    choice = record.choice
    if choice is not None:
        line(terminal, phrase("chosen"), local(record.chosen_at))
        line(terminal, phrase("topics offered"), ", ".join(choice.offered))
        line(terminal, phrase("topics chosen"), ", ".join(choice.topics) or "–")
        line(terminal, phrase("language chosen"), choice.language)


def ways(terminal: Terminal, portrait: "Portrait") -> str:
    """How somebody came onto the list."""
    record = portrait.record
    found = [phrase("the project's list")] if record.on_roster else []
    found += [WAYS[record.joined]] if record.joined else []
    return ", ".join(terminal.translate(one) for one in found) or "–"


def show_proof(terminal: Terminal, proof: "Proof | None") -> None:
    """What somebody agreed to."""
    if proof is None:
        terminal.say("  consent: nothing on record")
        return
    line(terminal, phrase("consent"), terminal.translate(PROOF_WORDS[proof.kind]))
    line(terminal, phrase("asked"), as_local(proof.asked_at))
    line(terminal, phrase("confirmed"), as_local(proof.stated_at or proof.confirmed_at))
    line(terminal, phrase("page or source"), proof.page)
    line(terminal, phrase("legal basis"), proof.basis)
    line(terminal, phrase("wording"), proof.wording)
    line(terminal, phrase("SHA-256 of the wording"), proof.sha256)
    line(terminal, phrase("withdrawn"), as_local(proof.withdrawn_at))


def as_local(text: str | None) -> str:
    """A recorded time as all the others here; what a file says as it says it."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return local(at) if at.tzinfo else text or ""


def line(terminal: Terminal, name: "Phrase | str", value: str) -> None:
    """One fact; nothing for an empty one."""
    if value:
        label = terminal.translate(name) if isinstance(name, Phrase) else name
        terminal.write(terminal.out, f"  {label}: {value}")


def history(portrait: "Portrait") -> Iterator[Phrase]:
    """Records, decisions, mails about joining and mailings, each in a line."""
    record = portrait.record
    for one in record.consents:
        yield phrase("record {time}: {what}", time=local(one.at), what=KIND_WORDS[one.kind.value])
    for decided in record.decisions:
        what = phrase("suppression lifted") if decided.lifted else phrase("suppressed by hand")
        yield phrase("decision {time}: {what}, {text}", time=local(decided.at), what=what, text=decided.text)
    for change in record.changes:
        what = phrase("done {time}", time=local(change.done_at)) if change.done_at else phrase("not confirmed")
        yield phrase("new address {time}: {email}, {what}", time=local(change.asked_at), email=change.email, what=what)
    for post in record.posts:
        yield phrase("mail about joining {time}: {state}", time=local(post.created_at),
                     state=POST_WORDS[post.state.value])  # fmt: skip
    for got in record.received:
        yield phrase("mailing {mailing}: {state} {time}", mailing=got.mailing, state=STATE_WORDS[got.delivery.state],
                     time=local(got.delivery.at))  # fmt: skip
    for came in record.bounces:
        yield phrase("came back {time}, mailing {mailing}: {kind} {code} {text}; {verdict}", time=local(came.at),
                     mailing=came.mailing or "–", kind=RETURN_WORDS[came.kind], code=came.enhanced_code,
                     text=came.text, verdict=VERDICT_WORDS[came.verdict])  # fmt: skip


STANDING_WORDS = {
    "subscribed": phrase("on the list"),
    "unconfirmed": phrase("asked to join, not confirmed yet"),
    "suppressed": phrase("suppressed"),
    "absent": phrase("not on the list"),
}
WAYS = {"import": phrase("an import, or by hand"), "web": phrase("the web form")}
PROOF_WORDS = {
    "confirmed": phrase("double opt-in"),
    "declared": phrase("declared with an import or by hand"),
    "roster": phrase("as the list says"),
    "asked": phrase("asked for, not confirmed yet"),
}
KIND_WORDS = {
    "asked": phrase("asked to join"),
    "confirmed": phrase("confirmed by the link in the mail"),
    "declared": phrase("declared"),
    "withdrawn": phrase("withdrawn"),
    "changed": phrase("address changed"),
}
POST_WORDS = {
    "pending": phrase("waiting"),
    "sending": phrase("in flight"),
    "sent": phrase("sent"),
    "failed": phrase("failed"),
}
