"""The workers of a fleet: who lives, and what becomes of the work of those who do not.

All times are the server's, for the clocks of many machines differ. Only PostgreSQL has fleets.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import Connection, delete, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.model.fleet import Activity, Hindrance, Worker
from ruhrmail.store.opening import Store, recall, refuse_newer, remember
from ruhrmail.store.phrases import PhraseForm, from_json, phrase_of, to_json
from ruhrmail.store.quarantine import server_time
from ruhrmail.store.recovery import take_over
from ruhrmail.store.schema import MICROSECOND, deliveries, instant, mailings, microseconds, workers
from ruhrmail.store.timeline import ensure_settled, testify

NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
NAME_BYTES = 8
KEYS = "keys"
SIGN_ON = f"""
INSERT INTO workers (name, host, pid, started_at, seen_at, mailing, slots, total, sent, rate)
VALUES (%s, %s, %s, {NOW}, {NOW}, '', '[]', 0, 0, 0)
"""  # noqa: S608
VERSION_NOW = "SELECT value FROM meta WHERE key = 'version'"
NOT_FOR_LONG = "SELECT set_config('synchronous_commit', 'off', true)"
"""A beat that a crash of the server loses is followed by another."""
BEAT = f"""
UPDATE workers SET seen_at = {NOW}, mailing = %s, slots = %s, total = %s, sent = %s, rate = %s, hindrances = %s
WHERE name = %s
"""  # noqa: S608
READ = f"""
SELECT name, host, pid, started_at, {NOW} - seen_at, mailing, slots::text, total, sent, rate,
    hindrances::text
FROM workers ORDER BY started_at, name
"""  # noqa: S608
FROM_THE_FUTURE = f"UPDATE workers SET seen_at = {NOW} WHERE seen_at > {NOW} + 1000000"  # noqa: S608
"""Beats before the server's clock was put back: the dead would look alive until it is as late again."""
SILENT = f"SELECT name, host, pid FROM workers WHERE seen_at < {NOW} - %s ORDER BY name FOR UPDATE"  # noqa: S608


def note_keys(store: Store, key_ids: Sequence[str]) -> None:
    """Writes down the ids of the keys that `send` has. Raises StoreError."""
    with store.writing() as connection:
        remember(connection, **{KEYS: " ".join(key_ids)})


def read_keys(store: Store) -> frozenset[str]:
    """The ids of the keys that the last `send` had that queued a mailing; none before. Raises StoreError."""
    with store.reading() as connection:
        return frozenset((recall(connection, KEYS) or "").split())


def sign_on(store: Store, host: str, pid: int) -> str:
    """Writes a new worker down and returns its name, with which the tokens of its claims begin. Raises StoreError."""
    name = store.randomness(NAME_BYTES).hex()
    with store.cursor() as cursor:
        cursor.execute(SIGN_ON, (name, host, pid))
    return name


def beat(store: Store, name: str, activity: Activity) -> list[Worker] | None:
    """Says that a worker lives and what it does; returns all workers, the oldest first.

    None: it was silent for so long that it counts as dead, and its work is others'. Raises StoreNewer once a newer
    ruhrmail has changed the tables, other StoreErrors.
    """
    testify(store)
    hindrances = json.dumps([form_of(one) for one in activity.hindrances])
    said = (
        activity.mailing,
        json.dumps(activity.slots),
        activity.total,
        activity.sent,
        activity.rate,
        hindrances,
        name,
    )
    with store.cursor() as cursor:
        cursor.execute(VERSION_NOW)
        refuse_newer(cursor.fetchall()[0][0])
        cursor.execute(NOT_FOR_LONG)
        cursor.execute(BEAT, said)
        return read_rows(cursor) if cursor.rowcount else None


def sign_off(store: Store, name: str, now: datetime) -> None:
    """Forgets a worker that ends, and gives back what it may still hold. Raises StoreError."""
    testify(store)
    with store.writing() as connection:
        bury(connection, name, now)


def clock_lead(store: Store, now: Callable[[], datetime]) -> timedelta:
    """How far the clock here is ahead of the server's; negative where it is behind. Raises StoreError."""
    with store.reading() as connection:
        there = server_time(connection)
    return now() - there


def read_workers(store: Store) -> list[Worker]:
    """All workers, the oldest first. Raises StoreError."""
    with store.reading() as connection:
        session = connection.connection.driver_connection
        assert session is not None
        with session.cursor() as cursor:
            return read_rows(cursor)


def read_rows(cursor: DBAPICursor) -> list[Worker]:
    """All workers, as a cursor reads them."""
    cursor.execute(READ)
    return [
        Worker(
            name, host, pid, instant(began), max(age, 0) * MICROSECOND, mailing, tuple(json.loads(slots)), total, sent,
            rate, tuple(hindrance_of(one) for one in json.loads(hindrances)),
        )
        for name, host, pid, began, age, mailing, slots, total, sent, rate, hindrances in cursor.fetchall()
    ]  # fmt: skip


class HindranceForm(TypedDict):
    """A hindrance as JSON; `since` in microseconds."""

    relay: str
    since: int
    reason: PhraseForm
    advice: PhraseForm | None


def form_of(found: Hindrance) -> HindranceForm:
    """A hindrance as values that JSON knows."""
    advice = to_json(found.advice) if found.advice is not None else None
    return {
        "relay": found.relay,
        "since": microseconds(found.since),
        "reason": to_json(found.reason),
        "advice": advice,
    }


def hindrance_of(form: HindranceForm) -> Hindrance:
    """The hindrance that `form_of` wrote."""
    return Hindrance(form["relay"], instant(form["since"]), phrase_of(form["reason"]), from_json(form["advice"]))


def bury_silent(store: Store, silent_for: timedelta, now: datetime) -> list[tuple[str, str, int]]:
    """Gives back the claims of workers that were not seen for so long, puts what they had in flight in doubt, and
    forgets them; returns their names, hosts and processes. Should one live, its claims are lost, and its word that it
    sent still counts.

    Raises StoreError.
    """
    ensure_settled(store)
    with store.writing() as connection:
        connection.exec_driver_sql(FROM_THE_FUTURE)
        silent = [
            (row.name, row.host, row.pid) for row in connection.exec_driver_sql(SILENT, (silent_for // MICROSECOND,))
        ]
        for name, *_ in silent:
            bury(connection, name, now)
    return silent


def give_back_left(store: Store, mailing: int, name: str, now: datetime) -> None:
    """After a worker's run: gives back what it claimed and never heard of, as the database was away when it answered;
    in flight goes in doubt. Raises StoreError."""
    ensure_settled(store)
    with store.writing() as connection:
        take_over(connection, (deliveries.c.mailing == mailing) & deliveries.c.token.startswith(name), now)


def bury(connection: Connection, name: str, now: datetime) -> None:
    """Gives back what a worker has claimed, puts in doubt what it had in flight, and forgets it."""
    still_open = select(mailings.c.id).where(mailings.c.state != "complete")
    take_over(connection, deliveries.c.mailing.in_(still_open) & deliveries.c.token.startswith(name), now)
    connection.execute(delete(workers).where(workers.c.name == name))
