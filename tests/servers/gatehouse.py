"""A PostgreSQL server that lets people in as operators have it: over TLS, with passwords and certificates, by a socket.

`with gatehouse() as gate:` starts it; `gate.url(…)` is an address of its database. Its roles: `plain` (by a password,
with TLS or without), `shielded` (by a password, only over TLS), `sealed` (by a certificate), `reader` (may not write).
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import trustme

from tests.servers.postgresql import EMPTYING, QUICK, Server, postgresql

PASSWORD = "str'eng ge#he/im:4@2%ü"
NAME = "db.newsletter.example"
RULES = """\
local all ruhrmail trust
host all ruhrmail 127.0.0.1/32 trust
local all plain scram-sha-256
hostssl all shielded all scram-sha-256
hostnossl all shielded all reject
hostssl all sealed all cert
host all plain,reader,nobody 127.0.0.1/32 scram-sha-256
host all plain,reader,nobody ::1/128 scram-sha-256
"""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gate:
    """`folder` holds the certificates: `authority.pem`, `stranger.pem` (of no server here), and for clients
    `sealed.pem` and `.key`, `expired.*`, `forged.*` (by the stranger), `other.*` (for another name).
    """

    server: Server
    folder: Path
    database: str

    def url(
        self, user: str = "plain", password: str = PASSWORD, host: str = "127.0.0.1", database: str = "", **more: str
    ) -> str:
        """The address of the database; no password where it is empty."""
        login = quote(user) + (":" + quote(password, safe="") if password else "")
        parts = "?" + urlencode(more, quote_via=quote) if more else ""
        return f"postgresql://{login}@{host}:{self.server.port}/{database or self.database}{parts}"

    def file(self, name: str) -> str:
        """The path of a certificate or key."""
        return str(self.folder / name)

    def certificate(self, name: str) -> dict[str, str]:
        """What an address says of a client's certificate."""
        return {"sslmode": "require", "sslcert": self.file(f"{name}.pem"), "sslkey": self.file(f"{name}.key")}

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """As the superuser, in the database."""
        return self.server.execute(statement, database=self.database)

    def sweep(self) -> None:
        """Empties the database for the next test; everybody may make tables again, but for the reader."""
        self.execute(f"{EMPTYING}; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO plain, shielded, sealed")

    def speak(self, locale: str) -> None:
        """From now on the server speaks German (`C.UTF-8`, for LANGUAGE says so) or English (`C`)."""
        self.execute(f"ALTER SYSTEM SET lc_messages = '{locale}'")
        self.execute("SELECT pg_reload_conf()")
        self.wait_for(f"SELECT setting FROM pg_settings WHERE name = 'lc_messages' AND setting = '{locale}'")

    def wait_for(self, statement: str) -> None:
        """Until a new session finds something."""
        end = time.monotonic() + 10
        while not self.execute(statement):
            assert time.monotonic() < end, statement
            time.sleep(0.02)

    def present(self, name: str) -> None:
        """From now on the server shows another certificate of its own: `server`, or `outdated`."""
        for setting, ending in (("ssl_cert_file", "pem"), ("ssl_key_file", "key")):
            self.execute(f"ALTER SYSTEM SET {setting} = '{self.file(f'{name}.{ending}')}'")
        self.execute("SELECT pg_reload_conf()")
        self.wait_for(f"SELECT 1 FROM pg_settings WHERE name = 'ssl_cert_file' AND setting LIKE '%/{name}.pem'")


@contextmanager
def gatehouse() -> Iterator[Gate]:
    """The server, and a database in it."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-gate-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "socket").mkdir(mode=0o755)
        write_certificates(folder)
        give_to_server(*folder.glob("*.key"), folder / "socket")
        where = {"listen_addresses": "127.0.0.1,::1", "unix_socket_directories": str(folder / "socket")}
        with postgresql(environ={"LANGUAGE": "de"}, **QUICK, **where) as server:
            gate = Gate(server, folder, server.database().rpartition("/")[2])
            open_gate(gate)
            yield gate


def open_gate(gate: Gate) -> None:
    """Makes the roles, and lets them in by the rules."""
    for role in ("plain", "shielded", "sealed", "reader"):
        gate.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD.replace(chr(39), chr(39) * 2)}'")
    (gate.server.folder / "data" / "pg_hba.conf").write_text(RULES)
    gate.execute(f"ALTER SYSTEM SET ssl_ca_file = '{gate.file('authority.pem')}'")
    gate.execute("ALTER SYSTEM SET ssl = on")
    gate.present("server")
    gate.speak("C")
    gate.sweep()


def write_certificates(folder: Path) -> None:
    """Two authorities, the server's certificates and those of clients."""
    authority, stranger = trustme.CA(), trustme.CA()
    for name, ca in (("authority", authority), ("stranger", stranger)):
        ca.cert_pem.write_to_path(str(folder / f"{name}.pem"))
    issued = {
        "server": authority.issue_cert(NAME, "127.0.0.1"),
        "outdated": authority.issue_cert(NAME, "127.0.0.1", not_after=LONG_AGO),
        "sealed": authority.issue_cert(common_name="sealed"),
        "expired": authority.issue_cert(common_name="sealed", not_after=LONG_AGO),
        "forged": stranger.issue_cert(common_name="sealed"),
        "other": authority.issue_cert(common_name="other"),
    }
    for name, leaf in issued.items():
        leaf.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
        leaf.private_key_pem.write_to_path(str(folder / f"{name}.key"))
        (folder / f"{name}.key").chmod(0o600)


def give_to_server(*paths: Path) -> None:
    """Lets the server read keys and make sockets: as root the tests start it as another user.

    Root may read them all the same.
    """
    if os.getuid() == 0:
        for path in paths:
            shutil.chown(path, "nobody", "nogroup")
