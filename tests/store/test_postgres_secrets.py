"""The password of a database stands in no error, traceback or log, whatever a server says, wherever it came from."""

import asyncio
import logging
import os
import traceback
from collections.abc import Callable
from urllib.parse import quote

import pytest

from ruhrmail.errors import RuhrmailError, StoreError
from ruhrmail.store import open_store, open_store_readonly, postgres_lock, sender_lock
from ruhrmail.store.holder import Holder
from ruhrmail.store.postgres_session import AsyncSession, dial_of
from ruhrmail.worker.engine import telling
from tests.servers.postgres_liar import liar
from tests.store.samples import NOW

PASSWORD = "streng/ge#heim 42%"
QUOTED = quote(PASSWORD, safe="")


def lock(url: str) -> None:
    with sender_lock(url, now=NOW, pid=1):
        raise AssertionError("nobody is let in")


def take_job(url: str) -> None:
    """As a worker does, whose engine has sessions of its own."""

    async def take() -> None:
        async with telling(), await AsyncSession.connect(url, **dial_of(url)):
            raise AssertionError("nobody is let in")

    asyncio.run(take())


DOORS: dict[str, Callable[[str], object]] = {
    "write": lambda url: open_store(url, now=NOW, randomness=os.urandom),
    "read": open_store_readonly,
    "lock": lock,
    "work": take_job,
}


def sources(folder, port: int, monkeypatch) -> dict[str, str]:
    """Addresses of one server that have their password from different places."""
    (folder / "pass").write_text(f"127.0.0.1:*:*:filed:{PASSWORD}\n", encoding="utf-8")
    (folder / "pass").chmod(0o600)
    (folder / "service").write_text(f"[letter]\nhost=127.0.0.1\nport={port}\nuser=x\npassword={PASSWORD}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(folder / "service"))
    monkeypatch.setenv("PGSSLMODE", "disable")
    monkeypatch.setenv("PGPASSFILE", str(folder / "pass"))
    return {
        "address": f"postgresql://u:{QUOTED}@127.0.0.1:{port}/d",
        "parameter": f"postgresql://u@127.0.0.1:{port}/d?password={QUOTED}",
        "hosts": f"postgresql://u:{QUOTED}@127.0.0.1:{port},127.0.0.1:1/d",
        "file": f"postgresql://filed@127.0.0.1:{port}/d",
        "service": "postgresql:///d?service=letter",
    }


def everything(error: BaseException, caplog) -> str:
    """All that might be shown of an error, with those that led to it."""
    told = "".join(traceback.format_exception(error)) + "\n".join(one.getMessage() for one in caplog.records)
    more = f"{error.message} {error.hint}" if isinstance(error, RuhrmailError) else ""
    return f"{told} {more} {error!r}"


@pytest.mark.parametrize("door", sorted(DOORS))
@pytest.mark.parametrize("tells", ["login", "query"])
def test_what_a_server_says_of_the_password_is_not_repeated(tells, door, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    with liar(tells) as port:
        for source, url in sources(tmp_path, port, monkeypatch).items():
            with pytest.raises(StoreError) as caught:
                DOORS[door](url)
            told = everything(caught.value, caplog)
            assert (source, False, False) == (source, PASSWORD in told, QUOTED in told), told
            assert "with *** now" in told or "left for ***" in told or source == "hosts", told


def test_a_lock_does_not_show_its_address():
    url = f"postgresql://u:{QUOTED}@127.0.0.1/d"
    assert QUOTED not in repr(postgres_lock.Lock(url, "role", Holder()))


def test_a_server_that_is_too_old_is_refused_before_anything_is_asked(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with liar("query", "13.22") as port, pytest.raises(StoreError, match="PostgreSQL 13 is too old"):
        open_store_readonly(f"postgresql://u@127.0.0.1:{port}/d?sslmode=disable")
