"""What PostgreSQL complains about (SQLSTATE, its manual's appendix A), in words that help."""

import sys

from ruhrmail.errors import StoreAway, StoreBlocked, StoreError
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store.postgres_refusals import LOGIN, NO_CONNECTION, NO_DATABASE, refusal_of, told

GO_ON = phrase("run the command again; it goes on where it stopped")
CHECK_SERVER = phrase("check that PostgreSQL runs, and RUHRMAIL_STORE; then run the command again, it goes on")

AWAY = ("08", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04")
"""The session is gone, or there is none to be had: nobody knows whether what was under way was written."""
BLOCKED = ("53100", "53200", "53300", "55P03", "57014", "25006")
"""The server is there, and cannot do what it was asked for until somebody has mended something."""
CROSSED = ("40001", "40P01")
"""Two transactions stood in each other's way, and this one was undone."""
TROUBLES: dict[str, tuple[Phrase, Phrase]] = {
    "53100": (
        phrase("the disk with the store is full"),
        phrase("make room and run the command again; it goes on where it stopped"),
    ),
    "53300": NO_CONNECTION,
    "55P03": (
        phrase("another program holds the store"),
        phrase("wait until it is done, then run the command again"),
    ),
    "57014": (phrase("PostgreSQL broke off a statement that took too long"), GO_ON),
    "28": LOGIN,
    "3D000": NO_DATABASE,
    "3F000": (
        phrase("there is no schema for the store's tables"),
        phrase("CREATE SCHEMA NAME AUTHORIZATION USER, and ALTER ROLE USER SET search_path = NAME"),
    ),
    "42501": (
        phrase("the database's user may not do that"),
        phrase("the tables of the store must belong to the user of RUHRMAIL_STORE"),
    ),
    "25006": (phrase("the store can only be read, not written"), phrase("connect to the primary server")),
    "XX001": (phrase("the store is damaged"), phrase("restore a backup")),
    "XX002": (phrase("the store is damaged"), phrase("restore a backup")),
}


def driver_errors() -> tuple[type[Exception], ...]:
    """What psycopg raises; nothing while nobody loaded it."""
    driver = sys.modules.get("psycopg")
    return (driver.Error,) if driver else ()


def trouble_of(error: BaseException) -> StoreError | None:
    """The StoreError for what psycopg raised; None for a mistake of ours."""
    state = getattr(error, "sqlstate", None) or ""
    refusal = refusal_of(str(error)) if not state and is_operational(error) else None
    if refusal is not None:
        kind = StoreAway if refusal.passing else StoreError
        return kind(told(refusal.message, first_line(error)), hint=refusal.hint)
    for code, (message, hint) in TROUBLES.items():
        if state.startswith(code):
            return (StoreBlocked if state in BLOCKED else StoreError)(message, hint=hint)
    if state in CROSSED:
        return StoreAway(phrase("another program changed the same rows of the store"), hint=GO_ON)
    if state.startswith(AWAY) or (not state and is_operational(error)):
        return StoreAway(phrase("PostgreSQL does not answer: {reason}", reason=first_line(error)), hint=CHECK_SERVER)
    if is_operational(error):
        return StoreError(phrase("the store cannot be used: {reason}", reason=first_line(error)))
    return None


def is_operational(error: BaseException) -> bool:
    """Whether the server or the way to it is to blame."""
    return isinstance(error, sys.modules["psycopg"].OperationalError)


def first_line(error: BaseException) -> str:
    """What the driver says, without what everybody knows and without the advice for administrators that may follow. It
    never holds a password."""
    lines = str(error).strip().splitlines()
    line = lines[0].strip() if lines else type(error).__name__
    return line.removeprefix("connection failed: ").removeprefix("connection is bad: ")
