"""What columns hold: points in time, numbers of rows, texts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Integer, MetaData, Text, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """A point in time as the tables hold it."""
    return (at - EPOCH) // MICROSECOND


def instant(number: int) -> datetime:
    """The point in time that the tables hold as a number."""
    return EPOCH + number * MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A point in time: microseconds since 1970 in the table, an aware datetime in UTC outside."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


Number = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is exactly INTEGER."""


def text_column(name: str) -> Column[str]:
    """A text that is empty rather than absent."""
    return Column(name, Text, nullable=False, default="")


metadata = MetaData()
