"""Whether a pooler such as PgBouncer stands in front of PostgreSQL, and lends sessions for single transactions.

Locks, settings, temporary tables and notices belong to a session. Lent for a transaction they would be anybody's: two
senders would hold the same lock. A session that a client has for itself is as the server made it, and nobody else's.
"""

import re
import selectors

import psycopg

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store.postgres_refusals import NO_OPTIONS, POOLER_FULL

MARK = "ruhrmail.session"
"""A setting that only we make. Whoever finds it made has a session that another client set up."""
LOOK = f"pg_backend_pid(), coalesce(current_setting('{MARK}', true), ''), set_config('{MARK}', 'taken', false)"
"""What a new session is asked first: which process of the server that is, and whether it was another's."""
ASK = f"SELECT pg_backend_pid(), coalesce(current_setting('{MARK}', true), ''), current_setting('search_path')"
ROUNDS = 3
"""Times that two sessions are asked in turn, for other clients may come between."""
PATIENCE = 5.0
"""Seconds in which a pooler that has a session left lends it."""
PATH = re.compile(r"search_path=((?:\\.|\S)*)")
Asked = tuple[str, str, str]


def is_pooled(session: psycopg.Connection[object], process: int) -> bool:
    """Whether somebody between tells clients another number than that of the server's process, to cancel by it."""
    return session.info.backend_pid != process


def ensure_kept(session: psycopg.Connection[object], other: psycopg.Connection[object]) -> None:
    """Asks a session that is set up, and another that is not. Raises StoreError where they turn out to be the same one,
    where the first one changes, and where none is left for the second."""
    process, _, path = ask(session)
    for _ in range(ROUNDS):
        is_marked = bool(ask(other)[1])
        if is_marked or ask(session)[0] != process:
            raise lent(session)
    asked_for = PATH.search(session.pgconn.options.decode())
    if asked_for is not None and plain(asked_for[1]) != plain(path):
        raise StoreError(NO_OPTIONS[0], hint=NO_OPTIONS[1])


def lent(session: psycopg.Connection[object]) -> StoreError:
    """The error for a session that is another's in between. It is left as it was, for the next one to have it."""
    session.execute("RESET ALL")
    message = phrase("a pooler lends sessions of PostgreSQL for single transactions, and no lock would hold")
    hint = phrase("pool_mode = session and server_reset_query = DISCARD ALL in PgBouncer, or the server's own address")
    return StoreError(message, hint=hint)


def ask(session: psycopg.Connection[object]) -> Asked:
    """Process, mark and search_path of the session that is lent now. Raises StoreError where none is."""
    link = session.pgconn
    link.send_query(ASK.encode())
    with selectors.DefaultSelector() as ears:
        ears.register(session.fileno(), selectors.EVENT_READ)
        answer = link.get_result() if ears.select(PATIENCE) else None
    if answer is None or answer.status != psycopg.pq.ExecStatus.TUPLES_OK:
        raise StoreError(POOLER_FULL[0], hint=POOLER_FULL[1])
    while link.get_result() is not None:
        pass
    process, mark, path = ((answer.get_value(0, column) or b"").decode() for column in range(3))
    return process, mark, path


def plain(path: str) -> str:
    """A search_path without what may be written or not."""
    return re.sub(r"[\\\s\"]", "", path)
