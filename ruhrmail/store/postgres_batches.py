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

CLAIM = """
WITH fresh AS (
  SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'pending'
  ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
due AS (
  SELECT id FROM deliveries WHERE mailing = %(mailing)s AND state = 'deferred' AND next_at <= %(now)s
  ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
chosen AS (
  SELECT id FROM (SELECT id FROM fresh UNION ALL SELECT id FROM due) both_kinds ORDER BY id LIMIT %(limit)s),
claimed AS (
  UPDATE deliveries d SET state = 'claimed', token = %(token)s, lease_until = %(until)s
  FROM chosen WHERE d.id = chosen.id RETURNING d.id, d.variant, d.attempts, d.first_at, d.subscriber)
SELECT d.id, d.variant, d.attempts, d.first_at, s.id, encode(s.token_id, 'hex'), {columns}
FROM claimed d JOIN subscribers s ON s.id = d.subscriber ORDER BY d.id
"""
READ_CLAIMED = """
SELECT d.id, d.variant, d.attempts, d.first_at, s.id, encode(s.token_id, 'hex'), {columns}
FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
WHERE d.mailing = %s AND d.state = 'claimed' AND d.token = %s ORDER BY d.id
"""
LOCK = "SELECT 1 FROM deliveries WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE"
INTEND = f"""
WITH r AS (SELECT * FROM unnest(%(numbers)s::bigint[], %(tokens)s::text[]) AS r (id, token)),
ours AS (
  SELECT d.id, d.subscriber FROM r JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'claimed'),
judged AS (SELECT d.id, {WELCOME} AS welcome FROM ours d),
written AS (
  UPDATE deliveries d SET
    state = CASE WHEN j.welcome THEN 'in_flight' ELSE 'suppressed' END,
    token = CASE WHEN j.welcome THEN d.token END,
    lease_until = CASE WHEN j.welcome THEN %(until)s::bigint END,
    first_at = CASE WHEN j.welcome THEN coalesce(d.first_at, %(now)s::bigint) ELSE d.first_at END,
    next_at = CASE WHEN j.welcome THEN d.next_at END,
    at = CASE WHEN j.welcome THEN d.at ELSE %(now)s::bigint END
  FROM judged j WHERE d.id = j.id)
SELECT r.id, j.id IS NOT NULL FROM r LEFT JOIN judged j ON j.id = r.id WHERE j.id IS NULL OR NOT j.welcome
"""
FIND_GRANTED = """
SELECT d.id FROM unnest(%s::bigint[], %s::text[]) AS r (id, token)
JOIN deliveries d ON d.id = r.id AND d.token = r.token AND d.state = 'in_flight'
"""
SETTLE = f"""
WITH settled AS (
UPDATE deliveries AS d SET
  state = r.outcome, token = CASE r.outcome WHEN 'in_doubt' THEN d.token END, lease_until = NULL,
  attempts = d.attempts + CASE d.state WHEN 'in_doubt' THEN 0 ELSE 1 END,
  first_at = coalesce(d.first_at, r.at), next_at = r.next_at,
  code = r.code, enhanced_code = r.enhanced_code, text = r.text, relay = r.relay, at = r.at
FROM unnest(
  %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::bigint[]
) AS r (id, token, outcome, next_at, code, enhanced_code, text, relay, at) WHERE d.id = r.id AND {HELD}
RETURNING d.id, d.attempts, d.at, d.state, d.code, d.enhanced_code, d.text, d.relay)
INSERT INTO attempts (delivery, number, at, outcome, code, enhanced_code, text, relay) SELECT * FROM settled
ON CONFLICT (delivery, number) DO UPDATE SET
  at = excluded.at, outcome = excluded.outcome, code = excluded.code, enhanced_code = excluded.enhanced_code,
  text = excluded.text, relay = excluded.relay
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


def claim_due(  # noqa: PLR0913 - whose, how many, until when, and what to read
    cursor: DBAPICursor, mailing: int, limit: int, now: int, token: str, until: int, columns: tuple[str, ...]
) -> list[Sequence[Any]]:
    """Gives deliveries, pending or deferred and due, to the holder of a token; as `read_claimed` tells of them."""
    values = {"mailing": mailing, "limit": limit, "now": now, "token": token, "until": until}
    cursor.execute(of_columns(CLAIM, columns), values)
    return list(cursor.fetchall())


def read_claimed(cursor: DBAPICursor, mailing: int, token: str, columns: tuple[str, ...]) -> list[Sequence[Any]]:
    """What the holder of a token has claimed, by delivery, in order: number, variant, attempts, first_at, then the
    subscriber's number, the hexadecimal token and those of the subscriber's columns; JSON as its text."""
    cursor.execute(of_columns(READ_CLAIMED, columns), (mailing, token))
    return list(cursor.fetchall())


@lru_cache(maxsize=4)
def of_columns(query: str, columns: tuple[str, ...]) -> str:
    """A query with the columns of a subscriber."""
    found = (f"s.{name}::text" if name in JSON_COLUMNS else f"s.{name}" for name in columns)
    return query.format(columns=", ".join(found))


def find_granted(cursor: DBAPICursor, claims: Sequence[Row]) -> set[int]:
    """Those of the claims (number, token) whose intent is on record."""
    cursor.execute(FIND_GRANTED, columns_of(claims))
    return {row[0] for row in cursor.fetchall()}


def intend(cursor: DBAPICursor, claims: Sequence[Row], now: int, until: int) -> list[tuple[int, bool]]:
    """Records the intents of claims (number, token), each named once, and ends deliveries whose recipients left the
    list. Returns the claims whose message must not leave, each with whether it was ours at least: those are ended.
    """
    numbers, tokens = columns_of(claims)
    cursor.execute(LOCK, (numbers,))  # a statement of its own, so that the next one sees what others wrote meanwhile
    cursor.execute(INTEND, {"numbers": numbers, "tokens": tokens, "now": now, "until": until})
    return [(number, bool(is_ours)) for number, is_ours in cursor.fetchall()]


def write_outcomes(cursor: DBAPICursor, rows: Sequence[Row]) -> int:
    """Settles the deliveries that the outcomes may change, each named once, and adds that to their history, where late
    proof corrects the doubtful attempt; returns how many those were.

    A row: number, token, outcome, next_at, code, enhanced code, text, relay, at.
    """
    return run_rows(cursor, SETTLE, rows)


def list_attempts(cursor: DBAPICursor, numbers: Sequence[int]) -> None:
    """Adds what deliveries say of themselves now to their history."""
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
