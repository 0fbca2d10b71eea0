"""PgBouncer in front of a database, on a free port of loopback, ended by its pid."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgresql import USER, unprivileged
from tests.servers.smtp_sink import free_port

PROGRAM = Path("/usr/sbin/pgbouncer")
INSTALL = "PgBouncer is missing: apt-get install pgbouncer"
SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
server_reset_query = DISCARD ALL
logfile = {folder}/log
{more}
"""


@contextmanager
def pgbouncer(url: str, mode: str, more: str = "") -> Iterator[str]:
    """A pooler in a mode; gives the address of a database through it. `more` are further lines of its settings."""
    if not PROGRAM.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)
    place, _, database = url.rpartition("/")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="ruhrmail-pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # as root it runs as another user
        given = SETTINGS.format(
            server=place.rpartition(":")[2], user=USER, port=port, mode=mode, folder=folder, more=more
        )
        (folder / "pgbouncer.ini").write_text(given, encoding="utf-8")
        command = [*unprivileged(), str(PROGRAM), str(folder / "pgbouncer.ini")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            through = f"postgresql://{USER}@127.0.0.1:{port}/{database}"
            wait_for(through, process, folder / "log")
            yield through
        finally:
            process.kill()
            process.wait(60)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until it answers."""
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text(errors="replace") if log.exists() else "PgBouncer did not start")
