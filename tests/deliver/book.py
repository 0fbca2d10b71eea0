"""A ledger in memory that obeys the protocol and refuses every step that the states do not allow."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ruhrmail.config import Relay
from ruhrmail.model.ledger import Claim, Intent, Result, State
from ruhrmail.model.mail import Envelope, Message, Outcome
from ruhrmail.model.people import Person, Recipient

STATE_AFTER = {
    Outcome.SENT: State.SENT,
    Outcome.DEFERRED: State.DEFERRED,
    Outcome.FAILED: State.FAILED,
    Outcome.IN_DOUBT: State.IN_DOUBT,
    Outcome.SUPPRESSED: State.SUPPRESSED,
    Outcome.RETURNED: State.PENDING,
}


def utc() -> datetime:
    return datetime.now(UTC)


def loopback(port: int, **settings: object) -> Relay:
    return replace(Relay("test", "smtp", "127.0.0.1", port), **settings)  # type: ignore[arg-type]


def make_claim(number: int, address: str = "") -> Claim:
    address = address or f"reader{number}@example.org"
    return Claim(number, f"t{number}.0", Recipient(number, bytes(8), Person(address, address)))


def make_message(address: str, text: str = "Guten Tag") -> Message:
    message_id = f"<{address.replace('@', '.')}@example.org>"
    lines = ["Message-ID: " + message_id, "From: a@example.org", f"To: {address}", "Subject: Test", "", text, "", ""]
    return Message(Envelope("bounce@example.org", address), "\r\n".join(lines).encode(), message_id)


def message_of(claim: Claim) -> Message:
    return make_message(claim.recipient.person.email)


class Book:
    """Recipients by number; `addresses` are enrolled as pending. All calls must come from one thread."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.claims = {number: make_claim(number, address) for number, address in enumerate(addresses, 1)}
        self.states = dict.fromkeys(self.claims, State.PENDING)
        self.due: dict[int, datetime] = {}
        self.results: list[Result] = []
        self.suppressed: set[int] = set()
        self.lost: set[int] = set()
        self.granted: list[int] = []
        self.batches: list[int] = []
        self.most_in_flight = 0
        self.fail_after: int | None = None
        self.threads: set[int] = set()

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        self._enter()
        open_ = [n for n, s in self.states.items() if s is State.PENDING or (n in self.due and self.due[n] <= now)]
        for number in open_[:limit]:
            old = self.claims[number]
            serial = int(old.token.split(".")[1]) + 1
            self.claims[number] = replace(old, token=f"t{number}.{serial}")
            self.states[number] = State.CLAIMED
            self.due.pop(number, None)
        return [self.claims[number] for number in open_[:limit]]

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        if results:
            self.settle(results)
        return self.intend(claims, now) if claims else {}

    def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        self._enter()
        self.batches.append(len(claims))
        return {claim.delivery: self._intend(claim) for claim in claims}

    def _intend(self, claim: Claim) -> Intent:
        number = claim.delivery
        if self.claims[number].token != claim.token or self.states[number] is not State.CLAIMED or number in self.lost:
            return Intent.LOST
        if number in self.suppressed:
            self.states[number] = State.SUPPRESSED
            return Intent.SUPPRESSED
        self.states[number] = State.IN_FLIGHT
        self.granted.append(number)
        self.most_in_flight = max(self.most_in_flight, self.count(State.IN_FLIGHT))
        return Intent.GRANTED

    def settle(self, results: Sequence[Result]) -> int:
        self._enter()
        self.batches.append(len(results))
        for result in results:
            self._settle(result)
        return len(results)

    def _settle(self, result: Result) -> None:
        number, outcome = result.claim.delivery, result.attempt.outcome
        state = self.states[number]
        assert self.claims[number].token == result.claim.token, "a result of a claim that is not ours"
        assert state in (State.CLAIMED, State.IN_FLIGHT), f"{outcome} settles a recipient who is {state}"
        assert state is State.IN_FLIGHT or outcome not in (Outcome.SENT, Outcome.IN_DOUBT), f"{outcome} without intent"
        assert outcome is Outcome.RETURNED or (outcome is Outcome.DEFERRED) == (result.next_at is not None)
        self.states[number] = STATE_AFTER[outcome]
        self.results.append(result)
        if outcome is Outcome.RETURNED:
            if state is State.IN_FLIGHT:
                self.granted.remove(number)
            if result.next_at is not None:
                self.states[number], self.due[number] = State.DEFERRED, result.next_at
            return
        first = self.claims[number].first_at or result.at
        self.claims[number] = replace(self.claims[number], attempts=result.claim.attempts + 1, first_at=first)
        if result.next_at is not None:
            self.due[number] = result.next_at

    def next_due(self) -> datetime | None:
        self._enter()
        return min(self.due.values(), default=None)

    def _enter(self) -> None:
        self.threads.add(threading.get_ident())
        assert len(self.threads) == 1, "the ledger is called from one thread"
        if self.fail_after is not None:
            self.fail_after -= 1
            if self.fail_after < 0:
                raise OSError("no space left on device")

    def count(self, state: State) -> int:
        return sum(one is state for one in self.states.values())

    def outcomes(self, number: int = 1) -> list[Outcome]:
        return [one.attempt.outcome for one in self.results if one.claim.delivery == number]
