"""The whole store as one file, and back: without forgetting who must not be mailed, or who has which issue."""

from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update

from ruhrmail.errors import StoreError
from ruhrmail.model.consent import Suppression
from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.phrase import phrase
from ruhrmail.model.remarks import SINCE_BACKUP
from ruhrmail.store import databases, phrases, postgres, sqlite, sqlite_files
from ruhrmail.store.carrying import Decided, carry_decided, read_decided
from ruhrmail.store.copying import BACKED_UP, RESTORED, replace_content
from ruhrmail.store.forgetting import erase
from ruhrmail.store.hashes import FORGET_KEY, PREFIX, Hashes
from ruhrmail.store.jobs import engine_version, keep_engine
from ruhrmail.store.opening import Randomness, Store, open_store, open_store_readonly, ready, recall, remember
from ruhrmail.store.placing import placing
from ruhrmail.store.schema import deliveries, mailings, metadata, subscribers, suppressions, workers
from ruhrmail.store.suppressions import suppress_keys
from ruhrmail.store.troubles import translated

TRIES = 50
"""How often what people did meanwhile is carried over before somebody has to stop them."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored store was made of: when it was backed up, how many recipients are in doubt because nobody knows
    whether they were mailed since, how many suppressions and erasures the present store knew besides.

    `carried` is False where there was no present store of the same id to ask: then what happened since is lost.
    """

    backed_up_at: datetime
    doubtful: int = 0
    suppressed: int = 0
    erased: int = 0
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """What the store that is about to be replaced knows of people who must not be mailed, and what people decided."""

    id: str
    forget_key: str
    suppressed: tuple[Suppression, ...]
    decided: Decided


def back_up(url: str, target: Path, now: datetime) -> None:
    """Copies the store at `url` into one file, from one moment, while others go on working; the copy is checked.

    Raises StoreError where there is no store, or the copy cannot be written; then `target` is as it was.
    """
    store = open_store_readonly(url)
    if store is None:
        raise StoreError(
            phrase("there is no store yet"), hint=phrase("check `store:` in ruhrmail.yaml and RUHRMAIL_STORE")
        )
    store.close()
    if target.resolve() in databases.files_of(url):
        raise StoreError(phrase("{path} is the store itself", path=target), hint=phrase("name another file"))
    with placing(target) as draft:
        copy_to_file(url, draft)
        check(draft)
        stamp(draft, now)


def copy_to_file(url: str, path: Path) -> None:
    """Copies the store at `url` into the empty file at `path`, from one moment. Raises StoreError."""
    if not postgres.is_address(url):
        sqlite_files.copy_to(sqlite_files.path_of(url), path)
        return
    store = open_store_readonly(url)
    assert store is not None
    file = Store(sqlite.writable_engine(path), store.id, store.randomness)
    with store, file, store.reading() as reader, file.writing() as writer:
        metadata.create_all(writer, checkfirst=False)
        replace_content(reader, writer)
    sqlite_files.close_log(path)


def check(path: Path) -> None:
    """Raises StoreError for a database that is damaged."""
    with translated(), closing(sqlite.connect(path, "mode=ro")) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(phrase("{path} is damaged: {reason}", path=path, reason=found))


def stamp(path: Path, now: datetime) -> None:
    """Writes down in a copy when it was made."""
    with translated(), closing(sqlite.connect(path, "mode=rw")) as connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (BACKED_UP, now.isoformat()))


def restore(url: str, source: Path, now: datetime, randomness: Randomness) -> Restored:
    """Puts a backup in the place of the store at `url`, or where there is none.

    Whoever was open in a mailing is in doubt from now on, for since the backup they may have been mailed; mailings that
    had not begun are stopped. What the present store knows of people who left or were forgotten holds. Raises
    StoreError for what is no backup, is damaged, or was written by a newer ruhrmail; then nothing has changed.
    """
    if not source.is_file():
        raise StoreError(phrase("there is no file {path}", path=source))
    check(source)
    with translated():
        engine = sqlite.private_engine(source)
    with ready(engine, now, randomness) as copy:
        with copy.writing() as connection:
            made_at = recall(connection, BACKED_UP)
            if made_at is None:
                raise StoreError(phrase("{path} is no backup that `ruhrmail store backup` made", path=source))
            done = Restored(datetime.fromisoformat(made_at), doubt_all(connection, now, made_at))
            connection.execute(delete(workers))  # those of then; whoever is at work now keeps a backup out
            remember(connection, **{RESTORED: now.isoformat()})
        replacing = replace_database if postgres.is_address(url) else replace_file
        return replacing(url, copy, now, done)


def replace_database(url: str, copy: Store, now: datetime, done: Restored) -> Restored:
    """Puts a store in the place of one in PostgreSQL, all or nothing, while nobody else writes. Raises StoreError."""
    target = open_store(url, now=now, randomness=copy.randomness)
    with target, target.writing() as writer:
        done = carry_over(copy, read_present(url), now, done)
        engine = engine_version(writer)
        with copy.reading() as reader:
            replace_content(reader, writer)
        keep_engine(writer, engine)
    return done


def replace_file(url: str, copy: Store, now: datetime, done: Restored) -> Restored:
    """Puts a store in the place of one in a file, all or nothing: only when nobody left or chose since it was read.

    Raises StoreError.
    """
    sqlite_files.compact(copy.engine)
    for _ in range(TRIES):
        known, erased = read_present(url), done.erased
        done = carry_over(copy, known, now, done)
        if done.erased > erased:
            sqlite_files.compact(copy.engine)
        with suppress(Overtaken):
            sqlite_files.replace_with(copy.engine, sqlite_files.path_of(url), partial(ensure_known, url, known))
            open_store(url, now=now, randomness=copy.randomness).close()
            return done
    raise StoreError(phrase("people leave or choose all the time"), hint=phrase("stop `ruhrmail serve` meanwhile"))


class Overtaken(Exception):
    """Somebody left or chose since the present store was read."""


def ensure_known(url: str, known: Present | None) -> None:
    """Raises Overtaken where the present store, which nobody else may write now, knows more than was carried over."""
    if read_present(url) != known:
        raise Overtaken


def read_present(url: str) -> Present | None:
    """What the present store knows of people not to mail; None where there is none, or none that can be read."""
    try:
        store = open_store_readonly(url)
    except StoreError:
        return None
    if store is None:
        return None
    with store, store.reading() as connection:
        rows = connection.execute(select(suppressions)).all()
        found = tuple(Suppression(row.key, row.reason, row.at, row.evidence) for row in rows)
        return Present(store.id, recall(connection, FORGET_KEY) or "", found, read_decided(connection))


def doubt_all(connection: Connection, now: datetime, made_at: str) -> int:
    """Whoever still waited when the backup was made may have been mailed since."""
    text = str(SINCE_BACKUP)
    waiting = deliveries.c.state.in_(OPEN_STATES)
    doubt = {"state": State.IN_DOUBT, "token": None, "lease_until": None, "next_at": None, "text": text, "at": now}
    count = connection.execute(update(deliveries).where(waiting).values(doubt)).rowcount
    reason = phrase("the store was restored from the backup of {time}", time=made_at[:16])
    stop = {"state": "stopped", "stopped_at": now, "reason": phrases.to_json(reason), "scheduled_for": None}
    planned = mailings.c.prepared_at.is_(None) | mailings.c.scheduled_for.is_not(None)
    connection.execute(update(mailings).where(planned, mailings.c.state == "open").values(stop))
    return count


def carry_over(copy: Store, known: Present | None, now: datetime, done: Restored) -> Restored:
    """Adds to a copy whom the present store, if it is the same, does not mail and what people decided, and erases whom
    it has forgotten since the backup; what was carried over before changes nothing."""
    if known is None or known.id != copy.id:
        return done
    hashes = Hashes(bytes.fromhex(known.forget_key) if known.forget_key else None)
    gone = {one.key for one in known.suppressed if one.key.startswith(PREFIX)}
    with copy.writing() as connection:
        if known.forget_key:
            remember(connection, **{FORGET_KEY: known.forget_key})
        carry_decided(connection, known.decided)
        before = count_suppressed(connection)
        suppress_keys(connection, known.suppressed)
        added = count_suppressed(connection) - before
        keys = connection.execute(select(subscribers.c.key)).scalars().all() if gone else ()
        forgotten = [key for key in keys if hashes.of(key) in gone]
        for key in forgotten:
            erase(connection, copy, key, now)
    return replace(done, suppressed=done.suppressed + added, erased=done.erased + len(forgotten), carried=True)


def count_suppressed(connection: Connection) -> int:
    """How many addresses are suppressed."""
    return int(connection.execute(select(func.count()).select_from(suppressions)).scalar_one())


def restored_since(store: Store) -> tuple[datetime, datetime] | None:
    """When the store was backed up and restored; None where it never was."""
    with store.reading() as connection:
        made, back = recall(connection, BACKED_UP), recall(connection, RESTORED)
    return (datetime.fromisoformat(made), datetime.fromisoformat(back)) if made and back else None
