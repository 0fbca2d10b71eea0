"""Dovecot as IMAP server: its own settings, users and mail in a temporary folder, on free ports of loopback.

`with dovecot() as server:` starts it and ends it; the system's own instance is neither used nor touched. `password_of`
says a user's password. Mail is put into a user's Maildir by the test.
"""

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from tests.servers.smtp_sink import free_port

NEEDED = {"/usr/sbin/dovecot": "dovecot-core", "/usr/lib/dovecot/imap": "dovecot-imapd"}
USERS = ("anna", "rückläufer@ruhr.example")
PASSWORD = 'g3heim "wort" \\ ä'
PLAIN_PASSWORD = 'ge"heim \\1'
OWNER = "nobody"


@dataclass(slots=True)
class Dovecot:
    """A server in `folder`: `port` speaks IMAP with STARTTLS, `tls_port` IMAP over TLS.

    `authority` is the file that SSL_CERT_FILE names.
    """

    folder: Path
    port: int
    tls_port: int
    settings: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def log(self) -> str:
        """What Dovecot wrote down."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def maildir(self, user: str = "anna", folder: str = "") -> Path:
        """Where a user's mail lies; `folder` in Maildir++'s spelling: `.Junk`."""
        return self.folder / "home" / user / "Maildir" / folder

    def put(self, messages: Sequence[bytes], user: str = "anna", folder: str = "") -> None:
        """Lays messages into a user's folder, in this order."""
        place = self.maildir(user, folder)
        for name in ("tmp", "new", "cur"):
            (place / name).mkdir(parents=True, exist_ok=True)
        self.own(*(place / name for name in ("tmp", "new", "cur")))
        start = time.time_ns()
        for number, message in enumerate(messages):
            file = place / "tmp" / f"{start // 10**9}.M{number:07}P1_{start}.test"
            file.write_bytes(message)
            self.own(file)
            file.rename(place / "new" / file.name)

    def own(self, *files: Path) -> None:
        """Gives files and the folders above them, up to the homes, to the user that Dovecot runs as. Not whole folders:
        it makes and deletes files there meanwhile."""
        if os.getuid() == 0:
            home = self.folder / "home"
            above = {folder for file in files for folder in file.parents if folder.is_relative_to(home)}
            for path in (*above, *files):
                shutil.chown(path, OWNER, pwd.getpwnam(OWNER).pw_gid)

    def files(self, user: str = "anna", folder: str = "") -> list[bytes]:
        """What lies in a user's folder."""
        place = self.maildir(user, folder)
        return [path.read_bytes() for name in ("new", "cur") for path in sorted((place / name).glob("*"))]

    def empty(self) -> None:
        """Forgets all mail."""
        for user in USERS:
            shutil.rmtree(self.maildir(user), ignore_errors=True)
            self.put([], user)

    @contextmanager
    def session(self, user: str = "anna") -> Iterator[imaplib.IMAP4]:
        """Somebody else who has logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=60)
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{password_of(user)}".encode())
        try:
            yield client
        finally:
            client.logout()

    def start(self) -> None:
        """Returns once it listens. Raises RuntimeError with its log."""
        write_settings(self)
        command = [find(), "-F", "-c", str(self.folder / "dovecot.conf")]
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        end = time.monotonic() + 20
        while not all(map(listens, (self.port, self.tls_port))):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Dovecot does not start: {(self.folder / 'output').read_text()}{self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it and every connection at once: told to end it waits five seconds for its helpers."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(60)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


@contextmanager
def dovecot(settings: str = "") -> Iterator[Dovecot]:
    """A running Dovecot, with `settings` behind its own. Skips where it is missing; in CI that is a failure."""
    require()
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    server = Dovecot(folder, free_port(), free_port(), settings)
    try:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(server.authority)
        certificate = authority.issue_cert("localhost")
        certificate.private_key_and_cert_chain_pem.write_to_path(folder / "tls.pem")
        for user in USERS:
            server.put([], user)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def password_of(user: str) -> str:
    return PASSWORD if "@" in user else PLAIN_PASSWORD


def require() -> None:
    """Skips or fails unless every part is there and we are root."""
    missing = [package for part, package in NEEDED.items() if not Path(part).exists()]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"missing: apt-get install {' '.join(missing)}")
    if os.getuid() != 0:
        pytest.skip("Dovecot is started as root here")


def find() -> str:
    return next(iter(NEEDED))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_settings(server: Dovecot) -> None:
    """dovecot.conf and the users."""
    folder = server.folder
    users = "".join(f"{user}:{{PLAIN}}{password_of(user)}::::::\n" for user in USERS)
    (folder / "users").write_text(users, encoding="utf-8")
    (folder / "dovecot.conf").write_text(
        f"""\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/tls.pem
ssl_key = <{folder}/tls.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_chars =
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={OWNER} gid=nogroup home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{server.settings}
""",
        encoding="utf-8",
    )
