"""What a sender remembers of its own, should the database forget it: whose mail may have left, and whose has.

PostgreSQL with asynchronous replication may lose its last commits when a replica takes over, and everybody who was
mailed in them waits again. What this process was told to be written, it can compare and put right.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from time import monotonic
from typing import Any
from weakref import WeakSet

from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Outcome

PERSON_BYTES = 8
"""How long a subscriber's random id is; their number may be another's once the database has gone back in time."""
AS_LONG_AS = 3600.0
"""Seconds that a step is remembered, much longer than any replica should lag."""
AS_MANY_AS = 1_000_000
"""Notes that are kept, two for each mail: some ten megabytes."""
PAGE = 10_000


class Mark(IntEnum):
    """What is known of a recipient: their mail may leave any moment, nobody knows, the relay took it, nothing left."""

    OUT = 1
    DOUBT = 2
    SENT = 3
    NOTHING = 4


MARKS = {Outcome.SENT: Mark.SENT, Outcome.IN_DOUBT: Mark.DOUBT}
"""Anything else means that no mail left."""


@dataclass(frozen=True, slots=True)
class Which:
    """A mailing, by its number and when it was prepared: a number may be given twice."""

    number: int
    prepared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a recipient: what the ledger was told and said to have written, and what is true now.

    `token` is that of the claim while the mail is out, else empty.
    """

    person: bytes
    written: Mark
    now: Mark
    token: str = ""


@dataclass(slots=True)
class Page:
    """Notes on one mailing, in order: a subscriber's random id and a mark for each. `since` is the first one's time."""

    which: Which
    since: float
    people: bytearray = field(default_factory=bytearray)
    marks: bytearray = field(default_factory=bytearray)

    def __iter__(self) -> Iterator[tuple[bytes, Mark]]:
        for at, mark in enumerate(self.marks):
            yield bytes(self.people[at * PERSON_BYTES : (at + 1) * PERSON_BYTES]), Mark(mark)


@dataclass(slots=True)
class Witness:
    """One for each process and store; several threads may use it.

    `history` is the one that the notes are about, None before the first look. `sessions` are those of which it is known
    that they lead to it. `names` begin the tokens of this process's claims. `held` are mailings that were stopped
    when it looked, `lost` those that the database has forgotten as a whole. `away_since` is when the database stopped
    answering (`time.monotonic`), None while it answers. `trimmed`: older notes were dropped.
    """

    name: str
    history: str | None = None
    names: set[str] = field(default_factory=set)
    sessions: "WeakSet[Any]" = field(default_factory=WeakSet)
    held: set[int] = field(default_factory=set)
    lost: set[Which] = field(default_factory=set)
    away_since: float | None = None
    trimmed: bool = False
    _pages: deque[Page] = field(default_factory=deque)
    _count: int = 0
    _out: dict[tuple[Which, bytes], str] = field(default_factory=dict)
    _unwritten: dict[tuple[Which, bytes], Mark] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def works_as(self, holder: str) -> str:
        """What the tokens of its claims begin with: the holder's name, else its own."""
        name = holder or self.name
        self.names.add(name)
        return name

    def hear(self, which: Which, results: Sequence[Result]) -> None:
        """Notes what became of mails, before it is written: a fact, whatever the database will say."""
        with self._lock:
            for one in results:
                person = one.claim.recipient.token_id
                self._out.pop((which, person), None)
                self._unwritten[which, person] = MARKS.get(one.attempt.outcome, Mark.NOTHING)

    def note(self, which: Which, results: Sequence[Result], granted: Sequence[Claim]) -> None:
        """Notes a step that the database says it has written: outcomes, then mails that may leave from now on."""
        with self._lock:
            page = self._page(which, len(results) + len(granted))
            for one in results:
                person = one.claim.recipient.token_id
                self._unwritten.pop((which, person), None)
                page.people += person
                page.marks.append(MARKS.get(one.attempt.outcome, Mark.NOTHING))
            for claim in granted:
                person = claim.recipient.token_id
                page.people += person
                page.marks.append(Mark.OUT)
                self._out[which, person] = claim.token

    def _page(self, which: Which, count: int) -> Page:
        """Where to write so many notes; drops what is too old or too much."""
        now = monotonic()
        if not self._pages or self._pages[-1].which != which or len(self._pages[-1].marks) >= PAGE:
            self._pages.append(Page(which, now))
        self._count += count
        while len(self._pages) > 1 and (self._count > AS_MANY_AS or self._pages[1].since < now - AS_LONG_AS):
            self._count -= len(self._pages.popleft().marks)
            self.trimmed = True
        return self._pages[-1]

    def recall(self, *, latest: bool = False) -> dict[Which, list[Memory]]:
        """Everybody remembered, by mailing, the oldest first; or those of the latest notes only."""
        found: dict[Which, dict[bytes, Mark]] = {}
        with self._lock:
            for page in list(self._pages)[-1:] if latest else self._pages:
                marks = found.setdefault(page.which, {})
                for person, mark in page:
                    marks.pop(person, None)  # so that the order is that of the last notes
                    marks[person] = mark
            return {which: [self._memory(which, *one) for one in marks.items()] for which, marks in found.items()}

    def _memory(self, which: Which, person: bytes, mark: Mark) -> Memory:
        now = self._unwritten.get((which, person), mark)
        return Memory(person, mark, now, self._out.get((which, person), "") if now is Mark.OUT else "")

    def drop(self, gone: dict[Which, set[bytes]]) -> None:
        """Forgets people whom the database does not know any more: nothing can be put right for them."""
        with self._lock:
            kept = [
                replace(page, people=bytearray(), marks=bytearray()) if page.which in gone else page
                for page in self._pages
            ]
            for page, old in zip(kept, self._pages, strict=True):
                if page is not old:
                    for person, mark in old:
                        if person not in gone[old.which]:
                            page.people += person
                            page.marks.append(mark)
            self._pages = deque(kept)
            self._count = sum(len(page.marks) for page in kept)

    def lose_sight(self) -> None:
        """The database does not answer any more."""
        self.away_since = self.away_since or monotonic()

    def see(self, history: str) -> None:
        """It answers, and has gone on with this history, which holds all that is remembered."""
        self.away_since = None
        if self.history != history:
            self.history = history
            self.sessions.clear()
