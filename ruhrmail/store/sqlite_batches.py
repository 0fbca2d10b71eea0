"""What the ledger does to many deliveries at once, each step one statement in SQLite's words.

The driver lets go of the interpreter once a step of a statement, and beside a busy thread every return costs up to a
switch interval (5 ms). So a batch goes in as one list of parameters and comes out as one row holding a JSON text.
Which outcome may change what is said in `transitions`.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.store.driver import Row, Value
from ruhrmail.store.transitions import HELD, WELCOME

MOST = 512
"""Rows of one statement: SQLite binds at most 32,766 values."""
STEP = 8
"""Statements come in heights of so many rows."""

AMONG = "IN (SELECT value FROM json_each(?1))"

CHOOSE = """
SELECT json_group_array(id) FROM (
  SELECT id FROM (SELECT id FROM deliveries WHERE mailing = ?1 AND state = 'pending' ORDER BY id LIMIT ?2)
  UNION ALL
  SELECT id FROM (
    SELECT id FROM deliveries WHERE mailing = ?1 AND state = 'deferred' AND next_at <= ?3 ORDER BY next_at LIMIT ?2)
  ORDER BY id LIMIT ?2)
"""
CLAIM = f"UPDATE deliveries SET state = 'claimed', token = ?2, lease_until = ?3 WHERE id {AMONG}"
READ_CLAIMED = f"""
SELECT json_group_array(json_array(
  d.id, d.variant, d.attempts, d.first_at, s.id, hex(s.token_id), {{columns}}))
FROM deliveries d JOIN subscribers s ON s.id = d.subscriber WHERE d.id {AMONG}
"""
FIND_REFUSED = f"""
WITH r (id, token) AS (VALUES {{rows}})
SELECT json_group_array(json_array(r.id, d.id IS NOT NULL)) FROM r
LEFT JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'claimed'
WHERE r.id IS NOT NULL AND (d.id IS NULL OR NOT {WELCOME})
"""
FIND_GRANTED = """
WITH r (id, token) AS (VALUES {rows})
SELECT json_group_array(d.id) FROM r
JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'in_flight'
"""
FIND_CLAIMED = """
SELECT json_group_array(id) FROM (
  SELECT id FROM deliveries WHERE mailing = ?1 AND state = 'claimed' AND token = ?2 ORDER BY id)
"""
INTEND = f"""
UPDATE deliveries SET state = 'in_flight', lease_until = ?3, first_at = coalesce(first_at, ?2) WHERE id {AMONG}
"""
LEAVE_OUT = f"""
UPDATE deliveries SET state = 'suppressed', token = NULL, lease_until = NULL, next_at = NULL, at = ?2 WHERE id {AMONG}
"""
SETTLE = f"""
UPDATE deliveries AS d SET
  state = r.outcome, token = CASE r.outcome WHEN 'in_doubt' THEN d.token END, lease_until = NULL,
  attempts = d.attempts + (d.state <> 'in_doubt'), first_at = coalesce(d.first_at, r.at), next_at = r.next_at,
  code = r.code, enhanced_code = r.enhanced_code, text = r.text, relay = r.relay, at = r.at
FROM (
  WITH r (id, token, outcome, next_at, code, enhanced_code, text, relay, at) AS (VALUES {{rows}}) SELECT * FROM r
) AS r WHERE d.id = r.id AND {HELD}
"""
LIST_ATTEMPTS = f"""
INSERT INTO attempts (delivery, number, at, outcome, code, enhanced_code, text, relay)
SELECT id, attempts, at, state, code, enhanced_code, text, relay FROM deliveries WHERE id {AMONG}
ON CONFLICT DO UPDATE SET
  at = excluded.at, outcome = excluded.outcome, code = excluded.code, enhanced_code = excluded.enhanced_code,
  text = excluded.text, relay = excluded.relay
"""
GIVE_BACK = f"""
UPDATE deliveries AS d SET
  state = CASE WHEN r.put_off IS NULL AND d.next_at IS NULL THEN 'pending' ELSE 'deferred' END,
  token = NULL, lease_until = NULL, next_at = coalesce(r.put_off, d.next_at),
  first_at = CASE WHEN d.attempts > 0 THEN d.first_at END
FROM (WITH r (id, token, outcome, put_off) AS (VALUES {{rows}}) SELECT * FROM r) AS r WHERE d.id = r.id AND {HELD}
"""
SUPPRESS = f"""
WITH r (id, token, outcome, key, reason, evidence, at) AS (VALUES {{rows}})
INSERT INTO suppressions (key, reason, evidence, at)
SELECT r.key, r.reason, r.evidence, r.at FROM r JOIN deliveries d ON d.id = r.id WHERE {HELD}
ON CONFLICT DO NOTHING
"""


def claim_due(  # noqa: PLR0913 - whose, how many, until when, and what to read
    cursor: DBAPICursor, mailing: int, limit: int, now: int, token: str, until: int, columns: tuple[str, ...]
) -> list[Sequence[Any]]:
    """Gives deliveries, pending or deferred and due, to the holder of a token; as `read_claimed` tells of them."""
    numbers = read_one(cursor, CHOOSE, (mailing, limit, now))
    if not numbers:
        return []
    cursor.execute(CLAIM, (json.dumps(numbers), token, until))
    return read_rows(cursor, numbers, columns)


def read_claimed(cursor: DBAPICursor, mailing: int, token: str, columns: tuple[str, ...]) -> list[Sequence[Any]]:
    """What the holder of a token has claimed, by delivery, in order: number, variant, attempts, first_at, then the
    subscriber's number, the hexadecimal token and those of the subscriber's columns; JSON as its text."""
    return read_rows(cursor, read_one(cursor, FIND_CLAIMED, (mailing, token)), columns)


def read_rows(cursor: DBAPICursor, numbers: Sequence[int], columns: tuple[str, ...]) -> list[Sequence[Any]]:
    """The same of deliveries by their numbers."""
    found: list[Sequence[Any]] = read_one(cursor, claimed_query(columns), (json.dumps(numbers),))
    return found


@lru_cache(maxsize=4)
def claimed_query(columns: tuple[str, ...]) -> str:
    """READ_CLAIMED with the columns of a subscriber."""
    return READ_CLAIMED.format(columns=", ".join(f"s.{name}" for name in columns))


def intend(cursor: DBAPICursor, claims: Sequence[Row], now: int, until: int) -> list[tuple[int, bool]]:
    """Records the intents of claims (number, token), each named once, and ends deliveries whose recipients left the
    list. Returns the claims whose message must not leave, each with whether it was ours at least: those are ended."""
    refused = {
        number: bool(is_ours)
        for first in range(0, len(claims), MOST)
        for number, is_ours in read_one(cursor, *with_rows(FIND_REFUSED, claims[first : first + MOST]))
    }
    granted = [claim[0] for claim in claims if claim[0] not in refused]
    gone = [number for number, is_ours in refused.items() if is_ours]
    if granted:
        cursor.execute(INTEND, (json.dumps(granted), now, until))
    if gone:
        cursor.execute(LEAVE_OUT, (json.dumps(gone), now))
    return list(refused.items())


def find_granted(cursor: DBAPICursor, claims: Sequence[Row]) -> set[int]:
    """Those of the claims (number, token) whose intent is on record."""
    pieces = (claims[first : first + MOST] for first in range(0, len(claims), MOST))
    return {number for some in pieces for number in read_one(cursor, *with_rows(FIND_GRANTED, some))}


def write_outcomes(cursor: DBAPICursor, rows: Sequence[Row]) -> int:
    """Settles the deliveries that the outcomes may change, each named once, and adds that to their history, where late
    proof corrects the doubtful attempt; returns how many those were. Where not all were, the history lacks
    them: undo it.

    A row: number, token, outcome, next_at, code, enhanced code, text, relay, at.
    """
    changed = run_rows(cursor, SETTLE, rows)
    if changed == len(rows):
        cursor.execute(LIST_ATTEMPTS, (json.dumps([row[0] for row in rows]),))
    return changed


def give_back(cursor: DBAPICursor, rows: Sequence[Row]) -> int:
    """Undoes claims, and intents of which nothing left; returns how many.

    A row: number, token, outcome, until when the delivery is put off (None: not).
    """
    return run_rows(cursor, GIVE_BACK, rows)


def suppress_held(cursor: DBAPICursor, rows: Sequence[Row]) -> None:
    """Suppresses addresses that are not yet, where the outcome may change the delivery; to be called before it does.

    A row: number, token, outcome, key, reason, evidence, at.
    """
    run_rows(cursor, SUPPRESS, rows)


def read_one(cursor: DBAPICursor, query: str, parameters: Sequence[Value]) -> Any:
    """The JSON that a query gives in its only row."""
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    assert row is not None, "an aggregate gives one row"
    return json.loads(row[0])


def run_rows(cursor: DBAPICursor, statement: str, rows: Sequence[Row]) -> int:
    """Executes a statement for all rows at once; returns how many it changed."""
    changed = 0
    for first in range(0, len(rows), MOST):
        cursor.execute(*with_rows(statement, rows[first : first + MOST]))
        changed += cursor.rowcount
    return changed


def with_rows(statement: str, rows: Sequence[Row]) -> tuple[str, list[Value]]:
    """A statement for that many rows, and its parameters.

    Few heights occur, so that the driver keeps all of them prepared: rows without a number fill them up, and change
    nothing.
    """
    width, missing = len(rows[0]), -len(rows) % STEP
    values: list[Value] = [value for row in rows for value in row]
    values += [None] * (width * missing)
    return of_height(statement, width, len(rows) + missing), values


@lru_cache(maxsize=256)
def of_height(statement: str, width: int, height: int) -> str:
    """The statement with that many rows of that many parameters."""
    row = f"({', '.join('?' * width)})"
    return statement.format(rows=", ".join([row] * height))
