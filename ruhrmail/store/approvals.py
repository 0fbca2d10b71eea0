"""Who approved which content of an issue: rows are only added."""

from collections.abc import Sequence

from sqlalchemy import select

from ruhrmail.model.account import Approval
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import approvals

COLUMNS = tuple(approvals.c[name] for name in Approval.__slots__)


def record_approvals(store: Store, found: Sequence[Approval]) -> None:
    """Writes approvals down, each once. Raises StoreError."""
    if not found:
        return
    rows = [{name: getattr(one, name) for name in Approval.__slots__} for one in found]
    rows = [{**row, "manifest": dict(row["manifest"])} for row in rows]
    with store.writing() as connection:
        connection.execute(insert_or(connection, approvals).on_conflict_do_nothing(), rows)


def read_approvals(store: Store, issue: str) -> tuple[Approval, ...]:
    """Every approval of an issue that the store knows, oldest first. Raises StoreError."""
    ours = select(*COLUMNS).where(approvals.c.issue == issue).order_by(approvals.c.at, approvals.c.id)
    with store.reading() as connection:
        return tuple(Approval(**row._mapping) for row in connection.execute(ours))
