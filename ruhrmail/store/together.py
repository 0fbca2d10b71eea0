"""Many steps in one transaction: one commit for all of them, and each can fail alone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from ruhrmail.store.opening import Store
from ruhrmail.store.troubles import translated


@dataclass(frozen=True, slots=True)
class Together(Store):
    """A store within an open transaction: what it writes is durable once the outer block ends. For one thread."""

    connection: Connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Sees what the transaction has written so far. Raises StoreError."""
        with translated():
            yield self.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A step of its own: undone when it raises, while what went before stays. Raises StoreError."""
        with translated():
            step = self.connection.begin_nested()
            try:
                yield self.connection
            except BaseException:
                with suppress(DBAPIError):  # where the disk is full all is undone already, and that is what to tell
                    step.rollback()
                raise
            step.commit()

    @contextmanager
    def cursor(self) -> Iterator[DBAPICursor]:
        """The same on the driver's own cursor."""
        with self.writing() as connection, closing(connection.connection.cursor()) as cursor:
            yield cursor

    def close(self) -> None:
        """Nothing: the store behind it stays open."""


@contextmanager
def together(store: Store) -> Iterator[Store]:
    """The store whose every step is part of one transaction, durable when the block ends, undone when it raises.

    It holds the pen meanwhile: whoever uses it has done beforehand what takes long. Raises StoreError.
    """
    with store.writing() as connection:
        yield Together(store.engine, store.id, store.randomness, connection)
