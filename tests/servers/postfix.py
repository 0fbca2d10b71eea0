"""Postfix itself as relay: its own settings, queue and spool in a temporary folder, on a port of loopback.

`with postfix(...) as relay:` starts it and ends it; the system's own instance is neither used nor touched. Submission
wants STARTTLS and a login; whatever is for `*.example` lands in one Maildir, anything else is refused.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
import trustme

from tests.servers.smtp_sink import free_port

NEEDED = {
    "postfix": "postfix",
    "saslpasswd2": "sasl2-bin",
    "/usr/lib/*/sasl2/libplain.so": "libsasl2-modules",
    "/usr/lib/*/sasl2/libsasldb.so": "libsasl2-modules-db",
}
SEARCHED = "/usr/sbin:/usr/bin:/usr/lib/postfix/sbin"
USER, PASSWORD = "anna", "g3heim/wort:ä"
DELIVERED_TO = re.compile(rb"^Delivered-To: (.+)$", re.MULTILINE)
QUEUES = ("maildrop", "incoming", "active", "deferred")


@dataclass(frozen=True, slots=True)
class Rules:
    """How the relay behaves. `size` in bytes, `rate` in messages per `rate_seconds` and client (450 beyond it),
    `connections` per client (421 beyond it), `refused` by address (`550 5.1.1 unknown`), `methods` of login,
    `full` for a queue without space (452 at MAIL)."""

    pipelining: bool = True
    size: int = 10_240_000
    rate: int = 0
    rate_seconds: int = 2
    connections: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    methods: str = "PLAIN LOGIN"
    full: bool = False


@dataclass(slots=True)
class Postfix:
    """A relay in `folder`. `authority` is the file that SSL_CERT_FILE names."""

    folder: Path
    port: int
    rules: Rules

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def log(self) -> str:
        """What Postfix wrote down."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def url(self, connections: int = 5) -> str:
        """For RUHRMAIL_RELAY, login included."""
        return f"smtp+starttls://{USER}:{quote(PASSWORD, safe='')}@localhost:{self.port}?connections={connections}"

    def start(self) -> None:
        """Returns once it listens. Raises RuntimeError with its log."""
        write_settings(self)
        command = [find("master"), "-c", str(self.folder / "etc"), "-w"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"Postfix does not start: {done.stderr}{self.log}")

    def stop(self) -> None:
        """At once, whatever it is doing; the queue stays."""
        if pid := self.pid():
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: self.pid() == 0)

    def restart(self) -> None:
        """As a machine does that goes down and comes up again."""
        self.stop()
        self.start()

    def obey(self, rules: Rules) -> None:
        """Goes on with these rules."""
        if rules != self.rules:
            self.rules = rules
            self.restart()

    def pid(self) -> int:
        """The number of its master process, 0 when there is none."""
        try:
            pid = int((self.folder / "queue" / "pid" / "master.pid").read_text())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return 0
        return pid

    def settle(self, seconds: float = 60) -> None:
        """Waits until everything in the queue has been delivered."""
        wait_until(lambda: not self.queued(), seconds)

    def queued(self) -> int:
        """How many messages wait in the queue."""
        return sum(path.is_file() for name in QUEUES for path in (self.folder / "queue" / name).rglob("*"))

    def files(self) -> list[bytes]:
        """Everything delivered, Postfix's own header fields on top."""
        return [path.read_bytes() for path in sorted((self.folder / "mail" / "box" / "new").glob("*"))]

    def recipients(self) -> Counter[str]:
        """How many messages each recipient got."""
        return Counter(cast("re.Match[bytes]", DELIVERED_TO.search(file))[1].decode() for file in self.files())

    def empty(self) -> None:
        """Forgets what was delivered."""
        for path in (self.folder / "mail" / "box" / "new").glob("*"):
            path.unlink()


@contextmanager
def postfix(rules: Rules | None = None) -> Iterator[Postfix]:
    """A running Postfix. Skips the test where it cannot run; in CI a missing part is a failure."""
    require()
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)  # its processes are other users
    relay = Postfix(folder, free_port(), rules or Rules())
    try:
        prepare(relay)
        relay.start()
        yield relay
    finally:
        relay.stop()
        shutil.rmtree(folder)


def require() -> None:
    """Skips or fails unless every part is there and we are root."""
    missing = [package for part, package in NEEDED.items() if not is_there(part)]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"missing: apt-get install {' '.join(missing)}")
    if os.getuid() != 0:
        pytest.skip("Postfix starts as root only")


def is_there(part: str) -> bool:
    return any(Path("/").glob(part.lstrip("/"))) if part.startswith("/") else bool(find(part))


def find(program: str) -> str:
    return shutil.which(program, path=SEARCHED) or ""


def prepare(relay: Postfix) -> None:
    """Folders, certificate, login; `postfix check` makes the folders of the queue."""
    for name in ("etc", "etc/sasl", "queue", "data", "mail"):
        (relay.folder / name).mkdir()
    shutil.chown(relay.folder / "data", "postfix")
    shutil.chown(relay.folder / "mail", "nobody")
    (relay.folder / "log").touch()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(relay.authority)
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(relay.folder / "etc" / "tls.pem")
    accounts = relay.folder / "etc" / "sasl" / "accounts"
    command = [find("saslpasswd2"), "-p", "-c", "-f", str(accounts), "-u", "relay.example", USER]
    subprocess.run(command, input=PASSWORD.encode(), check=True, timeout=30)
    shutil.chown(accounts, group="postfix")
    write_settings(relay)
    subprocess.run([find("postfix"), "-c", str(relay.folder / "etc"), "check"], check=True, timeout=60)


def write_settings(relay: Postfix) -> None:
    etc, rules = relay.folder / "etc", relay.rules
    (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings(relay).items()))
    (etc / "master.cf").write_text(f"127.0.0.1:{relay.port} inet n - n - - smtpd\n{SERVICES}")
    (etc / "ours").write_text("/\\.example$/ ours\n")
    (etc / "refused").write_text("".join(f"/^{re.escape(one)}$/ {reply}\n" for one, reply in rules.refused.items()))
    (etc / "sasl" / "smtpd.conf").write_text(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\n"
        f"sasldb_path: {etc}/sasl/accounts\nmech_list: {rules.methods}\n"
    )


def settings(relay: Postfix) -> dict[str, object]:
    """main.cf."""
    folder, rules = relay.folder, relay.rules
    return {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "maillog_file": folder / "log",
        "maillog_file_prefixes": folder,
        "myhostname": "relay.example",
        "mydestination": "",
        "mynetworks": "",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "default_transport": "error:nothing leaves this machine",
        "virtual_mailbox_domains": f"regexp:{folder}/etc/ours",
        "virtual_mailbox_maps": "static:box/",
        "virtual_mailbox_base": folder / "mail",
        "virtual_mailbox_limit": 0,
        "virtual_uid_maps": "static:65534",
        "virtual_gid_maps": "static:65534",
        "smtpd_tls_chain_files": folder / "etc" / "tls.pem",
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_local_domain": "relay.example",
        "cyrus_sasl_config_path": folder / "etc" / "sasl",  # Debian's looks there anyhow
        "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
        "smtpd_recipient_restrictions": f"check_recipient_access regexp:{folder}/etc/refused, "
        "reject_unauth_destination, reject_unauth_pipelining",
        "smtpd_data_restrictions": "reject_unauth_pipelining",
        "smtpd_discard_ehlo_keywords": "" if rules.pipelining else "pipelining",
        "smtpd_client_event_limit_exceptions": "",
        "smtpd_client_message_rate_limit": rules.rate,
        "smtpd_client_connection_count_limit": rules.connections,
        "anvil_rate_time_unit": f"{rules.rate_seconds}s",
        "smtpd_junk_command_limit": 10000,
        "message_size_limit": rules.size,
        "queue_minfree": 1 << 60 if rules.full else 0,
    }


SERVICES = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
