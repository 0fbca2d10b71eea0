"""Which database a store's URL names: the one place that knows there are two."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    PoolProxiedConnection,
    Text,
    any_,
    cast,
    func,
    inspect,
    literal,
    select,
)

from ruhrmail.store import postgres, sqlite, sqlite_files
from ruhrmail.store.nul import without_nul
from ruhrmail.store.placing import placing

POSTGRESQL = "postgresql"


def is_shared(url: str) -> bool:
    """Whether a store's URL names a database that any number of machines may send from."""
    return postgres.is_address(url)


def writable_engine(url: str) -> Engine:
    """An engine that reads and writes the database at `url`; a missing file is made. Raises StoreError."""
    if postgres.is_address(url):
        return postgres.writable_engine(url)
    path = sqlite_files.path_of(url)
    sqlite_files.create_file(path)
    return sqlite.writable_engine(path)


def reading_engine(url: str) -> Engine | None:
    """An engine that only reads; None where nothing was ever stored. Raises StoreError."""
    if postgres.is_address(url):
        return postgres.reading_engine(url)
    path = sqlite_files.path_of(url)
    return sqlite.reading_engine(path) if path.is_file() and path.stat().st_size else None


def private_engine(url: str, *, copied: bool = True) -> Engine:
    """An engine on a database of this process's own, gone with it: a copy of the one at `url`, or empty."""
    if postgres.is_address(url):
        return postgres.private_engine(url, copied=copied)
    return sqlite.private_engine(sqlite_files.path_of(url) if copied else None)


def is_postgresql(connection: Connection | Engine) -> bool:
    """Whether a connection or an engine leads to PostgreSQL."""
    return connection.dialect.name == POSTGRESQL


def table_names(connection: Connection) -> list[str]:
    """The tables of the database, whoever made them."""
    return postgres.table_names(connection) if is_postgresql(connection) else inspect(connection).get_table_names()


def rewrite(engine: Engine) -> None:
    """Takes what was deleted out of the database's files, as far as the database can. Raises StoreError."""
    if is_postgresql(engine):
        postgres.rewrite(engine)
    else:
        sqlite_files.rewrite(engine)


def undo(connection: PoolProxiedConnection) -> None:
    """Undoes a transaction of the driver's connection; one that broke off is done with."""
    if getattr(connection.driver_connection, "closed", False):
        connection.invalidate()
    else:
        connection.rollback()


def exists(url: str) -> bool:
    """Whether anything is stored at `url`, a store or something else. Raises StoreError."""
    engine = reading_engine(url)
    if engine is not None:
        engine.dispose()
    return engine is not None


def files_of(url: str) -> tuple[Path, ...]:
    """The files that hold what is stored at `url`; none where a server does."""
    if postgres.is_address(url):
        return ()
    path = sqlite_files.path_of(url)
    return path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))


def put_aside(url: str) -> Path | None:
    """The file of a store that could not be read when another took its place; None where there is none."""
    if postgres.is_address(url):
        return None
    path = sqlite_files.path_of(url)
    aside = path.with_name(path.name + sqlite_files.DAMAGED)
    return aside if aside.exists() else None


@contextmanager
def made(url: str) -> Iterator[Engine]:
    """An engine on a database where there is none, and is none should the block raise or the process be killed: a file
    is made aside, and PostgreSQL undoes a transaction by itself. Raises StoreError."""
    with ExitStack() as stack:
        if postgres.is_address(url):
            engine = postgres.writable_engine(url)
        else:
            engine = sqlite.writable_engine(stack.enter_context(placing(sqlite_files.path_of(url))))
        stack.callback(engine.dispose)
        yield engine


def prefer_indexes(connection: Connection) -> None:
    """For a transaction that fills tables and looks into them: PostgreSQL plans by their size before it began."""
    if is_postgresql(connection):
        names = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
        connection.exec_driver_sql("SELECT " + ", ".join(f"set_config('{name}', 'off', true)" for name in names))


def among(connection: Connection, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a text is one of many: in PostgreSQL one parameter, a JSON array, for its driver takes longer
    to write an array than the server to look for what is in it."""
    if is_postgresql(connection):
        texts = literal(json.dumps([without_nul(value) for value in values], ensure_ascii=False), Text)
        return column == any_(func.array(select(func.json_array_elements_text(cast(texts, JSON))).scalar_subquery()))
    return column.in_(values)


def pour(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows to a table the fastest way there is, as the driver holds them: times as numbers, JSON as its text."""
    (postgres.pour if is_postgresql(connection) else sqlite.pour)(connection, table, columns, rows)


def empty(connection: Connection, tables: Sequence[str]) -> None:
    """Deletes all rows of tables, given in an order in which they can go."""
    if is_postgresql(connection):
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)}")
    else:
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def renumber(connection: Connection, tables: Sequence[str]) -> None:
    """Lets tables that number their rows go on after the highest number they hold; SQLite's do so by themselves."""
    if is_postgresql(connection):
        postgres.renumber(connection, tables)
