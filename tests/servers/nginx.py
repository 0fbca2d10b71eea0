"""A real nginx with the configuration that we ship, on free ports of loopback and with a certificate of its own."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import trustme

from tests.servers.smtp_sink import free_port

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin") or ""
INSTALL = "nginx is missing: apt-get install nginx-light"
EXAMPLE = Path(__file__).parents[2] / "examples" / "nginx.conf"
NAME = "newsletter.example"
AROUND = """\
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/newsletter.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """`http` and `https` are its ports."""

    folder: Path
    http: int
    https: int

    @property
    def logs(self) -> str:
        """Everything it wrote down."""
        return "".join((self.folder / name).read_text() for name in ("access.log", "error.log"))

    def client(self, source: str = "127.0.0.1", **options: object) -> httpx.Client:
        """Somebody who asks it over TLS, from an address of the loopback range."""
        import ssl

        context = ssl.create_default_context(cafile=str(self.folder / "authority.pem"))
        transport = httpx.HTTPTransport(verify=context, local_address=source)
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}", transport=transport, headers={"Host": NAME},
            trust_env=False, **options,
        )  # fmt: skip


def write_settings(folder: Path, behind: int) -> Nginx:
    """The example, word for word but for ports and certificate."""
    http, https = free_port(), free_port()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert(NAME, "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "newsletter.pem")
    text = EXAMPLE.read_text(encoding="utf-8")
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ", f"listen 127.0.0.1:{https} "),
        ("/etc/ssl/newsletter.pem", f"{folder}/newsletter.pem"),
        ("/etc/ssl/newsletter.key", f"{folder}/newsletter.pem"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind};"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "newsletter.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    return Nginx(folder, http, https)


def write_static_settings(folder: Path, public: Path) -> Nginx:
    """The example for a folder of files, word for word but for its port and place."""
    http = free_port()
    text = (EXAMPLE.parent / "nginx-static.conf").read_text(encoding="utf-8")
    for old, new in (("listen 80;", f"listen 127.0.0.1:{http};"), ("/srv/newsletter/public", str(public))):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "newsletter.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    return Nginx(folder, http, 0)


def command(folder: Path, *more: str) -> list[str]:
    """nginx with the folder as its world."""
    return [PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf"), *more]


def require() -> None:
    """Skips the test where nginx is missing; in CI that is a failure."""
    if not PROGRAM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)


@contextmanager
def nginx(folder: Path, behind: int | Path) -> Iterator[Nginx]:
    """A running nginx in front of a service's port, or of a folder of files."""
    require()
    folder.mkdir(parents=True, exist_ok=True)
    found = write_static_settings(folder, behind) if isinstance(behind, Path) else write_settings(folder, behind)
    with subprocess.Popen(command(folder), stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(60)


def wait_for(server: Nginx, process: "subprocess.Popen[bytes]") -> None:
    """Until it answers."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        assert process.poll() is None, server.logs
        with suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{server.http}/", trust_env=False, timeout=60)
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer: " + server.logs)
