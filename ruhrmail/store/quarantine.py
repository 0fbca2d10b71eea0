"""What is done about a database that has gone back in time: put right what is remembered, stop and doubt the rest."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select, update

from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.remarks import FORGOTTEN, REMEMBERED
from ruhrmail.store import phrases, postgres_batches
from ruhrmail.store.leases import LEASE, TOKEN_LENGTH
from ruhrmail.store.schema import EPOCH, instant, mailings, microseconds
from ruhrmail.store.witness import Mark, Memory, Which, Witness

MISSED = phrase(
    "the database went back in time and had forgotten {count} mails that a sender remembers; what others wrote then is "
    "lost, see “When the database goes back in time” in the operator's guide"
)
DOUBTED = phrase(
    "another database server took over, and the sender that was at work then is gone; {count} recipients whom it may "
    "have mailed are in doubt, see “When the database goes back in time” in the operator's guide"
)
UNVOUCHED = phrase(
    "another database server took over, and nobody is left who could tell whether it has forgotten anything; see “When "
    "the database goes back in time” in the operator's guide"
)
SUSPICIONS = frozenset(one.template for one in (MISSED, DOUBTED, UNVOUCHED))
CHUNK = 10_000
SAFETY = 2
"""So many times as fast as in its fastest second may a fleet have been."""
SHORTEST = 5.0
"""Seconds that are reckoned with at least: connections that are open have letters out."""

OPEN = (mailings.c.state == "open") & (mailings.c.destination == "relay")
KNOWN = "SELECT EXISTS (SELECT 1 FROM mailings WHERE id = %s AND prepared_at IS NOT DISTINCT FROM %s)"
FIND = """
SELECT d.id, d.state, d.token FROM unnest(%s::bytea[]) WITH ORDINALITY AS r (person, place)
LEFT JOIN subscribers s ON s.token_id = r.person
LEFT JOIN deliveries d ON d.subscriber = s.id AND d.mailing = %s ORDER BY r.place
"""
MEND = """
UPDATE deliveries AS d SET
  state = r.state, token = r.token, lease_until = r.lease, next_at = NULL, first_at = coalesce(d.first_at, %s), at = %s,
  attempts = d.attempts + CASE WHEN r.state = 'in_flight' OR d.state = 'in_doubt' THEN 0 ELSE 1 END,
  code = NULL, enhanced_code = '', text = r.text, relay = ''
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[]) AS r (id, state, token, lease, text)
WHERE d.id = r.id
"""
SILENT = f"""
SELECT DISTINCT d.mailing, left(d.token, -{TOKEN_LENGTH}) FROM deliveries d JOIN mailings m ON m.id = d.mailing
WHERE m.state <> 'complete' AND m.destination = 'relay'
AND d.state IN ('claimed', 'in_flight') AND d.token IS NOT NULL AND d.lease_until > %s
"""  # noqa: S608
HELD_BY = f"""
SELECT id FROM deliveries
WHERE mailing = %s AND state IN ('claimed', 'in_flight') AND left(token, -{TOKEN_LENGTH}) = ANY(%s::text[])
"""  # noqa: S608
WAITING = """
(SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'pending' ORDER BY id LIMIT %(limit)s)
UNION ALL
(SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'deferred' AND next_at <= %(now)s
 ORDER BY next_at LIMIT %(limit)s)
"""
DOUBT = """
UPDATE deliveries SET state = 'in_doubt', lease_until = NULL, next_at = NULL, at = %s, attempts = attempts + 1,
  code = NULL, enhanced_code = '', text = %s, relay = '' WHERE id = ANY(%s::bigint[])
"""
TRIED = "state IN ('sent', 'failed', 'deferred', 'in_doubt') AND at IS NOT NULL"
PACE = f"""
SELECT max(last), max(count) FROM (
  SELECT max(at) AS last, count(*) AS count FROM deliveries, (
    SELECT max(at) AS end FROM deliveries WHERE mailing = %(mailing)s AND {TRIED}) latest
  WHERE mailing = %(mailing)s AND {TRIED} AND at > latest.end - 900000000 GROUP BY at / 1000000) seconds
"""  # noqa: S608


def is_suspicious(reason: Phrase | None) -> bool:
    """Whether a mailing was stopped because the database may have forgotten who was mailed."""
    return reason is not None and reason.template in SUSPICIONS


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


def put_right(connection: Connection, forgotten: Forgotten) -> None:
    """Writes what a sender remembers, and stops all open mailings. Nothing that may have left waits any more."""
    now = server_time(connection)
    mend(connection, forgotten.rows, now)
    for number in forgotten.beyond:
        doubt_behind(connection, number, (), None, now)
    stop_open(connection, Phrase(MISSED.template, {"count": forgotten.count}), now)


def server_time(connection: Connection) -> datetime:
    """Now, by the one clock that all senders share."""
    found: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return found


def mend(connection: Connection, rows: Mapping[int, Memory], now: datetime) -> None:
    """Writes down again what became of deliveries; a letter that is out gets its claim back: its answer counts."""
    at, lease = microseconds(now), microseconds(now + LEASE)
    values = {
        Mark.SENT: (State.SENT.value, None, str(REMEMBERED)),
        Mark.DOUBT: (State.IN_DOUBT.value, None, str(FORGOTTEN)),
    }
    made = []
    for number, one in rows.items():
        state, until, text = values.get(one.now, (State.IN_FLIGHT.value, lease, str(FORGOTTEN)))
        made.append((number, state, one.token or None, until, text))
    if one_column := list(zip(*made, strict=True)):
        with cursor_of(connection) as cursor:
            cursor.execute(MEND, (at, at, *map(list, one_column)))
            postgres_batches.list_attempts(cursor, [row[0] for row in made if row[1] != State.IN_FLIGHT.value])


def cursor_of(connection: Connection) -> Any:
    """The driver's own cursor within a transaction."""
    session: Any = connection.connection.driver_connection
    return session.cursor()


def find_silent(session: Any, forked_at: datetime | None, vouched: Collection[str]) -> dict[int, set[str]]:
    """By mailing, the senders who had claims when the history began and have not said anything since."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for mailing, name in session.execute(SILENT, (microseconds(forked_at or EPOCH),)).fetchall():
        if name not in vouched:
            found[mailing].add(name)
    return dict(found)


def doubt(
    connection: Connection, end: datetime, forked_at: datetime | None, silent: Mapping[int, Collection[str]]
) -> bool:
    """Puts in doubt whom senders that are gone may have mailed until `end`, and stops all open mailings; returns
    whether there was anything to do. Where nobody is `silent`, nobody was seen at work, but nobody vouches either."""
    now = server_time(connection)
    suspects = dict(silent) or dict.fromkeys(just_begun(connection, forked_at or now), ())
    stopped = False
    for number, names in suspects.items():
        count = doubt_behind(connection, number, names, end, now)
        reason = Phrase(DOUBTED.template, {"count": count})
        stopped = bool(stop_open(connection, reason, now, only=number)) or count > 0 or stopped
    return bool(stop_open(connection, UNVOUCHED, now)) or stopped


def just_begun(connection: Connection, at: datetime) -> list[int]:
    """Mailings of which nothing was tried yet, but may have been since."""
    began = mailings.c.prepared_at.between(at - LEASE, at + LEASE)
    found = connection.execute(select(mailings.c.id).where(OPEN, began)).scalars().all()
    return [number for number in found if pace_of(connection, number) is None]


def doubt_behind(
    connection: Connection, mailing: int, names: Iterable[str], end: datetime | None, now: datetime
) -> int:
    """Puts in doubt what senders had claimed, and as many behind that as they may have got to until `end`, in the time
    that nobody knows of; without an end everybody. Returns how many that were.

    Recipients are claimed in the order of their numbers. Where no pace is known, it is everybody too.
    """
    pace, at = pace_of(connection, mailing), microseconds(now)
    limit = None
    if pace is not None and end is not None:
        limit = math.ceil(SAFETY * pace[1] * max((end - pace[0]).total_seconds(), SHORTEST))
    with cursor_of(connection) as cursor:
        cursor.execute(HELD_BY, (mailing, list(names)))
        numbers = [row[0] for row in cursor.fetchall()]
        cursor.execute(WAITING, {"mailing": mailing, "limit": limit, "now": at})
        numbers += [row[0] for row in cursor.fetchall()]
        cursor.execute(DOUBT, (at, str(FORGOTTEN), numbers))
        postgres_batches.list_attempts(cursor, numbers)
    return len(numbers)


def pace_of(connection: Connection, mailing: int) -> tuple[datetime, int] | None:
    """When a mailing's last attempt ended that is on record, and how many ended in its fastest second of the quarter of
    an hour before; None where none is."""
    last, fastest = connection.exec_driver_sql(PACE, {"mailing": mailing}).one()
    return None if last is None else (instant(last), fastest)


def stop_open(connection: Connection, reason: Phrase, now: datetime, *, only: int | None = None) -> Sequence[int]:
    """Stops the open mailings but those planned for later, or one of them, and returns their numbers."""
    stop = {"state": "stopped", "stopped_at": now, "reason": phrases.to_json(reason), "scheduled_for": None}
    which = OPEN & or_(mailings.c.scheduled_for.is_(None), mailings.c.scheduled_for <= now)
    if only is not None:
        which &= mailings.c.id == only
    return connection.execute(update(mailings).where(which).values(stop).returning(mailings.c.id)).scalars().all()
