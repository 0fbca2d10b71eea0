"""Many rows read a page at a time, so that no reading lasts."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select

from ruhrmail.store.opening import Store


def paged(store: Store, query: Select[Any], number: ColumnElement[int]) -> Iterator[Row[Any]]:
    """The rows of a query that is ordered by `number`, its column `id`, and limited to a page; a transaction for each
    page. Raises StoreError."""
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(number > last)).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id
