"""Returned mail: the bytes of a message, or a service's event, to what becomes of the person it is about."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.bounce import Reading, judge, one_line
from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.reputation import look_after
from ruhrmail.flows.tracing import trace_clues, trace_event, trace_message_id
from ruhrmail.model.bounce import KIND_WORDS, VERDICT_WORDS, Bounce, Kind, ReturnEvent, Taken, Verdict
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.remarks import ANSWERED
from ruhrmail.store import (
    NewReturn,
    Sending,
    Store,
    evidence_of_mail,
    is_read,
    note_return,
    prove_sent,
    record_return,
    together,
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


def take_in_all(
    config: Config, store: Store, keyring: Keyring, machine: Machine, readings: Sequence[Reading], source: str
) -> list[Taken | Exception]:
    """Acts upon several messages that were read, in one transaction: all of it is durable once this returns.

    `source` names where they come from, without user and password. A message that was acted upon before changes
    nothing. Where a mistake of ours meets one of them, that one changes nothing, and its place holds the exception.
    Raises StoreError; then none of them changed anything.
    """
    found: list[Taken | Exception] = []
    with together(store) as within:
        for reading in readings:
            try:
                with within.writing():
                    found.append(act_upon(config, within, keyring, machine, reading, source))
            except RuhrmailError:
                raise
            except Exception as error:  # noqa: BLE001 - handed back: the others shall not wait for a mended ruhrmail
                found.append(error)
    return found


def act_upon(config: Config, store: Store, keyring: Keyring, machine: Machine, reading: Reading, source: str) -> Taken:
    """Finds whom a message is about, and does what follows from it. Raises StoreError."""
    sending = trace_clues(store, keyring, reading.clues)
    if sending is None and reading.message_ids:
        sending = trace_message_id(config, store, reading.addresses, reading.message_ids[0])
    return settle(store, machine, Arrival(reading.bounce, reading.digest, source, reading.at), sending)


def take_in_event(config: Config, store: Store, keyring: Keyring, machine: Machine, event: ReturnEvent) -> Taken:
    """The same for an event of a sending service whose signature was verified. Raises StoreError."""
    text = one_line(event.text, MOST_TEXT)
    bounce = Bounce(event.kind, event.address, event.service, event.enhanced_code[:20], text)
    # Whom it is about stands in it too: a service that leaves out its id must not make one event of all.
    facts = (event.service, event.id, event.kind, event.address, event.return_address, event.message_id)
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
    arrival = Arrival(bounce, digest, event.service, event.at)
    return settle(store, machine, arrival, trace_event(config, store, keyring, event))


def settle(store: Store, machine: Machine, arrival: Arrival, sending: Sending | None) -> Taken:
    """What becomes of something that came back."""
    kind, now = arrival.bounce.kind, machine.now()
    if sending is None:
        return Taken(kind, False, Verdict.UNKNOWN, line_of(arrival, Verdict.UNKNOWN))
    if kind is Kind.UNSUBSCRIBE:
        verdict = let_go(store, sending, arrival, now)
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
    return record_return(store, new_return(arrival, sending, now), judge)


def new_return(arrival: Arrival, sending: Sending, now: datetime) -> NewReturn:
    """What is written down."""
    bounce = arrival.bounce
    parts = (bounce.kind.value, bounce.enhanced_code, bounce.text, sending.name)
    return NewReturn(
        digest_of(arrival, sending), sending, bounce.kind, now, arrival.at, bounce.enhanced_code, bounce.text,
        arrival.source, evidence=", ".join(part for part in parts if part),
    )  # fmt: skip


def digest_of(arrival: Arrival, sending: Sending) -> str:
    """The message's own digest; of somebody forgotten each kind counts once, for nothing tells replays apart."""
    if sending.subscriber is not None:
        return arrival.digest
    facts = f"{sending.mailing}\0{sending.token_id.hex()}\0{arrival.bounce.kind}"
    return hashlib.sha256(facts.encode("ascii")).hexdigest()


def let_go(store: Store, sending: Sending, arrival: Arrival, now: datetime) -> Verdict:
    """Takes somebody off the list who wrote to the address that `List-Unsubscribe` names; for each letter once, for
    they may have come back since."""
    if sending.subscriber is None:
        return Verdict.LEFT  # forgotten since, and mailed no more
    if is_read(store, arrival.digest):
        return Verdict.AGAIN
    changed = withdraw(store, sending.subscriber, sending.key, now, evidence_of_mail(sending.mailing))
    prove_arrival(store, sending, now)
    verdict = Verdict.SUPPRESSED if changed else Verdict.AGAIN
    note_return(store, new_return(arrival, sending, now), verdict)
    return verdict


def prove_arrival(store: Store, sending: Sending, now: datetime) -> None:
    """Whoever answers a mail, be it a machine, got it: a delivery in doubt is settled as sent."""
    if sending.subscriber is not None and sending.mailing is not None and not sending.sure:
        prove_sent(store, sending.mailing, sending.subscriber, now, str(ANSWERED))


def line_of(arrival: Arrival, verdict: Verdict, mailing: str = "") -> Phrase:
    """One line for a log, without any address."""
    kind, code = KIND_WORDS[arrival.bounce.kind], arrival.bounce.enhanced_code
    if verdict is Verdict.UNKNOWN:
        return phrase("{kind} {code}: no valid token says whom it is about", kind=kind, code=code or "–")
    return phrase("{kind} {code}, mailing {mailing}: {verdict}", kind=kind, code=code or "–", mailing=mailing or "–",
                  verdict=VERDICT_WORDS[verdict])  # fmt: skip
