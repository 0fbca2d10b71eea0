"""What a sender remembers and the database does not: commits that a failover or an old backup lost."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruhrmail.model.ledger import State
from ruhrmail.store.leases import TOKEN_LENGTH
from ruhrmail.store.schema import microseconds
from ruhrmail.store.witness import Mark, Memory, Which, Witness

CHUNK = 10_000
KNOWN = "SELECT EXISTS (SELECT 1 FROM mailings WHERE id = %s AND prepared_at IS NOT DISTINCT FROM %s)"
FIND = """
SELECT d.id, d.state, d.token FROM unnest(%s::bytea[]) WITH ORDINALITY AS r (person, place)
LEFT JOIN subscribers s ON s.token_id = r.person
LEFT JOIN deliveries d ON d.subscriber = s.id AND d.mailing = %s ORDER BY r.place
"""


@dataclass(slots=True)
class Forgotten:
    """What a sender remembers and the database does not: deliveries to put right, by their numbers, and people who are
    no recipients any more, of mailings that are `lost` among others. `beyond`: more is missing than the sender
    remembers, of these mailings."""

    rows: dict[int, Memory] = field(default_factory=dict)
    gone: dict[Which, set[bytes]] = field(default_factory=dict)
    lost: set[Which] = field(default_factory=set)
    beyond: set[int] = field(default_factory=set)

    def add(self, which: Which, memory: Memory, found: "Found") -> None:
        """One more recipient."""
        if found.number is None:
            self.gone.setdefault(which, set()).add(memory.person)
        else:
            self.rows[found.number] = memory
        if not found.has_mailing:
            self.lost.add(which)
        elif found.is_edge:
            self.beyond.add(which.number)

    @property
    def count(self) -> int:
        """How many recipients that are."""
        return len(self.rows) + sum(map(len, self.gone.values()))


def find_forgotten(session: Any, witness: Witness, *, latest: bool = False) -> Forgotten:
    """Compares what a sender remembers, or the latest of it, with what the database knows.

    Commits are lost from the end: where the latest is known, all is. Other threads go on meanwhile: what does not agree
    counts if it is remembered in the same way after the look.
    """
    suspects = [
        (which, one, found)
        for which, memories in witness.recall(latest=latest).items()
        for one, found in disagreeing(session, witness, which, memories, latest=latest)
    ]
    forgotten = Forgotten()
    if suspects:
        still = {which: set(memories) for which, memories in witness.recall(latest=latest).items()}
        for which, one, found in suspects:
            if one in still.get(which, ()):
                forgotten.add(which, one, found)
    return forgotten


class Found(NamedTuple):
    """What the database knows of a recipient: the delivery's number, None for none, its state and token; whether it
    knows the mailing, and whether this is the oldest that a sender remembers and older ones were dropped."""

    number: int | None = None
    state: str = ""
    token: str | None = None
    has_mailing: bool = True
    is_edge: bool = False


def disagreeing(
    session: Any, witness: Witness, which: Which, memories: Sequence[Memory], *, latest: bool
) -> Iterator[tuple[Memory, Found]]:
    """Whom the database knows otherwise than they are remembered, of a mailing.

    In a look at the latest, on the same history, some does not count: people whose records were erased meanwhile, and
    doubt that a person may have ended.
    """
    meant = [one for one in memories if one.now is not Mark.NOTHING and not (latest and one.now is Mark.DOUBT)]
    if meant and not session.execute(KNOWN, (which.number, instant_of(which))).fetchone()[0]:
        yield from ((one, Found(has_mailing=False)) for one in meant)
        return
    for one, (number, state, token) in zip(meant, rows_of(session, which, meant), strict=True):
        edge = witness.trimmed and one is meant[0]
        if number is None:
            if not latest:
                yield one, Found(is_edge=edge)
        elif is_forgotten(one, state, token, witness.names):
            yield one, Found(number, state, token, is_edge=edge)


def rows_of(session: Any, which: Which, memories: Sequence[Memory]) -> Iterator[tuple[int | None, str, str | None]]:
    """By recipient, in order: the delivery's number, None for none, its state and token."""
    for start in range(0, len(memories), CHUNK):
        people = [one.person for one in memories[start : start + CHUNK]]
        yield from session.execute(FIND, (people, which.number)).fetchall()


def instant_of(which: Which) -> int | None:
    """When a mailing was prepared, as the tables hold it."""
    return microseconds(which.prepared_at) if which.prepared_at else None


def is_forgotten(memory: Memory, state: str, token: str | None, names: Set[str]) -> bool:
    """Whether a delivery is not where it was left. What is about to be written need not be there yet."""
    fine = {State.SENT} if memory.now is Mark.SENT else {State.SENT, State.IN_DOUBT}
    if state in fine:
        return False
    ours = token is not None and token[:-TOKEN_LENGTH] in names
    still_out = memory.written is Mark.OUT and ours and state in (State.IN_FLIGHT, State.IN_DOUBT)
    return not still_out
