"""Which database a store's URL names: the one place that knows there are two."""

from sqlalchemy import Connection, Engine, inspect

from ruhrmail.store import postgres, sqlite

POSTGRESQL = "postgresql"


def writable_engine(url: str) -> Engine:
    """An engine that reads and writes the database at `url`; a missing file is made. Raises StoreError."""
    if postgres.is_address(url):
        return postgres.writable_engine(url)
    path = sqlite.path_of(url)
    sqlite.create_file(path)
    return sqlite.writable_engine(path)


def reading_engine(url: str) -> Engine | None:
    """An engine that only reads; None where nothing was ever stored. Raises StoreError."""
    if postgres.is_address(url):
        return postgres.reading_engine(url)
    path = sqlite.path_of(url)
    return sqlite.reading_engine(path) if path.is_file() and path.stat().st_size else None


def private_engine(url: str, *, copied: bool = True) -> Engine:
    """An engine on a database of this process's own, gone with it: a copy of the one at `url`, or empty."""
    if postgres.is_address(url):
        return postgres.private_engine(url, copied=copied)
    return sqlite.private_engine(sqlite.path_of(url) if copied else None)


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
        sqlite.rewrite(engine)
