"""Consent records to what they prove (Art. 7 (1) GDPR)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhrmail.consent.stated import iso_of
from ruhrmail.model.consent import Consent, Kind
from ruhrmail.model.people import Person


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person agreed to, as far as anybody can show it.

    `asked_at` and `confirmed_at` are ISO times, None where nobody knows; `stated_at` is when it was in the words of a
    file, empty where no file says it. `page` is where it was, `basis` what was declared in place of a consent,
    `withdrawn_at` when it ended.
    """

    kind: str
    asked_at: str | None
    confirmed_at: str | None
    page: str
    wording: str
    sha256: str
    basis: str = ""
    withdrawn_at: str | None = None
    stated_at: str = ""


def proof_of(consents: Sequence[Consent], person: Person | None, wording_hash: str = "") -> Proof | None:
    """What the records prove, else the columns of the list; None where neither says anything.

    The latest confirmed opt-in counts before anything that was declared; an open request counts where there is nothing
    else. `wording_hash` is the hash of the list's own column.
    """
    confirmed = last(consents, Kind.CONFIRMED)
    declared = last(consents, Kind.DECLARED)
    asked = last(consents, Kind.ASKED)
    gone = last(consents, Kind.WITHDRAWN)
    if confirmed is not None:
        return opted_in(consents, confirmed, gone)
    if declared is not None:
        return as_declared(declared, gone)
    if person is not None and person.consented_at:
        at, page, text = person.consented_at, person.consent_source, person.consent_text
        return Proof("roster", None, iso_of(at), page, text, wording_hash, "", ended(None, gone), at)
    if asked is not None:
        return Proof("asked", iso(asked), None, asked.page, asked.wording, asked.sha256)
    return None


def opted_in(consents: Sequence[Consent], confirmed: Consent, gone: Consent | None) -> Proof:
    """A double opt-in: the last request before the confirmation says when and to what."""
    before = [one for one in consents if one.kind is Kind.ASKED and one.number < confirmed.number]
    asked = before[-1] if before else confirmed
    words = confirmed if confirmed.wording else asked
    page = asked.page or confirmed.page
    return Proof("confirmed", iso(asked), iso(confirmed), page, words.wording, words.sha256, "", ended(confirmed, gone))


def as_declared(declared: Consent, gone: Consent | None) -> Proof:
    """What the operator declared when the address came onto the list."""
    at = declared.stated_at
    words = (declared.page, declared.wording, declared.sha256, "" if at else declared.basis)
    return Proof("declared", None, iso_of(at), *words, ended(declared, gone), at)


def ended(grant: Consent | None, gone: Consent | None) -> str | None:
    """When a consent ended, None while it stands."""
    return iso(gone) if gone is not None and (grant is None or gone.number > grant.number) else None


def last(consents: Sequence[Consent], kind: Kind) -> Consent | None:
    """The latest record of a kind."""
    return next((one for one in reversed(consents) if one.kind is kind), None)


def iso(one: Consent) -> str:
    """When a record was written."""
    return one.at.isoformat(timespec="seconds")
