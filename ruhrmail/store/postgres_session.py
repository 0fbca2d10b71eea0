"""A session with PostgreSQL: how it is dialled, and what it is set to. No error of one tells the password."""

import logging
from collections.abc import Iterator
from contextlib import closing
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_dumps

from ruhrmail.config.store_address import SECRETS, names_in
from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store.nul_dumper import WithoutNul
from ruhrmail.store.pooler import LOOK, ensure_kept, is_pooled, lent
from ruhrmail.store.postgres_certificate import why_untrusted
from ruhrmail.store.sqlite import BUSY_SECONDS, as_json

OLDEST = 140000
"""The first version whose sessions notice that their client is gone."""
DIAL = {
    "application_name": "ruhrmail",
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds until a link that takes nothing counts as cut
}
"""What holds where the address says nothing else."""
SETTINGS = {
    "lock_timeout": f"{BUSY_SECONDS}s",
    "statement_timeout": "30min",
    "idle_in_transaction_session_timeout": "60s",  # a stopped process must not keep the pen
    "idle_session_timeout": "0",  # a sender's lock and a worker's ear are at rest for long
    "client_connection_check_interval": "5s",  # neither must a statement that nobody waits for any more
    "timezone": "UTC",
    "jit": "off",
    # What a role or a database may be set to, and what the driver or our statements would not understand.
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "default_transaction_isolation": "read committed",
}
LATER = {170000: {"transaction_timeout": "0"}}
"""What newer versions of the server can be set to besides; a name that a version does not know is an error."""
DURABLE = "CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END"
"""A commit is on the disk when it returns, whatever the server's own settings say; never less than these ask for."""
UNHURRIED = "-c statement_timeout=0"
"""For whose role or database breaks off statements so soon that not even our settings could be made."""
MASK = "***"
UNTRUSTED = "certificate verify failed"

logging.getLogger("psycopg").setLevel(logging.WARNING)  # below that it repeats what servers say before we read it


class Session(psycopg.Connection[Any]):
    """A session whose errors never hold the password, whatever the server says of it.

    `secret` is kept, for a session that broke off does not tell it any more.
    """

    secret: str = ""

    @classmethod
    def connect(cls, conninfo: str = "", **more: Any) -> Self:
        """Dials. Raises psycopg.Error."""
        try:
            session = super().connect(conninfo, **more)
        except psycopg.Error as error:
            explain(error)
            hide(error, conninfo)
            raise
        session.secret = session.info.password
        return session

    def wait(self, *work: Any, **more: Any) -> Any:
        """What every statement and every commit waits in. Raises psycopg.Error."""
        try:
            return super().wait(*work, **more)
        except psycopg.Error as error:
            hide_words(error, [self.secret])
            raise


class AsyncSession(psycopg.AsyncConnection[Any]):
    """The same for the engine, with our settings from the start."""

    secret: str = ""

    @classmethod
    async def connect(cls, conninfo: str = "", **more: Any) -> Self:
        """Dials, and makes our settings. Raises psycopg.Error."""
        session = await cls.dial(conninfo, **more)
        try:
            try:
                await session.set_up()
            except psycopg.errors.QueryCanceled:
                more |= unhurried(session)
                await session.close()
                session = await cls.dial(conninfo, **more)
                await session.set_up()
        except BaseException:
            await session.close()
            raise
        return session

    @classmethod
    async def dial(cls, conninfo: str, **more: Any) -> Self:
        """A session as the server makes it. Raises psycopg.Error."""
        try:
            session = await super().connect(conninfo, **more)
        except psycopg.Error as error:
            hide(error, conninfo)
            raise
        session.secret = session.info.password
        return session

    async def set_up(self) -> None:
        """Makes our settings. Raises psycopg.Error."""
        await self.execute(setting_up(self.info.server_version))
        await self.commit()

    async def wait(self, *work: Any, **more: Any) -> Any:
        """What every statement and every commit waits in. Raises psycopg.Error."""
        try:
            return await super().wait(*work, **more)
        except psycopg.Error as error:
            hide_words(error, [self.secret])
            raise


def explain(error: psycopg.Error) -> None:
    """Adds why the server's certificate does not hold, where libpq says no more than that."""
    if UNTRUSTED in str(error) and error.pgconn is not None:
        why = why_untrusted(error.pgconn)
        error.args = (str(error).replace(UNTRUSTED, f"{UNTRUSTED}: {why}" if why else UNTRUSTED, 1),)


def hide(error: psycopg.Error, url: str) -> None:
    """Takes out of an error of dialling what is secret in the address, the environment and libpq's files."""
    used = error.pgconn
    known = used.info if used is not None else []
    words = [one.val.decode(errors="replace") for one in known if one.dispchar == b"*" and one.val]
    if used is not None and used.password:
        words.append(used.password.decode(errors="replace"))
    hide_words(error, [*words, *secrets_of(url)])


def secrets_of(url: str) -> Iterator[str]:
    """What is secret in an address that can be read."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # then libpq dials nobody, and what it says of the address is not shown either
        return
    yield from (str(given[name]) for name in SECRETS if given.get(name))


def hide_words(error: psycopg.Error, words: list[str]) -> None:
    """Masks words in what an error says, as they are and as an address or a literal writes them."""
    forms = {form for word in words if word for form in (word, quote(word, safe=""), quote(word), repr(word)[1:-1])}
    for form in sorted(forms, key=len, reverse=True):
        error.args = tuple(one.replace(form, MASK) if isinstance(one, str) else one for one in error.args)


def open_session(url: str, *, autocommit: bool) -> Session:
    """A session with our settings. Raises StoreError for an address that cannot be read, and for a server that is too
    old or keeps other than UTF-8; psycopg.Error for one that does not answer."""
    session = Session.connect(url, autocommit=True, **dial_of(url))
    try:
        ensure_fit(session)
        try:
            set_up(session, url)
        except psycopg.errors.QueryCanceled:
            more = unhurried(session)
            session.close()
            session = Session.connect(url, autocommit=True, **dial_of(url) | more)
            set_up(session, url)
        session.adapters.register_dumper(str, WithoutNul)
        set_json_dumps(as_json, session)
    except BaseException:
        session.close()
        raise
    session.autocommit = autocommit
    return session


def unhurried(session: Session | AsyncSession) -> dict[str, str]:
    """How to dial again after the role's or the database's own limit broke off what makes our settings: what a client
    asks for at the start holds from the first statement on. Poolers that take no such wish say so."""
    return {"options": f"{session.pgconn.options.decode()} {UNHURRIED}".strip()}


def set_up(session: Session, url: str) -> None:
    """Makes our settings. Raises StoreError where a pooler would not keep them for us, psycopg.Error."""
    process, mark, *_ = session.execute(setting_up(session.info.server_version)).fetchone() or (0, "")
    if mark:
        raise lent(session)
    if is_pooled(session, process):
        with closing(Session.connect(url, autocommit=True, **dial_of(url))) as other:
            ensure_kept(session, other)


@lru_cache(maxsize=4)
def setting_up(version: int) -> bytes:
    """The statement that makes our settings at a server of a version, and looks whose the session is."""
    since = [more for first, more in LATER.items() if version >= first]
    chosen = [pair for some in (SETTINGS, *since) for pair in some.items()]
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in chosen)
    return f"SELECT {LOOK}, set_config('synchronous_commit', {DURABLE}, false), {settings}".encode()


def dial_of(url: str) -> dict[str, Any]:
    """How an address is dialled, as far as it does not say itself. Raises StoreError where it cannot be read."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise unreadable(url) from None  # what libpq says shows parts of it
    return {name: value for name, value in DIAL.items() if name not in given} | {"client_encoding": "utf8"}


def unreadable(url: str) -> StoreError:
    """The error for an address that cannot be read. Nothing of it is shown, for any part may be the password's; but a
    parameter that libpq lacks is told by the one it is like."""
    known = {one.keyword.decode() for one in psycopg.pq.Conninfo.get_defaults()}
    likely = [like for name in names_in(url) if name not in known for like in get_close_matches(name, known, n=1)]
    if likely:
        message = phrase("the address of the PostgreSQL database has a parameter that there is not")
        return StoreError(message, hint=phrase("did you mean {known}?", known=likely[0]))
    message = phrase("the address of the PostgreSQL database cannot be read")
    return StoreError(message, hint=phrase("such as postgresql://user@host/database; %-encode what is special"))


def ensure_fit(session: Session | AsyncSession) -> None:
    """Raises StoreError for a server that is too old, or keeps other than UTF-8."""
    info = session.info
    if info.server_version < OLDEST:
        message = phrase("PostgreSQL {version} is too old", version=info.server_version // 10_000)
        raise StoreError(message, hint=phrase("version {version} or later is needed", version=OLDEST // 10_000))
    if info.parameter_status("server_encoding") != "UTF8":
        message = phrase("the PostgreSQL database does not keep its texts in UTF-8")
        raise StoreError(message, hint=phrase("make one that does: createdb --encoding=UTF8 --template=template0 NAME"))
