"""What the ledger does to many deliveries at once, each step one statement in SQLite's words.

The driver lets go of the interpreter once a step of a statement, and beside a busy thread every return costs up to a
switch interval (5 ms). So a batch goes in as one list of parameters and comes out as one row holding a JSON text.
A second database adds these functions in its own words; the rules of the ledger are elsewhere.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ruhrmail.store.driver import Value

MOST = 512
"""Rows of one statement: SQLite binds at most 32,766 values."""

AMONG = "IN (SELECT value FROM json_each(?1))"

CHOOSE = """
SELECT json_group_array(id) FROM (
  SELECT id FROM (SELECT id FROM deliveries WHERE mailing = ?1 AND state = 'pending' ORDER BY id LIMIT ?2)
  UNION ALL
  SELECT id FROM (
    SELECT id FROM deliveries WHERE mailing = ?1 AND state = 'deferred' AND next_at <= ?3 ORDER BY next_at LIMIT ?2)
  ORDER BY id LIMIT ?2)
"""
CLAIM = f"UPDATE deliveries SET state = 'claimed', token = ?2, lease_until = ?3 WHERE id {AMONG}"  # noqa: S608
READ_CLAIMED = f"""
SELECT json_group_array(json_array(
  d.id, d.variant, d.attempts, d.first_at, s.id, hex(s.token_id), {{columns}}))
FROM deliveries d JOIN subscribers s ON s.id = d.subscriber WHERE d.id {AMONG}
"""  # noqa: S608
READ_STANDING = f"""
SELECT json_group_array(json_array(
  d.id, d.state, d.token, d.attempts, d.next_at IS NOT NULL, d.state = 'claimed' AND EXISTS (
    SELECT 1 FROM subscribers s
    WHERE s.id = d.subscriber AND (s.on_roster IS NOT NULL OR s.joined IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM suppressions p WHERE p.key = s.key))))
FROM deliveries d WHERE d.id {AMONG}
"""  # noqa: S608
INTEND = f"""
UPDATE deliveries SET state = 'in_flight', lease_until = ?3, first_at = coalesce(first_at, ?2) WHERE id {AMONG}
"""  # noqa: S608
LEAVE_OUT = f"""
UPDATE deliveries SET state = 'suppressed', token = NULL, lease_until = NULL, next_at = NULL, at = ?2 WHERE id {AMONG}
"""  # noqa: S608
SETTLE = """
WITH r (id, state, token, attempts, next_at, code, enhanced_code, text, relay, at) AS (VALUES {rows})
UPDATE deliveries SET
  state = r.state, token = r.token, lease_until = NULL, attempts = r.attempts, next_at = r.next_at,
  first_at = coalesce(first_at, r.at),
  code = r.code, enhanced_code = r.enhanced_code, text = r.text, relay = r.relay, at = r.at
FROM r WHERE deliveries.id = r.id
"""
GIVE_BACK = """
WITH r (id, state, put_off) AS (VALUES {rows})
UPDATE deliveries SET
  state = r.state, token = NULL, lease_until = NULL, next_at = coalesce(r.put_off, next_at),
  first_at = CASE WHEN attempts > 0 THEN first_at END
FROM r WHERE deliveries.id = r.id
"""
LIST_ATTEMPTS = f"""
INSERT INTO attempts (delivery, number, at, outcome, code, enhanced_code, text, relay)
SELECT id, attempts, at, state, code, enhanced_code, text, relay FROM deliveries WHERE id {AMONG} ORDER BY id
ON CONFLICT DO UPDATE SET
  at = excluded.at, outcome = excluded.outcome, code = excluded.code, enhanced_code = excluded.enhanced_code,
  text = excluded.text, relay = excluded.relay
"""  # noqa: S608

Row = Sequence[Value]


class Standing(NamedTuple):
    """Where a delivery stands before something is written; `welcome` says of a claimed one that the recipient may be
    mailed: on the list and not suppressed."""

    state: str
    token: str | None
    attempts: int
    was_deferred: bool
    welcome: bool


def choose_due(connection: Connection, mailing: int, limit: int, now: int) -> list[int]:
    """The numbers of deliveries to claim, pending or deferred and due, lowest first."""
    found: list[int] = read_one(connection, CHOOSE, (mailing, limit, now))
    return found


def mark_claimed(connection: Connection, numbers: Sequence[int], token: str, until: int) -> None:
    """Gives deliveries to the holder of a token."""
    run(connection, CLAIM, (json.dumps(numbers), token, until))


def read_claimed(connection: Connection, numbers: Sequence[int], columns: Sequence[str]) -> list[list[Any]]:
    """By delivery, in order: number, variant, attempts, first_at, then the subscriber's number, the hexadecimal
    token and those of the subscriber's columns; JSON as its text."""
    found: list[list[Any]] = read_one(connection, claimed_query(tuple(columns)), (json.dumps(numbers),))
    return found


@lru_cache(maxsize=4)
def claimed_query(columns: tuple[str, ...]) -> str:
    """READ_CLAIMED with the columns of a subscriber."""
    return READ_CLAIMED.format(columns=", ".join(f"s.{name}" for name in columns))


def read_standing(connection: Connection, numbers: Sequence[int]) -> dict[int, Standing]:
    """Where deliveries stand, by number; they stay so until the transaction ends."""
    found = read_one(connection, READ_STANDING, (json.dumps(numbers),))
    return {number: Standing(*rest) for number, *rest in found}


def mark_in_flight(connection: Connection, numbers: Sequence[int], now: int, until: int) -> None:
    """Records the intents of claimed deliveries."""
    run(connection, INTEND, (json.dumps(numbers), now, until))


def leave_out(connection: Connection, numbers: Sequence[int], now: int) -> None:
    """Ends deliveries whose recipients left the list."""
    run(connection, LEAVE_OUT, (json.dumps(numbers), now))


def write_outcomes(connection: Connection, rows: Sequence[Row]) -> None:
    """Settles deliveries and keeps the attempts' history, each attempt in its newest words.

    A row: number, state, token to keep, attempts, next_at, code, enhanced code, text, relay, at.
    """
    run_rows(connection, SETTLE, rows)
    run(connection, LIST_ATTEMPTS, (json.dumps([row[0] for row in rows]),))


def give_back(connection: Connection, rows: Sequence[Row]) -> None:
    """Undoes claims and intents of which nothing left. A row: number, state, until when it is put off or None."""
    run_rows(connection, GIVE_BACK, rows)


def run(connection: Connection, statement: str, parameters: Row) -> None:
    """Executes a statement, past SQLAlchemy, whose work per statement costs as much as ten rows."""
    cursor = connection.connection.cursor()
    cursor.execute(statement, parameters)
    cursor.close()


def read_one(connection: Connection, query: str, parameters: Row) -> Any:
    """The JSON that a query gives in its only row."""
    cursor = connection.connection.cursor()
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    cursor.close()
    assert row is not None, "an aggregate gives one row"
    return json.loads(row[0])


def run_rows(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    """Executes a statement for all rows at once."""
    for first in range(0, len(rows), MOST):
        some = rows[first : first + MOST]
        width, height = len(some[0]), 1 << (len(some) - 1).bit_length()
        values = [value for row in some for value in row]
        values += [None] * (width * (height - len(some)))  # rows without a number change nothing
        run(connection, with_rows(statement, width, height), values)


@lru_cache(maxsize=64)
def with_rows(statement: str, width: int, height: int) -> str:
    """The statement for that many rows; few heights occur, so that the driver keeps all of them prepared."""
    row = f"({', '.join('?' * width)})"
    return statement.format(rows=", ".join([row] * height))
