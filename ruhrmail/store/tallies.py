"""How often what was posted to the web service, over all its processes and restarts."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Text, cast, func, select

from ruhrmail.model.consent import Kind
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import consents, meta

PREFIX = "posts:"
"""How their keys begin among the store's facts: `posts:PAGE:STATUS`."""

Answered = tuple[str, int]
"""A page, and the status that it answered with."""


def add_answers(store: Store, counts: Mapping[Answered, int]) -> None:
    """Adds to what was counted. Raises StoreError."""
    with store.writing() as connection:
        insert = insert_or(connection, meta)
        total = cast(meta.c.value, BigInteger) + cast(insert.excluded.value, BigInteger)
        statement = insert.on_conflict_do_update(index_elements=["key"], set_={"value": cast(total, Text)})
        rows = [{"key": f"{PREFIX}{page}:{status}", "value": str(count)} for (page, status), count in counts.items()]
        connection.execute(statement, rows)


def read_answers(store: Store) -> dict[Answered, int]:
    """What was counted so far. Raises StoreError."""
    ours = select(meta).where(meta.c.key.startswith(PREFIX)).order_by(meta.c.key)
    with store.reading() as connection:
        rows = connection.execute(ours).all()
    found = ((row.key.split(":"), int(row.value)) for row in rows)
    return {(page, int(status)): count for (_, page, status), count in found}


def count_records(store: Store) -> dict[Kind, int]:
    """How many consent records of each kind there are. Raises StoreError."""
    counted = select(consents.c.kind, func.count()).group_by(consents.c.kind)
    with store.reading() as connection:
        found = {Kind(row[0]): int(row[1]) for row in connection.execute(counted)}
    return {kind: found.get(kind, 0) for kind in Kind}
