"""What the ledger does to many deliveries at once: the same steps in the words of either database."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.store import postgres_batches, sqlite_batches
from ruhrmail.store.databases import is_postgresql
from ruhrmail.store.driver import Row


class Batches(Protocol):
    """The steps, each within the transaction of a cursor; `sqlite_batches` and `postgres_batches` say what they do."""

    def claim_due(  # noqa: PLR0913
        self, cursor: DBAPICursor, mailing: int, limit: int, now: int, token: str, until: int, columns: tuple[str, ...]
    ) -> list[Sequence[Any]]: ...
    def read_claimed(
        self, cursor: DBAPICursor, mailing: int, token: str, columns: tuple[str, ...]
    ) -> list[Sequence[Any]]: ...
    def find_granted(self, cursor: DBAPICursor, claims: Sequence[Row]) -> set[int]: ...
    def intend(self, cursor: DBAPICursor, claims: Sequence[Row], now: int, until: int) -> list[tuple[int, bool]]: ...
    def write_outcomes(self, cursor: DBAPICursor, rows: Sequence[Row]) -> int: ...
    def give_back(self, cursor: DBAPICursor, rows: Sequence[Row]) -> int: ...
    def suppress_held(self, cursor: DBAPICursor, rows: Sequence[Row]) -> None: ...


def batches_of(engine: Engine) -> Batches:
    """The steps for the database behind an engine."""
    return postgres_batches if is_postgresql(engine) else sqlite_batches
