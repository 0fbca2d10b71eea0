"""A text's NUL characters, which PostgreSQL cannot keep, as U+FFFD."""

from psycopg.adapt import Buffer
from psycopg.types.string import StrDumperUnknown

NUL, REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"


class WithoutNul(StrDumperUnknown):
    """Texts for PostgreSQL."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace(NUL, REPLACEMENT) if NUL in obj else obj)
