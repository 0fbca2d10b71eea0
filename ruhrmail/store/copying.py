"""A store's whole content from one database into another, and the proof that it is the same."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ColumnElement, Connection, Table, Text, cast, select, type_coerce

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store import databases
from ruhrmail.store.nul import NUL, json_without_nul, without_nul
from ruhrmail.store.opening import Store, open_store_readonly, recall
from ruhrmail.store.schema import Instant, metadata

BACKED_UP, RESTORED = "backed_up_at", "restored_at"
PAGE = 10_000
Passing = Callable[[Table, Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]
"""Looks at a table's rows on their way, and hands them on."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the number of rows by table, those that have any, and the SHA-256 of all of them."""

    rows: dict[str, int]
    sha256: str


def copy_store(source: str, target: str) -> Copied:
    """Copies the store at `source` to `target`, where there must be none; reads both and compares them.

    The copy is the same store, with the same id. Raises StoreError: then there is nothing at `target`.
    """
    original = open_store_readonly(source)
    if original is None:
        raise StoreError(phrase("there is no store to copy"), hint=phrase("check the first address"))
    with original:
        ensure_no_backup(original)
        ensure_nothing_at(target)  # before a folder is made for it
        with databases.made(target) as engine, Store(engine, original.id, original.randomness).writing() as writer:
            ensure_nothing_at(target)  # now that no other copy is made there meanwhile
            metadata.create_all(writer, checkfirst=False)
            found = Summing()
            with original.reading() as reader:  # ends before the copy is read: a session at rest loses its transaction
                replace_content(reader, writer, found.passing)
            return compared(found.copied(), digest(writer))


def ensure_no_backup(store: Store) -> None:
    """Raises StoreError for a backup that was not restored: whom it holds as waiting may have been mailed since."""
    with store.reading() as connection:
        made, back = recall(connection, BACKED_UP), recall(connection, RESTORED)
    if made is not None and (back is None or datetime.fromisoformat(back) < datetime.fromisoformat(made)):
        raise StoreError(
            phrase("the first address is that of a backup"),
            hint=phrase("`ruhrmail store restore` takes it, and doubts who may have been mailed since"),
        )


def ensure_nothing_at(target: str) -> None:
    """Raises StoreError where a copy would not be alone."""
    if databases.exists(target):
        raise StoreError(
            phrase("there is something already where the copy should be"),
            hint=phrase("name an empty database, or a file that is not there"),
        )


def compared(found: Copied, made: Copied) -> Copied:
    """What was made. Raises StoreError when it is not what was found."""
    if found != made:
        raise StoreError(phrase("the copy is not the same as the store"), hint=phrase("run the command again"))
    return made


def replace_content(source: Connection, target: Connection, passing: Passing = lambda _, rows: rows) -> None:
    """Puts the rows of one store's tables in the place of another's, within a transaction of each. Each table's rows
    go through `passing`."""
    databases.empty(target, [table.name for table in reversed(metadata.sorted_tables)])
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        databases.pour(target, table.name, names, passing(table, rows_of(source, table)))
    databases.renumber(target, [table.name for table in metadata.sorted_tables if "id" in table.columns])


def rows_of(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """A table's rows in the order of their key, as the drivers hold them: times as numbers, JSON as its text, and texts
    as PostgreSQL can keep them."""
    order = (by_bytes(connection, column) for column in table.primary_key.columns)
    rows = select(*map(plain, table.columns)).order_by(*order)
    streamed = connection.execution_options(yield_per=PAGE).execute(rows)
    keep = [json_without_nul if isinstance(column.type, JSON) else without_nul for column in table.columns]
    for page in streamed.partitions():
        yield from (kept(row, keep) for row in page)


def kept(row: Sequence[Any], keep: Sequence[Callable[[str], str]]) -> Sequence[Any]:
    """A row as either database can keep it."""
    if not any(isinstance(value, str) and (NUL in value or "\\u" in value) for value in row):
        return row
    return tuple(one(value) if isinstance(value, str) else value for one, value in zip(keep, row, strict=True))


def plain(column: Column[Any]) -> ColumnElement[Any]:
    """A column without what SQLAlchemy makes of its values."""
    if isinstance(column.type, Instant):
        return type_coerce(column, BigInteger)
    return cast(column, Text) if isinstance(column.type, JSON) else column


def by_bytes(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """A column to order by that every database orders alike: PostgreSQL has a language for texts."""
    if not isinstance(column.type, Text):
        return column
    return column.collate("C" if databases.is_postgresql(connection) else "BINARY")


class Summing:
    """Sums up rows as they pass by."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.found = hashlib.sha256()

    def passing(self, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The rows of a table, in the order of their key."""
        count = 0
        for row in rows:
            self.found.update(repr(tuple(row)).encode())
            count += 1
            yield row
        self.found.update(f"{table.name} {count}\n".encode())
        if count:
            self.rows[table.name] = count

    def copied(self) -> Copied:
        """What passed by."""
        return Copied(self.rows, self.found.hexdigest())


def digest(connection: Connection) -> Copied:
    """What a store holds, within a transaction."""
    found = Summing()
    for table in metadata.sorted_tables:
        deque(found.passing(table, rows_of(connection, table)), maxlen=0)
    return found.copied()
