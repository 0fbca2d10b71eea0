"""Many rows straight to the driver: SQLAlchemy's work per row costs more than the database's."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import Connection, Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler

Value = int | str | bytes | None
Values = dict[str, Value]
"""Parameters by name, as the driver stores them: times as microseconds."""


def execute_rows(connection: Connection, statement: Insert | Update, rows: Sequence[Values]) -> None:
    """Executes a statement once per row; `statement` is a module's constant with a bound parameter per value."""
    if not rows:
        return
    compiled = compile_once(statement, connection.dialect)
    fixed: Mapping[str, Value] = compiled.params
    complete = [{**fixed, **row} for row in rows]
    if compiled.positiontup is None:
        connection.exec_driver_sql(str(compiled), complete)
        return
    in_order = itemgetter(*compiled.positiontup)
    connection.exec_driver_sql(str(compiled), [in_order(row) for row in complete])


@lru_cache(maxsize=64)
def compile_once(statement: Insert | Update, dialect: Dialect) -> SQLCompiler:
    """The statement in the dialect's words; statements and dialects live as long as the process."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    return compiled
