"""INSERT … ON CONFLICT, which SQLite and PostgreSQL share and SQL's standard lacks."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

ConflictInsert = sqlite.Insert | postgresql.Insert


def insert_or(connection: Connection, table: Table) -> ConflictInsert:
    """An INSERT for the database at hand that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
