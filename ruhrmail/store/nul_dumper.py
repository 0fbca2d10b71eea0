"""How psycopg writes texts: without NUL characters."""

from psycopg.adapt import Buffer
from psycopg.types.string import StrDumperUnknown

from ruhrmail.store.nul import without_nul


class WithoutNul(StrDumperUnknown):
    """Texts for PostgreSQL."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(without_nul(obj))
