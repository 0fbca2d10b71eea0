"""Returned mail: the bytes of a message, or a service's event, to what becomes of the person it is about."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.bounce import judge, one_line, read_returned
from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.reputation import look_after
from ruhrmail.flows.tracing import trace_clues, trace_event, trace_message_id
from ruhrmail.model.bounce import KIND_WORDS, VERDICT_WORDS, Bounce, Kind, ReturnEvent, Taken, Verdict
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import (
    NewReturn,
    Sending,
    Store,
    evidence_of_mail,
    is_read,
    prove_sent,
    record_return,
    withdraw,
)
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
    sending = trace_clues(store, keyring, reading.clues)
    if sending is None and reading.message_ids:
        sending = trace_message_id(config, store, reading.addresses, reading.message_ids[0])
    return settle(store, machine, Arrival(reading.bounce, reading.digest, source, reading.at), sending)


def take_in_event(config: Config, store: Store, keyring: Keyring, machine: Machine, event: ReturnEvent) -> Taken:
    """The same for an event of a sending service whose signature was verified. Raises StoreError."""
    text = one_line(event.text, MOST_TEXT)
    bounce = Bounce(event.kind, event.address, event.service, event.enhanced_code[:20], text)
    digest = hashlib.sha256(f"{event.service}\0{event.id}".encode("utf-8", "surrogatepass")).hexdigest()
    arrival = Arrival(bounce, digest, event.service, event.at)
    return settle(store, machine, arrival, trace_event(config, store, keyring, event))


def settle(store: Store, machine: Machine, arrival: Arrival, sending: Sending | None) -> Taken:
    """What becomes of something that came back."""
    kind, now = arrival.bounce.kind, machine.now()
    if sending is None:
        return Taken(kind, False, Verdict.UNKNOWN, line_of(arrival, Verdict.UNKNOWN))
    if kind is Kind.UNSUBSCRIBE:
        verdict = let_go(store, sending, now)
    elif kind in KEPT:
        verdict = keep(store, sending, arrival, now)
    else:
        verdict = Verdict.LEFT
        prove_arrival(store, sending, now)
    alarm = look_after(store, sending, arrival.bounce, now) if verdict is not Verdict.AGAIN else None
    return Taken(kind, sending.subscriber is not None, verdict, line_of(arrival, verdict, sending.name), alarm)


def keep(store: Store, sending: Sending, arrival: Arrival, now: datetime) -> Verdict:
    """Writes it down and decides, both at once."""
    if is_read(store, arrival.digest):
        return Verdict.AGAIN
    bounce = arrival.bounce
    parts = (bounce.kind.value, bounce.enhanced_code, bounce.text, sending.name)
    new = NewReturn(
        arrival.digest, sending, bounce.kind, now, arrival.at, bounce.enhanced_code, bounce.text, arrival.source,
        evidence=", ".join(part for part in parts if part),
    )  # fmt: skip
    return record_return(store, new, judge)


def let_go(store: Store, sending: Sending, now: datetime) -> Verdict:
    """Takes somebody off the list who wrote to the address that `List-Unsubscribe` names."""
    if sending.subscriber is None:
        return Verdict.LEFT  # forgotten since, and mailed no more
    changed = withdraw(store, sending.subscriber, sending.key, now, evidence_of_mail(sending.mailing))
    prove_arrival(store, sending, now)
    return Verdict.SUPPRESSED if changed else Verdict.AGAIN


def prove_arrival(store: Store, sending: Sending, now: datetime) -> None:
    """Whoever answers a mail, be it a machine, got it: a delivery in doubt is settled as sent."""
    if sending.subscriber is not None and sending.mailing is not None and not sending.sure:
        prove_sent(store, sending.mailing, sending.subscriber, now, "an answer to this mail came")


def line_of(arrival: Arrival, verdict: Verdict, mailing: str = "") -> Phrase:
    """One line for a log, without any address."""
    kind, code = KIND_WORDS[arrival.bounce.kind], arrival.bounce.enhanced_code
    if verdict is Verdict.UNKNOWN:
        return phrase("{kind} {code}: no valid token says whom it is about", kind=kind, code=code or "–")
    return phrase("{kind} {code}, mailing {mailing}: {verdict}", kind=kind, code=code or "–", mailing=mailing or "–",
                  verdict=VERDICT_WORDS[verdict])  # fmt: skip
