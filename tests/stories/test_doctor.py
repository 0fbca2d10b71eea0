"""A newsletter that is ready to send, by all that can be seen: a real relay, a real service, names that fit."""

import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import trustme

from tests.servers.front import front
from tests.servers.names import NameServer
from tests.servers.postfix import PASSWORD, USER, Postfix, postfix
from tests.servers.postfix_settings import Rules
from tests.stories.project import Project, small_project

DOMAIN = "kurzbrief.example"
READY = {
    "project-config": "ok", "project-imprint": "ok", "project-clock": "ok",
    "files-state": "ok", "files-secret": "ok", "files-dkim": "ok", "files-git": "ok", "files-list": "ok",
    "store-whole": "ok", "store-space": "ok",
    "relay-configured": "ok", "relay-reachable": "ok", "relay-tls": "ok", "relay-certificate": "ok",
    "relay-login": "ok", "relay-size": "ok", "relay-extensions": "ok", "relay-sender": "ok",
    "host-name": "ok", "host-ptr": "unknown", "host-spf": "ok", "host-page": "warning",
    "dns-mx": "ok", "dns-spf": "ok", "dns-dkim": "ok", "dns-dmarc": "ok", "dns-alignment": "ok",
    "dns-mta-sts": "ok", "dns-tls-rpt": "ok", "dns-bimi": "ok",
    "web-address": "ok", "web-service": "ok", "web-certificate": "ok", "web-unsubscribe": "ok", "web-hsts": "ok",
    "mail-issue": "ok", "mail-headers": "ok", "mail-signature": "ok",
    "provider-bulk": "unknown", "provider-gmx": "unknown", "provider-telekom": "warning",
}  # fmt: skip
"""The relay is on loopback, so nobody can see by which address others know it."""


@dataclass(frozen=True)
class House:
    """Everything that a newsletter stands on."""

    project: Project
    relay: Postfix
    names: NameServer

    def ask(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return self.project.run("doctor", *arguments, timeout=60, **environ)

    def states(self, *arguments: str, **environ: str) -> dict[str, str]:
        """What the lines say, by their ids without `doctor/`."""
        done = self.ask("--format", "json", *arguments, **environ)
        lines = json.loads(done.stdout)["lines"]
        assert done.returncode == any(one["state"] == "error" for one in lines), done.stderr
        return {one["id"].removeprefix("doctor/"): one["state"] for one in lines}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    authority, project = trustme.CA(), small_project(folder / "project")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(DOMAIN).configure_cert(context)
    zone = {
        DOMAIN: ["A 127.0.0.1", f"MX 10 mail.{DOMAIN}.", 'TXT "v=spf1 a:relay.example -all"'],
        f"_dmarc.{DOMAIN}": [f'TXT "v=DMARC1; p=reject; rua=mailto:post@{DOMAIN}"'],
        f"{key_of(project)}": [f"TXT {publish(project)}"],
        "relay.example": ["A 127.0.0.1"],
    }
    with (
        postfix() as relay,
        NameServer(zone=dict(zone)).running() as names,
        project.service("serve", "--port", "0", ready=r"http://\S+") as address,
        front(context, address) as port,
    ):
        trusted = folder / "authorities.pem"
        trusted.write_bytes(authority.cert_pem.bytes() + relay.authority.read_bytes())
        project.environ |= {
            "RUHRMAIL_URL": f"https://{DOMAIN}:{port}",
            "RUHRMAIL_RELAY": relay.url(),
            "RUHRMAIL_RESOLVER": names.address,
            "SSL_CERT_FILE": str(trusted),
        }
        yield House(project, relay, names)


def key_of(project: Project) -> str:
    """Makes a key, signs with it, and gives its name."""
    config = project.folder / "ruhrmail.yaml"
    assert 0 == project.run("keys", "dkim", "ruhr").returncode
    config.write_text(config.read_text() + f"dkim: [{{domain: {DOMAIN}, selector: ruhr}}]\n")
    (project.folder / ".gitignore").write_text(".ruhrmail/\nsubscribers.csv\n")
    subprocess.run(["git", "init", "-q", str(project.folder)], check=True)
    return f"ruhr._domainkey.{DOMAIN}"


def publish(project: Project) -> str:
    """The strings of the key's record."""
    return " ".join(re.findall(r'"[^"]+"', project.run("keys", "dkim", "ruhr", "--show").stdout))


def test_a_project_that_is_ready_has_no_error(house):
    assert READY == house.states()


def test_what_the_relay_said_is_told_and_no_mail_was_sent(house):
    told = house.ask("--only", "relay").stdout
    assert "encrypted with TLSv1.3" in told and "the login works" in told and "offers PIPELINING" in told
    assert [] == house.relay.files() and 0 == house.relay.queued()


def test_german_speaks_german(house):
    told = house.ask("--only", "relay-login", RUHRMAIL_LANG="de").stdout
    assert "die Anmeldung gelingt" in told and "Fehler: 0, Warnungen: 0" in told


def test_a_wrong_password_is_an_error_and_stays_secret(house):
    wrong = house.relay.url().replace(USER, "berta")
    done = house.ask("--only", "relay", RUHRMAIL_RELAY=wrong)
    assert 1 == done.returncode and "error    doctor/relay-login" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr and wrong not in done.stdout + done.stderr


def test_a_relay_that_takes_no_mail_of_that_size_is_an_error(house):
    house.relay.obey(replace(house.relay.rules, size=3000))
    try:
        found = house.states("--only", "relay-size", "--only", "relay-sender")
    finally:
        house.relay.obey(Rules())
    assert {"relay-size": "error", "relay-sender": "error"} == found


def test_a_service_with_another_store_is_an_error(house, tmp_path):
    elsewhere = f"sqlite:///{tmp_path}/other.db"
    assert 0 == house.project.run("send", "kurz", "--yes", RUHRMAIL_STORE=elsewhere,
                                  RUHRMAIL_RELAY=f"maildir:{tmp_path}/mail").returncode  # fmt: skip
    done = house.ask("--only", "web-service", RUHRMAIL_STORE=elsewhere)
    assert 1 == done.returncode and "has another store" in done.stdout


def test_a_service_that_does_not_know_our_key_is_an_error(house):
    done = house.ask("--only", "web-service", RUHRMAIL_SECRET="another-secret-that-is-long-enough-to-be-one")
    assert 1 == done.returncode and "does not know the key" in done.stdout


def test_the_zone_holds_what_is_to_be_published_and_nothing_else(house):
    key, house.names.zone[f"ruhr._domainkey.{DOMAIN}"] = house.names.zone.pop(f"ruhr._domainkey.{DOMAIN}"), ()
    try:
        done = house.ask("--only", "dns", "--zone")
    finally:
        house.names.zone[f"ruhr._domainkey.{DOMAIN}"] = key
    assert 1 == done.returncode
    assert ["; doctor/dns-dkim", f"ruhr._domainkey.{DOMAIN}. IN TXT ("] == done.stdout.splitlines()[:2]
    assert key == ["TXT " + " ".join(re.findall(r'"[^"]+"', done.stdout))]
