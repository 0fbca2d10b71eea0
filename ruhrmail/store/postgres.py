"""PostgreSQL's own ways: sessions, transactions, the pen. Nothing else of the store knows them.

Writers take turns by a lock that ends with their transaction, so that whoever looks and then writes is right, as on
SQLite. The ledger's steps take none: each is a compare-and-set, and any number of senders may take them at once.
"""

import selectors
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, StaticPool, create_engine, event
from sqlalchemy.exc import DisconnectionError

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store.nul import NUL, without_nul
from ruhrmail.store.schema import metadata
from ruhrmail.store.sqlite import BEGIN, BUSY_SECONDS, WRITES
from ruhrmail.store.troubles import translated

if TYPE_CHECKING:
    import psycopg

PREFIXES = ("postgresql://", "postgres://")
CONNECTIONS = 32
"""One process opens at most so many; whoever wants another waits for a minute."""

LOCKS = "hashtextextended('ruhrmail/' || {role} || '/' || current_schema(), 0)"
"""The number of an advisory lock: stores in other schemas of the same database have others."""
PEN = f"SELECT pg_advisory_xact_lock({LOCKS.format(role=repr('pen'))})"
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind IN ('r', 'p')
AND c.relname NOT IN ('holders', 'timeline') AND NOT starts_with(c.relname::text, 'procrastinate_')
"""
OWN_NUMBERS = """
CREATE TEMPORARY SEQUENCE {1};
ALTER TABLE pg_temp.{0} ALTER id SET DEFAULT nextval({2} || '_numbers');
SELECT setval({2} || '_numbers', coalesce(max(id), 0) + 1, false) FROM pg_temp.{0};
"""
"""A copy that numbered its rows like the original would use up the original's numbers."""


def is_address(url: str) -> bool:
    """Whether a store's URL names a PostgreSQL database."""
    return url.startswith(PREFIXES)


def driver_module() -> Any:
    """psycopg. Raises StoreError where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        message = phrase("the driver for PostgreSQL is missing")
        raise StoreError(message, hint=phrase("install it with: pip install 'ruhrmail[postgresql]'")) from error
    return psycopg


def connect(url: str, *, autocommit: bool = False) -> "psycopg.Connection[Any]":
    """A session with our settings. Raises StoreError where the driver is missing or the server does not suit,
    psycopg.Error for one that does not answer."""
    driver_module()
    from ruhrmail.store.postgres_session import open_session

    return open_session(url, autocommit=autocommit)


def writable_engine(url: str) -> Engine:
    """An engine whose transactions are durable at every commit. A session that broke off meanwhile is replaced."""
    return engine_of(lambda: connect(url))


def reading_engine(url: str) -> Engine | None:
    """The same where there are tables; None where there are none, or not even the schema."""
    engine = engine_of(lambda: connect(url), read_only=True)
    try:
        with translated(), engine.connect() as connection, connection.begin():
            found = table_names(connection)
    except StoreError:
        engine.dispose()
        raise
    if not found:
        engine.dispose()
        return None
    return engine


def private_engine(url: str, *, copied: bool) -> Engine:
    """An engine with one session, in which our tables are private to it and gone when it ends; copies of those at
    `url`, or none. The server makes the copies: whoever works on the originals goes on undisturbed."""
    session = connect(url)
    session.isolation_level = driver_module().IsolationLevel.REPEATABLE_READ
    names = [row[0] for row in session.execute(TABLES)] if copied else []
    for name in names:
        if name in metadata.tables:
            copy_privately(session, name)
    session.execute("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false)")
    session.commit()
    return engine_of(lambda: session, StaticPool)


def copy_privately(session: "psycopg.Connection[Any]", name: str) -> None:
    """Makes a table of the session's own that is like another of that name, rows and numbering too."""
    from psycopg import sql

    table = sql.Identifier(name)
    [schema] = session.execute("SELECT current_schema()").fetchone() or [""]
    original = sql.Identifier(schema, name)
    session.execute(sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {} INCLUDING ALL)").format(table, original))
    session.execute(sql.SQL("INSERT INTO pg_temp.{} SELECT * FROM {}").format(table, original))
    if "id" in metadata.tables[name].c:
        session.execute(sql.SQL(OWN_NUMBERS).format(table, sql.Identifier(f"{name}_numbers"), sql.Literal(name)))


def engine_of(
    creator: "Callable[[], psycopg.Connection[Any]]",
    pool: type[QueuePool | StaticPool] = QueuePool,
    *,
    read_only: bool = False,
) -> Engine:
    """An engine whose readers see one state of the store, and whose writers hold the pen."""
    levels = driver_module().IsolationLevel
    limits = (
        {"pool_size": 5, "max_overflow": CONNECTIONS - 5, "pool_timeout": BUSY_SECONDS} if pool is QueuePool else {}
    )

    def begin_step(connection: PoolProxiedConnection) -> None:
        session: Any = connection.driver_connection
        # Not False, which a standby refuses in words of its own: whoever writes there hears that it only reads.
        session.read_only, session.isolation_level = read_only or None, levels.READ_COMMITTED

    options = {BEGIN: begin_step, "preserve_rowcount": True}  # of INSERT too
    engine = create_engine(
        "postgresql+psycopg://", creator=creator, poolclass=pool, use_native_hstore=False, execution_options=options,
        **limits,
    )  # fmt: skip

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        session = connection.connection.driver_connection
        assert session is not None
        if connection.get_execution_options().get(WRITES, False):
            begin_step(connection.connection)
            take_pen(connection.connection)
        else:
            session.read_only, session.isolation_level = True, levels.REPEATABLE_READ

    if pool is QueuePool:  # a private session cannot be replaced
        event.listen(engine, "checkout", ensure_alive)
    return engine


def take_pen(connection: PoolProxiedConnection) -> None:
    """Waits until nobody else writes. Raises psycopg.Error; then the session is given up, or at rest."""
    session: Any = connection.driver_connection
    try:
        session.execute(PEN)
    except driver_module().Error:
        if session.closed:
            connection.invalidate()
        else:
            session.rollback()
        raise


def ensure_alive(session: "psycopg.Connection[Any]", *_: object) -> None:
    """Notices a session that the server ended, without asking it: nobody speaks unasked on one at rest."""
    with selectors.DefaultSelector() as ears:
        ears.register(session.fileno(), selectors.EVENT_READ)
        if ears.select(timeout=0):
            raise DisconnectionError


def table_names(connection: Connection) -> list[str]:
    """The tables where ours are, or would be made."""
    return list(connection.exec_driver_sql(TABLES).scalars())


def rewrite(engine: Engine) -> None:
    """Takes deleted rows out of the tables' pages. Raises StoreError."""
    with translated(), closing(engine.raw_connection()) as connection:
        session: Any = connection.driver_connection
        session.autocommit = True
        try:
            session.execute(f"VACUUM (ANALYZE) {', '.join(metadata.tables)}")
        finally:
            session.autocommit = False


def pour(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows to a table by COPY, as the driver holds them.

    Texts lose their NULs here, for the driver's own way to write them, which is in C, is three times as fast as one in
    Python.
    """
    from psycopg.types.string import StrDumperUnknown

    session: Any = connection.connection.driver_connection
    cursor = session.cursor()
    cursor.adapters.register_dumper(str, StrDumperUnknown)
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([without_nul(one) if isinstance(one, str) and NUL in one else one for one in row])


def renumber(connection: Connection, tables: Sequence[str]) -> None:
    """Lets tables that number their rows go on after the highest number they hold."""
    for name in tables:
        highest = f"coalesce(max(id), 0) + 1, false) FROM {name}"
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest}")
