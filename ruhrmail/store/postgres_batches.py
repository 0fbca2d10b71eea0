"""What the ledger does to many deliveries at once, each step one statement in PostgreSQL's words.

Any number of senders take these steps at the same time. Each locks the rows it is about before it judges them, so that
what it judged still holds when it writes; rows that another sender is claiming are passed over. A batch goes in as one
array for each column. Which outcome may change what is said in `transitions`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.store.driver import Row, Value
from ruhrmail.store.transitions import HELD, WELCOME

JSON_COLUMNS = ("tags", "fields")

CHOOSE = """
WITH fresh AS (
  SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'pending'
  ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
due AS (
  SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'deferred' AND next_at <= %(now)s
  ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
SELECT id FROM (SELECT id FROM fresh UNION ALL SELECT id FROM due) both_kinds ORDER BY id LIMIT %(limit)s
"""
CLAIM = "UPDATE deliveries SET state = 'claimed', token = %s, lease_until = %s WHERE id = ANY(%s::bigint[])"
READ_CLAIMED = """
SELECT d.id, d.variant, d.attempts, d.first_at, s.id, encode(s.token_id, 'hex'), {columns}
FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
WHERE d.id = ANY(%s::bigint[]) ORDER BY d.id
"""
LOCK = "SELECT 1 FROM deliveries WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE"
FIND_REFUSED = f"""
SELECT r.id, d.id IS NOT NULL FROM unnest(%s::bigint[], %s::text[]) AS r (id, token)
LEFT JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'claimed'
WHERE d.id IS NULL OR NOT {WELCOME}
"""
FIND_GRANTED = """
SELECT d.id FROM unnest(%s::bigint[], %s::text[]) AS r (id, token)
JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'in_flight'
"""
FIND_CLAIMED = "SELECT id FROM deliveries WHERE mailing = %s AND state = 'claimed' AND token = %s ORDER BY id"
INTEND = """
UPDATE deliveries SET state = 'in_flight', lease_until = %s, first_at = coalesce(first_at, %s)
WHERE id = ANY(%s::bigint[])
"""
LEAVE_OUT = """
UPDATE deliveries SET state = 'suppressed', token = NULL, lease_until = NULL, next_at = NULL, at = %s
WHERE id = ANY(%s::bigint[])
"""
SETTLE = f"""
UPDATE deliveries AS d SET
  state = r.outcome, token = CASE r.outcome WHEN 'in_doubt' THEN d.token END, lease_until = NULL,
  attempts = d.attempts + CASE d.state WHEN 'in_doubt' THEN 0 ELSE 1 END,
  first_at = coalesce(d.first_at, r.at), next_at = r.next_at,
  code = r.code, enhanced_code = r.enhanced_code, text = r.text, relay = r.relay, at = r.at
FROM unnest(
  %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::bigint[]
) AS r (id, token, outcome, next_at, code, enhanced_code, text, relay, at) WHERE d.id = r.id AND {HELD}
"""
LIST_ATTEMPTS = """
INSERT INTO attempts (delivery, number, at, outcome, code, enhanced_code, text, relay)
SELECT id, attempts, at, state, code, enhanced_code, text, relay FROM deliveries WHERE id = ANY(%s::bigint[])
ON CONFLICT (delivery, number) DO UPDATE SET
  at = excluded.at, outcome = excluded.outcome, code = excluded.code, enhanced_code = excluded.enhanced_code,
  text = excluded.text, relay = excluded.relay
"""
GIVE_BACK = f"""
UPDATE deliveries AS d SET
  state = CASE WHEN r.put_off IS NULL AND d.next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  token = NULL, lease_until = NULL, next_at = coalesce(r.put_off, d.next_at),
  first_at = CASE WHEN d.attempts > 0 THEN d.first_at END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS r (id, token, outcome, put_off)
WHERE d.id = r.id AND {HELD}
"""
SUPPRESS = f"""
INSERT INTO suppressions (key, reason, evidence, at)
SELECT r.key, r.reason, r.evidence, r.at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
  AS r (id, token, outcome, key, reason, evidence, at)
JOIN deliveries d ON d.id = r.id WHERE {HELD} ORDER BY r.key
ON CONFLICT DO NOTHING
"""


def choose_due(cursor: DBAPICursor, mailing: int, limit: int, now: int) -> list[int]:
    """The numbers of deliveries to claim, pending or deferred and due, lowest first; locked."""
    cursor.execute(CHOOSE, {"mailing": mailing, "limit": limit, "now": now})
    return [row[0] for row in cursor.fetchall()]


def mark_claimed(cursor: DBAPICursor, numbers: Sequence[int], token: str, until: int) -> None:
    """Gives deliveries to the holder of a token."""
    cursor.execute(CLAIM, (token, until, list(numbers)))


def read_claimed(cursor: DBAPICursor, numbers: Sequence[int], columns: tuple[str, ...]) -> list[list[Any]]:
    """By delivery, in order: number, variant, attempts, first_at, then the subscriber's number, the hexadecimal
    token and those of the subscriber's columns; JSON as its text."""
    cursor.execute(claimed_query(columns), (list(numbers),))
    return [list(row) for row in cursor.fetchall()]


@lru_cache(maxsize=4)
def claimed_query(columns: tuple[str, ...]) -> str:
    """READ_CLAIMED with the columns of a subscriber."""
    found = (f"s.{name}::text" if name in JSON_COLUMNS else f"s.{name}" for name in columns)
    return READ_CLAIMED.format(columns=", ".join(found))


def find_refused(cursor: DBAPICursor, claims: Sequence[Row]) -> list[tuple[int, bool]]:
    """The claims (number, token) whose message must not leave, each with whether it is ours at least: then the
    recipient left the list. The others stay as they are until the transaction ends, for they are locked."""
    numbers, tokens = columns_of(claims)
    cursor.execute(LOCK, (numbers,))
    cursor.execute(FIND_REFUSED, (numbers, tokens))
    return [(number, bool(is_ours)) for number, is_ours in cursor.fetchall()]


def find_granted(cursor: DBAPICursor, claims: Sequence[Row]) -> set[int]:
    """Those of the claims (number, token) whose intent is on record."""
    cursor.execute(FIND_GRANTED, columns_of(claims))
    return {row[0] for row in cursor.fetchall()}


def find_claimed(cursor: DBAPICursor, mailing: int, token: str) -> list[int]:
    """What the holder of a token has claimed, lowest first."""
    cursor.execute(FIND_CLAIMED, (mailing, token))
    return [row[0] for row in cursor.fetchall()]


def mark_in_flight(cursor: DBAPICursor, numbers: Sequence[int], now: int, until: int) -> None:
    """Records the intents of claimed deliveries."""
    cursor.execute(INTEND, (until, now, list(numbers)))


def leave_out(cursor: DBAPICursor, numbers: Sequence[int], now: int) -> None:
    """Ends deliveries whose recipients left the list."""
    cursor.execute(LEAVE_OUT, (now, list(numbers)))


def write_outcomes(cursor: DBAPICursor, rows: Sequence[Row]) -> int:
    """Settles the deliveries that the outcomes may change, each named once; returns how many those were.

    A row: number, token, outcome, next_at, code, enhanced code, text, relay, at.
    """
    return run_rows(cursor, SETTLE, rows)


def list_attempts(cursor: DBAPICursor, numbers: Sequence[int]) -> None:
    """Adds what deliveries were just settled with to their history; late proof corrects the doubtful attempt."""
    cursor.execute(LIST_ATTEMPTS, (list(numbers),))


def give_back(cursor: DBAPICursor, rows: Sequence[Row]) -> int:
    """Undoes claims, and intents of which nothing left; returns how many.

    A row: number, token, outcome, until when the delivery is put off (None: not).
    """
    return run_rows(cursor, GIVE_BACK, rows)


def suppress_held(cursor: DBAPICursor, rows: Sequence[Row]) -> None:
    """Suppresses addresses that are not yet, where the outcome may change the delivery; to be called before it does.

    A row: number, token, outcome, key, reason, evidence, at.
    """
    cursor.execute(LOCK, ([row[0] for row in rows],))
    run_rows(cursor, SUPPRESS, rows)


def run_rows(cursor: DBAPICursor, statement: str, rows: Sequence[Row]) -> int:
    """Executes a statement for all rows at once; returns how many it changed."""
    cursor.execute(statement, columns_of(rows))
    return int(cursor.rowcount)


def columns_of(rows: Sequence[Row]) -> list[list[Value]]:
    """Rows turned into one list for each column."""
    return [list(column) for column in zip(*rows, strict=True)]
