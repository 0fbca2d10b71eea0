"""Opening a store: for work, for reading, for a rehearsal."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.errors import StoreError, StoreNewer
from ruhrmail.model.phrase import phrase
from ruhrmail.store import databases
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.schema import CHANGES, TABLES_OF, VERSION, meta, metadata
from ruhrmail.store.sqlite import BEGIN, WRITES
from ruhrmail.store.troubles import translated
from ruhrmail.store.witness import Witness

NAME_BYTES = 8
Randomness = Callable[[int], bytes]
"""Gives that many unguessable bytes: `secrets.token_bytes` outside tests."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store, the first argument of everything in this package.

    Transactions are short and never span a yield; threads may share a store. Leaving its block closes it. `witness`
    remembers what this process sends, where the database may forget it: None on SQLite and for who only looks.
    """

    engine: Engine
    id: str
    randomness: Randomness
    witness: Witness | None = field(default=None, kw_only=True, compare=False, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store and waits for nobody. Raises StoreError."""
        with translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the store's only pen: durable when the block ends, undone when it raises.

        Raises StoreError when another program holds the store for more than a minute, or the disk is full.
        """
        with translated(), self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def cursor(self) -> Iterator[DBAPICursor]:
        """The same on the driver's own cursor: SQLAlchemy's work for one transaction costs as much as a batch of it.

        On PostgreSQL without the pen, for steps that are right whatever others do meanwhile.
        """
        with translated(), closing(self.engine.raw_connection()) as connection:
            self.engine.get_execution_options()[BEGIN](connection)
            try:
                yield connection.cursor()
                connection.commit()
            except BaseException:
                databases.undo(connection)
                raise

    def close(self) -> None:
        """Gives up every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str, *, now: datetime, randomness: Randomness) -> Store:
    """The store at `sqlite:///PATH` or `postgresql://…`, made with folder and tables where there is none.

    Raises StoreError when it cannot be opened, is no store of ours or was written by a newer ruhrmail.
    """
    store = ready(databases.writable_engine(url), now, randomness)
    if not databases.is_postgresql(store.engine):
        return store
    return replace(store, witness=Witness(randomness(NAME_BYTES).hex()))


def open_store_readonly(url: str) -> Store | None:
    """The store at `url` for looking only; None when there is none.

    Takes no lock, changes nothing, and works while others write and after a kill. Raises StoreError.
    """
    engine = databases.reading_engine(url)
    if engine is None:
        return None
    try:
        with translated(), engine.connect() as connection, connection.begin():
            facts = read_facts(connection)
    except StoreError:
        engine.dispose()
        raise
    if facts and int(facts["version"]) == VERSION:
        return Store(engine, facts["id"], no_randomness)
    engine.dispose()
    return updated_copy(url) if facts else None


def updated_copy(url: str) -> Store:
    """A private copy of an older ruhrmail's store with today's tables: who only looks changes nothing."""
    with translated():
        engine = databases.private_engine(url)
    store = Store(engine, "", no_randomness)
    with store.writing() as connection:
        facts = read_facts(connection)
        bring_up_to_date(connection, int(facts["version"]))
    return Store(engine, facts["id"], no_randomness)


@contextmanager
def open_rehearsal(url: str, *, now: datetime, randomness: Randomness) -> Iterator[Store]:
    """A copy of the store at `url` to try things out on, an empty store when there is none; gone when the block ends.

    Nothing is written or locked where the store lies, not even a folder is made. Raises StoreError.
    """
    with translated():
        engine = databases.private_engine(url)
    with ready(engine, now, randomness) as store:
        yield store


def ready(engine: Engine, now: datetime, randomness: Randomness) -> Store:
    """The store behind `engine`, with its tables. Closes the engine when that fails."""
    store = Store(engine, "", randomness)
    try:
        with store.reading() as connection:
            facts = read_facts(connection)
        if not facts or int(facts["version"]) < VERSION:
            with store.writing() as connection:
                facts = read_facts(connection) or lay_out(connection, now, randomness)
                bring_up_to_date(connection, int(facts["version"]))
    except StoreError:
        store.close()
        raise
    return Store(engine, facts["id"], randomness)


def read_facts(connection: Connection) -> dict[str, str]:
    """What the store knows about itself; empty when the database is. Raises StoreError when it is not for us."""
    tables = databases.table_names(connection)
    if not tables:
        return {}
    facts = {row.key: row.value for row in connection.execute(select(meta))} if meta.name in tables else {}
    if "version" not in facts or not tables_at(int(facts["version"])) <= set(tables):
        raise StoreError(
            phrase("the store's file is a database of another program"),
            hint=phrase("check `store:` in ruhrmail.yaml and RUHRMAIL_STORE"),
        )
    refuse_newer(facts["version"])
    return facts


def refuse_newer(version: str) -> None:
    """Raises StoreNewer for tables of a newer ruhrmail."""
    if int(version) > VERSION:
        message = phrase(
            "the store was written by a newer ruhrmail (tables {found}, this one knows {known})",
            found=version,
            known=VERSION,
        )
        raise StoreNewer(message, hint=phrase("update ruhrmail on this machine"))


def tables_at(version: int) -> set[str]:
    """The names of the tables that a store of this version has."""
    later = {name for newer, names in TABLES_OF.items() for name in names if newer > version}
    return set(metadata.tables) - later


def lay_out(connection: Connection, now: datetime, randomness: Randomness) -> dict[str, str]:
    """Makes the tables and gives the store its id."""
    metadata.create_all(connection, checkfirst=False)
    facts = {"id": randomness(8).hex(), "version": str(VERSION), "created_at": now.isoformat()}
    connection.execute(meta.insert(), [{"key": key, "value": value} for key, value in facts.items()])
    return facts


def bring_up_to_date(connection: Connection, version: int) -> None:
    """Changes the tables of an older ruhrmail into today's; those it makes on the way are today's already."""
    made: set[str] = set()
    for older in range(version, VERSION):
        for table, change in CHANGES[older]:
            if table not in made:
                connection.exec_driver_sql(change)
        new = [metadata.tables[name] for name in TABLES_OF.get(older + 1, ())]
        made.update(table.name for table in new)
        metadata.create_all(connection, new, checkfirst=False)
    if version < VERSION:
        remember(connection, version=str(VERSION))


def remember(connection: Connection, **facts: str) -> None:
    """Writes facts about the store, over what it knew."""
    insert = insert_or(connection, meta)
    statement = insert.on_conflict_do_update(index_elements=["key"], set_={"value": insert.excluded.value})
    connection.execute(statement, [{"key": key, "value": value} for key, value in facts.items()])


def recall(connection: Connection, key: str) -> str | None:
    """A fact about the store; None when it was never written."""
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()


def no_randomness(_: int) -> bytes:
    """Stands in where nothing is written."""
    raise AssertionError("a store opened for reading makes nothing new")
