"""What is done about a database that has gone back in time: put right what is remembered, stop and doubt the rest."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.remarks import FORGOTTEN, REMEMBERED
from ruhrmail.store import phrases, postgres_batches
from ruhrmail.store.leases import LEASE, TOKEN_LENGTH
from ruhrmail.store.lost_commits import Forgotten
from ruhrmail.store.schema import EPOCH, instant, mailings, microseconds
from ruhrmail.store.witness import Mark, Memory

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
SAFETY = 2
"""So many times as fast as in its fastest second may a fleet have been."""
SHORTEST = 5.0
"""Seconds that are reckoned with at least: connections that are open have letters out."""

OPEN = (mailings.c.state == "open") & (mailings.c.destination == "relay")
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
