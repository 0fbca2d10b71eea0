"""Many rows straight to the driver: SQLAlchemy's work per row costs more than the database's."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler

Value = int | str | bytes | None
Row = tuple[Value, ...]
Values = dict[str, Value]
"""Parameters by name, as the driver stores them: times as microseconds."""


def execute_rows(connection: Connection, statement: Insert | Update, rows: Sequence[Values]) -> None:
    """Executes a statement once per row; `statement` is a module's constant with a bound parameter per value."""
    if rows:
        compiled = compile_once(statement, connection.dialect)
        connection.exec_driver_sql(str(compiled), parameters_of(compiled, rows))


def insert_row(connection: Connection, statement: Insert, row: Values) -> int:
    """Executes an INSERT … RETURNING of one number for one row, and gives the number."""
    compiled = compile_once(statement, connection.dialect)
    [parameters] = parameters_of(compiled, [row])
    return int(connection.exec_driver_sql(str(compiled), parameters).scalar_one())


def parameters_of(compiled: SQLCompiler, rows: Sequence[Values]) -> list[Any]:
    """Rows as the compiled statement wants them: values by place for SQLite, by name for PostgreSQL."""
    fixed: Mapping[str, Value] = compiled.params
    complete = [{**fixed, **row} for row in rows]
    if compiled.positiontup is None:
        return complete
    in_order = itemgetter(*compiled.positiontup)
    return [in_order(row) for row in complete]


@lru_cache(maxsize=64)
def compile_once(statement: Insert | Update, dialect: Dialect) -> SQLCompiler:
    """The statement in the dialect's words; statements and dialects live as long as the process."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    return compiled
