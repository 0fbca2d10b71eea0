"""The engine that spreads work over a fleet: procrastinate's tables beside ours, and the jobs we put there.

Whether a mail may leave is decided by the ledger alone; jobs only say that there is something to do.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store.opening import Store, recall, remember

if TYPE_CHECKING:
    from procrastinate import App

SLOTS = "slots"
"""The queue of slots: each lets one worker send one share of a mailing's rate."""
DUTIES = "duties"
"""The queue of what else there is to do."""
SLOT = "ruhrmail.slot"
"""The task that works a slot; its arguments are `mailing`, `slot` (from 0) and `total`."""
MOST_SLOTS = 1000
"""More than settings ask for; whoever wrote a job with so many was no `ruhrmail`."""
PATIENCE = 5.0
"""Seconds that a step of the engine waits for a session, and that the pool dials by itself. Its pauses double, so after
a long restart of the server it would stay away for as long again; once it gave up, whoever asks dials at once."""
SESSIONS = 4
"""Of each worker at most, for its engine: what hangs in one holds nothing else up."""
VERSION = "engine"
IS_THERE = """
SELECT EXISTS (
  SELECT 1 FROM pg_class
  WHERE relname = 'procrastinate_jobs' AND relnamespace = to_regnamespace(quote_ident(current_schema())))
"""
"""Asked of the table itself: `to_regclass` may remember from before the pen was taken that there is none."""
TOTALS = "SELECT DISTINCT args->>'total' FROM procrastinate_jobs WHERE queue_name = 'slots' AND status = 'doing'"
DROP_OTHERS = """
WITH dropped AS (
  DELETE FROM procrastinate_jobs WHERE queue_name = 'slots' AND status = 'todo' AND args->>'total' IS DISTINCT FROM %s
  RETURNING id)
SELECT count(*) FROM dropped
"""
DROP_QUEUED = "DELETE FROM procrastinate_jobs WHERE queue_name = 'slots' AND status = 'todo'"
UNDER_WAY = "SELECT queueing_lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(%s)"
AHEAD = """
SELECT DISTINCT (args->>'mailing')::bigint FROM procrastinate_jobs
WHERE queue_name = 'slots' AND status IN ('todo', 'doing') AND (args->>'mailing')::bigint <> %(mailing)s
AND id < (SELECT max(id) FROM procrastinate_jobs WHERE queue_name = 'slots' AND status = 'todo'
          AND (args->>'mailing')::bigint = %(mailing)s)
AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'slots' AND status = 'doing'
                AND (args->>'mailing')::bigint = %(mailing)s)
"""
WAITING = """
SELECT queue_name, count(*) FROM procrastinate_jobs
WHERE status = 'todo' AND queue_name = ANY(%s) AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name
"""
for name in ("procrastinate", "psycopg"):  # what they tell, workers tell in their own words
    logging.getLogger(name).addHandler(logging.NullHandler())


def open_engine(url: str) -> "App":
    """The engine on the store's database, not yet connected. Raises StoreError where it is not installed."""
    engine = import_engine()
    from ruhrmail.store.engine_connector import BoundedConnector
    from ruhrmail.store.postgres_session import AsyncSession, dial_of

    return engine.App(  # type: ignore[no-any-return]
        connector=BoundedConnector(
            conninfo=url, kwargs=dial_of(url), connection_class=AsyncSession, min_size=1, max_size=SESSIONS,
            timeout=PATIENCE, reconnect_timeout=PATIENCE,
        )
    )  # fmt: skip


async def try_dialling(url: str) -> None:
    """Opens a session as the engine does, and closes it. Raises psycopg.Error."""
    from ruhrmail.store.postgres_session import AsyncSession, dial_of

    session = await AsyncSession.connect(url, **dial_of(url))
    await session.close()


def import_engine() -> Any:
    """procrastinate. Raises StoreError where it is not installed."""
    try:
        import procrastinate
    except ImportError as error:
        message = phrase("the engine for several machines is missing")
        raise StoreError(message, hint=phrase("install it with: pip install 'ruhrmail[postgresql]'")) from error
    return procrastinate


def prepare_engine(store: Store) -> None:
    """Makes the engine's tables, or brings them up to date; does nothing where they are. Raises StoreError."""
    steps = migrations()
    with store.reading() as connection:
        if is_there(connection) and recall(connection, VERSION) == steps[-1].name:
            return
    with store.writing() as connection:
        if not is_there(connection):
            execute(connection, import_engine().schema.SchemaManager.get_schema())
        else:
            update(connection, steps)
        remember(connection, **{VERSION: steps[-1].name})


def update(connection: Connection, steps: list[Path]) -> None:
    """Takes the steps that came after those taken. Raises StoreError where the tables are not ours."""
    version = recall(connection, VERSION)
    if version is None:
        message = phrase("another program's jobs (procrastinate) are where the store is")
        raise StoreError(message, hint=phrase("give the store a database or a schema of its own"))
    for step in steps:
        if step.name > version:
            execute(connection, step.read_text(encoding="utf-8"))


def engine_version(connection: Connection) -> str | None:
    """Up to which step the engine's tables are; None where there are none of ours."""
    return recall(connection, VERSION)


def keep_engine(connection: Connection, version: str | None) -> None:
    """After another store took the place of the one that the engine's tables stand beside: these are as they were, but
    nothing is queued. What a backup says of an engine is that of another database or moment."""
    if version is not None and is_there(connection):
        remember(connection, **{VERSION: version})
        execute(connection, DROP_QUEUED)


def migrations() -> list[Path]:
    """The engine's steps from version to version, in order."""
    return sorted(Path(import_engine().schema.SchemaManager.get_migrations_path()).glob("*.sql"))


def is_there(connection: Connection) -> bool:
    """Whether the engine has tables in the schema that the store is in."""
    return bool(connection.exec_driver_sql(IS_THERE).scalar_one())


def execute(connection: Connection, statements: str) -> None:
    """Runs several statements as they are written."""
    session: Any = connection.connection.driver_connection
    session.execute(statements)


def enqueue_slots(store: Store, mailing: int, total: int) -> int:
    """Puts a job for each of a mailing's slots into the queue, where none waits or runs; returns how many.

    Part of the transaction that the store is in. A slot is worked by one process at a time, whatever the mailing: so
    all mailings together keep to the limits. That holds as long as all slots are parts of the same whole, so where
    settings differ, the total of those that are worked on counts. Raises StoreError.
    """
    engine = import_engine()
    app = engine.App(connector=engine.SyncPsycopgConnector())
    with store.writing() as connection:
        session: Any = connection.connection.driver_connection
        agreed = agree(session, total)
        names = [name_of(mailing, slot) for slot in range(agreed or 0)]
        waiting = {row[0] for row in session.execute(UNDER_WAY, (names,))}
        jobs = [
            engine.jobs.Job(
                id=None, queue=SLOTS, task_name=SLOT, lock=f"slot:{slot}", queueing_lock=name,
                task_kwargs={"mailing": mailing, "slot": slot, "total": agreed},
            )
            for slot, name in enumerate(names) if name not in waiting
        ]  # fmt: skip
        if jobs:
            app.job_manager.batch_defer_jobs(jobs, connection=session)
    return len(jobs)


def agree(session: Any, total: int) -> int | None:
    """Into how many slots limits are divided now: as those that are worked on are, else `total`. Jobs that wait with
    another total go; the foreman queues their mailings anew. None: two totals are worked on, so nothing may be added.
    """
    worked_on = {row[0] for row in session.execute(TOTALS)}
    found = worked_on or {str(total)}
    if len(found) > 1 or not is_total(chosen := found.pop()):
        return None
    session.execute(DROP_OTHERS, (chosen,))
    # Somebody may have taken one of those in between. From here on there is none left to take.
    return int(chosen) if {row[0] for row in session.execute(TOTALS)} <= {chosen} else None


def is_total(text: str | None) -> bool:
    """Whether that is a number of slots at all."""
    return text is not None and text.isdecimal() and 0 < int(text) < MOST_SLOTS


def jobs_ahead(store: Store, mailing: int) -> list[int]:
    """The mailings whose slots are worked before those of one that waits; none once one of its own is.

    A slot serves mailings in the order in which they were queued. Raises StoreError.
    """
    with store.reading() as connection:
        if not is_there(connection):
            return []
        session: Any = connection.connection.driver_connection
        return sorted(row[0] for row in session.execute(AHEAD, {"mailing": mailing}))


def count_waiting(store: Store) -> dict[str, int]:
    """How many jobs of each queue nobody works on yet. Raises StoreError."""
    with store.reading() as connection:
        found = {}
        if is_there(connection):
            session: Any = connection.connection.driver_connection
            found = dict(session.execute(WAITING, ([SLOTS, DUTIES],)).fetchall())
        return {queue: found.get(queue, 0) for queue in (SLOTS, DUTIES)}


def name_of(mailing: int, slot: int) -> str:
    """What a slot's job is called; there is at most one that waits."""
    return f"mailing:{mailing}:{slot}"
