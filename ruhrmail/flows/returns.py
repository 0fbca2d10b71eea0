"""Returned mail: the bytes of a message, or a service's event, to what becomes of the person it is about."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.bounce import judge, one_line, read_returned
from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.reputation import look_after
from ruhrmail.flows.tracing import Trace, trace_clues, trace_event, trace_message_id
from ruhrmail.model.bounce import Bounce, Kind, ReturnEvent, Taken, Verdict
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import NewReturn, Store, is_read, mailing_by_id, prove_sent, record_return, withdraw
from ruhrmail.tokens import Keyring

KEPT = (Kind.HARD, Kind.SOFT, Kind.POLICY, Kind.COMPLAINT, Kind.FEEDBACK)
"""What is written down; other answers are left alone, and nothing about them is stored."""
MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came back: what it says, the name of the message or event, where from and when (UTC)."""

    bounce: Bounce
    digest: str
    source: str
    at: datetime | None


def take_in(config: Config, store: Store, keyring: Keyring, machine: Machine, message: bytes, source: str) -> Taken:
    """Reads one returned message and acts upon it, durably before it returns; read again, it changes nothing.

    `source` names where it comes from, without user and password. Never fails over a message, however broken it is,
    or however large. Raises StoreError.
    """
    reading = read_returned(message)
    trace = trace_clues(store, keyring, reading.clues)
    if trace is None and reading.message_ids:
        trace = trace_message_id(config, store, reading.addresses, reading.message_ids[0])
    return settle(store, machine, Arrival(reading.bounce, reading.digest, source, reading.at), trace)


def take_in_event(config: Config, store: Store, keyring: Keyring, machine: Machine, event: ReturnEvent) -> Taken:
    """The same for an event of a sending service whose signature was verified. Raises StoreError."""
    text = one_line(event.text, MOST_TEXT)
    bounce = Bounce(event.kind, event.address, event.service, event.enhanced_code[:20], text)
    digest = hashlib.sha256(f"{event.service}\0{event.id}".encode("utf-8", "surrogatepass")).hexdigest()
    arrival = Arrival(bounce, digest, event.service, event.at)
    return settle(store, machine, arrival, trace_event(config, store, keyring, event))


def settle(store: Store, machine: Machine, arrival: Arrival, trace: Trace | None) -> Taken:
    """What becomes of something that came back."""
    kind = arrival.bounce.kind
    if trace is None:
        return Taken(kind, False, Verdict.UNKNOWN, line_of(arrival, Verdict.UNKNOWN))
    now = machine.now()
    if kind is Kind.UNSUBSCRIBE and trace.subscriber is not None:
        verdict = let_go(store, trace, arrival, now)
    elif kind in KEPT:
        verdict = keep(store, trace, arrival, now)
    else:
        verdict = Verdict.LEFT
        prove_arrival(store, trace, now)
    new = verdict is not Verdict.AGAIN
    alarm = look_after(store, trace.mailing, arrival.bounce, trace.key, now) if new else None
    line = line_of(arrival, verdict, mailing_of(store, trace))
    return Taken(kind, trace.subscriber is not None, verdict, line, alarm)


def keep(store: Store, trace: Trace, arrival: Arrival, now: datetime) -> Verdict:
    """Writes it down and decides, both at once."""
    if is_read(store, arrival.digest):
        return Verdict.AGAIN
    bounce = arrival.bounce
    name = mailing_of(store, trace)
    evidence = ", ".join(part for part in (bounce.kind.value, bounce.enhanced_code, bounce.text, name) if part)
    new = NewReturn(
        arrival.digest, trace.subscriber, trace.mailing, bounce.kind, now, arrival.at, bounce.enhanced_code,
        bounce.text, arrival.source, evidence,
    )  # fmt: skip
    return record_return(store, new, judge)


def let_go(store: Store, trace: Trace, arrival: Arrival, now: datetime) -> Verdict:
    """Takes somebody off the list who wrote to the address that `List-Unsubscribe` names."""
    assert trace.subscriber is not None
    changed = withdraw(store, trace.subscriber, trace.key, now, f"mail to unsubscribe, mailing {trace.mailing}")
    prove_arrival(store, trace, now)
    return Verdict.SUPPRESSED if changed else Verdict.AGAIN


def prove_arrival(store: Store, trace: Trace, now: datetime) -> None:
    """Whoever answers a mail, be it a machine, got it: a delivery in doubt is settled as sent."""
    sending = trace.sending
    if trace.subscriber is not None and trace.mailing is not None and sending is not None and not sending.sure:
        prove_sent(store, trace.mailing, trace.subscriber, now, "an answer to this mail came")


def mailing_of(store: Store, trace: Trace) -> str:
    """What the mailing is called; empty for none."""
    mailing = mailing_by_id(store, trace.mailing) if trace.mailing is not None else None
    return mailing.name if mailing else ""


def line_of(arrival: Arrival, verdict: Verdict, mailing: str = "") -> Phrase:
    """One line for a log, without any address."""
    kind, code = KIND_WORDS[arrival.bounce.kind], arrival.bounce.enhanced_code
    if verdict is Verdict.UNKNOWN:
        return phrase("{kind} {code}: no valid token says whom it is about", kind=kind, code=code or "–")
    return phrase("{kind} {code}, mailing {mailing}: {verdict}", kind=kind, code=code or "–", mailing=mailing or "–",
                  verdict=VERDICT_WORDS[verdict])  # fmt: skip


KIND_WORDS = {
    Kind.HARD: phrase("hard bounce"),
    Kind.SOFT: phrase("soft bounce"),
    Kind.POLICY: phrase("refused for policy"),
    Kind.DELAYED: phrase("delivery is delayed"),
    Kind.COMPLAINT: phrase("complaint"),
    Kind.FEEDBACK: phrase("feedback that is no complaint"),
    Kind.UNSUBSCRIBE: phrase("unsubscribe by mail"),
    Kind.AUTOMATIC: phrase("automatic reply"),
    Kind.CHALLENGE: phrase("challenge"),
    Kind.OTHER: phrase("other mail"),
}
VERDICT_WORDS = {
    Verdict.SUPPRESSED: phrase("the address gets nothing any more"),
    Verdict.COUNTED: phrase("counted; it takes more of them"),
    Verdict.ALERTED: phrase("about us, not about the address"),
    Verdict.NOTED: phrase("written down, changes nothing"),
    Verdict.LEFT: phrase("left alone"),
    Verdict.AGAIN: phrase("known already"),
    Verdict.UNKNOWN: phrase("nobody can tell whom it is about"),
}
