"""PostgreSQL itself: a cluster of its own in a temporary folder, on a port of loopback, ended by its pid.

`with postgresql() as server:` starts one; `server.database()` makes an empty database. The server refuses to run as
root, so then it runs as `nobody`. It ends with the process that started it, however that ends.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.servers.smtp_sink import free_port

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path())
INSTALL = "PostgreSQL is missing: apt-get install postgresql"
USER = "ruhrmail"
QUICK = {"fsync": "off", "full_page_writes": "off"}
"""For tests that end no server: nothing else proves that what was written is on the disk."""
ALONE = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
SMALL = {"shared_buffers": "64MB", "max_connections": "120", "max_wal_size": "256MB", "autovacuum_naptime": "5s"}

EMPTYING = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
END LOOP; END $$"""


@dataclass(slots=True)
class Server:
    """A cluster in `folder` at `port`. `url` is that of its maintenance database. `environ`: more for its process."""

    folder: Path
    port: int
    settings: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    idle: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)

    def url(self, name: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """The address of an empty database."""
        if self.idle:
            return self.idle.pop()
        name = f"test{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return self.url(name)

    def copy(self, url: str) -> str:
        """The address of a new database that holds what another does, to which nobody is connected."""
        name = f"copy{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {url.rpartition('/')[2]} STRATEGY file_copy")
        return self.url(name)

    def remove(self, url: str) -> None:
        """Takes a whole database away, whoever is connected to it."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def drop(self, url: str) -> None:
        """Takes everything out of a database, whoever is connected to it; to make a new one takes longer."""
        name = url.rpartition("/")[2]
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        self.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}", database=name)
        self.execute(f"{EMPTYING}; CREATE SCHEMA public; ALTER DATABASE {name} RESET ALL", database=name)
        self.idle.append(url)

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs a statement, and gives what it found."""
        with closing(psycopg.connect(self.url(database), autocommit=True)) as session:
            found = session.execute(statement)
            return found.fetchall() if found.description else []

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        settings = SMALL | ALONE | self.settings | {"port": str(self.port)}
        chosen = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*unprivileged(), str(BINARIES / "postgres"), "-D", str(self.folder / "data"), *chosen],
                stdout=log, stderr=log, cwd=self.folder, env=os.environ | self.environ,
            )  # fmt: skip
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends the server: SIGINT breaks sessions off, SIGQUIT breaks off everything and leaves a recovery to do."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(30 if how is signal.SIGQUIT else 120)
            except subprocess.TimeoutExpired:  # on a busy machine the server's own end may hang; a crash was asked for
                if how is not signal.SIGQUIT:
                    raise
                crash(self.process)
            self.process = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends the server and starts it again, at the same port."""
        self.stop(how)
        self.start()

    def begin_timeline(self) -> None:
        """Restarts on a timeline of its own, as if it had been a standby that had received everything."""
        self.only_read()
        self.promote()

    def only_read(self) -> None:
        """Restarts as a standby that has received everything, until it is promoted."""
        self.stop()
        signal_file = self.folder / "data" / "standby.signal"
        signal_file.touch()
        if os.getuid() == 0:
            shutil.chown(signal_file, "nobody", "nogroup")
        self.start()

    def promote(self) -> None:
        """Makes a standby the primary, on a timeline of its own."""
        assert [(True,)] == self.execute("SELECT pg_promote()")


def crash(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server with all of its processes, as a power cut does."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)
    process.wait(60)


def replicated_url(*servers: Server, name: str) -> str:
    """The address of a database on whichever server takes writes."""
    hosts = ",".join(f"127.0.0.1:{one.port}" for one in servers)
    return f"postgresql://{USER}@{hosts}/{name}?target_session_attrs=read-write"


@contextmanager
def standby(primary: Server, name: str = "standby") -> Iterator[Server]:
    """A running copy of a server that follows it."""
    folder = Path(tempfile.mkdtemp(prefix="ruhrmail-standby-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        source = f"host=127.0.0.1 port={primary.port} user={USER} application_name={name}"
        how = ["-D", str(folder / "data"), "-d", source, "-c", "fast", "--no-sync", "-X", "stream", "-R"]
        subprocess.run([*unprivileged(), str(BINARIES / "pg_basebackup"), *how], check=True, cwd=folder)
        server = Server(folder, free_port(), primary.settings)
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cut_off(server: Server) -> None:
    """From now on a standby hears nothing of its primary."""
    server.execute("ALTER SYSTEM SET primary_conninfo = ''")
    server.execute("SELECT pg_reload_conf()")
    end = time.monotonic() + 10
    while server.execute("SELECT 1 FROM pg_stat_wal_receiver"):
        assert time.monotonic() < end, "the standby still listens"
        time.sleep(0.01)


@contextmanager
def postgresql(*, environ: dict[str, str] | None = None, **settings: str) -> Iterator[Server]:
    """A running cluster; `settings` are the server's own, `environ` is added to the variables of its process."""
    if not BINARIES.name:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="ruhrmail-postgresql-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        lay_out(folder)
        server = Server(folder, free_port(), settings, environ=environ or {})
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lay_out(folder: Path) -> None:
    """Makes the cluster's files."""
    how = ["-D", str(folder / "data"), "-U", USER, "-A", "trust", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8"]
    subprocess.run([*unprivileged(), str(BINARIES / "initdb"), *how], check=True, stdout=subprocess.DEVNULL, cwd=folder)


def unprivileged() -> list[str]:
    """What stands before a command: another user where this is root, and an end when this process ends."""
    user = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=INT"]
