"""A street of servers: names, a web server with and without encryption, and a small newsletter that links to them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.check import RULES
from ruhrmail.flows.check import check_project
from ruhrmail.model.finding import Finding
from tests.check.desk import CONFIG, complete, write_project
from tests.servers.names import NameServer
from tests.servers.web import WebServer

HERE = "A 127.0.0.1"
ZONE: dict[str, Sequence[str]] = {
    "letter.example": [HERE, "MX 10 mail.letter.example.", 'TXT "v=spf1 include:relay.example -all"'],
    "_dmarc.letter.example": ['TXT "v=DMARC1; p=none; rua=mailto:post@letter.example"'],
    "relay.example": ['TXT "v=spf1 ip4:192.0.2.0/24 -all"'],
    "halle.example": [HERE],
    "www.halle.example": [HERE],
    "xn--mhle-0ra.example": [HERE],
    "innen.example": [HERE],
    "pool.example": ["A 192.168.10.4"],
}
SETTINGS = """\
check:
  online:
    timeout: 5s
    total: 50s
    allow: [letter.example, halle.example, www.halle.example, mühle.example]
"""
ONLINE = frozenset(rule.id for rule in RULES if rule.needs == "online")


@dataclass
class Street:
    """The servers, and what stands for their addresses in a case: WEB and TLS are http and https of halle.example."""

    names: NameServer
    web: WebServer
    tls: WebServer
    expired: WebServer
    foreign: WebServer

    def put(self, text: object) -> str:
        """A text with the servers' addresses."""
        pairs = {
            "WEB": f"http://halle.example:{self.web.port}",
            "TLS": f"https://halle.example:{self.tls.port}",
            "PORT": str(self.web.port),
            "SAFE": str(self.tls.port),
            "EXPIRED": str(self.expired.port),
            "FOREIGN": str(self.foreign.port),
        }
        whole = str(text)
        for mark, address in pairs.items():
            whole = whole.replace(mark, address)
        return whole

    def check(self, folder: Path, case: Mapping[str, object], slugs: Sequence[str] = ("one",)) -> list[Finding]:
        """What the online rules find in a case's issue."""
        config = complete(complete(self.put(case.get("config", "")), CONFIG), SETTINGS)
        files = {name: self.put(text) for name, text in dict(case.get("files", {})).items()}  # type: ignore[call-overload]
        write_project(folder, {**case, "files": files, "config": config, "issue": self.put(case.get("issue", ""))})
        own = {} if case.get("own_url") else {"RUHRMAIL_URL": f"http://letter.example:{self.web.port}"}
        environ = {"RUHRMAIL_RESOLVER": self.names.address, **own}
        return [one for one in check_project(folder, environ, slugs, ["online"]) if one.rule in ONLINE]

    def find(self, folder: Path, case: Mapping[str, object]) -> list[str]:
        """The same as `severity rule file:line:column`."""
        return [f"{one.severity} {one.rule} {one.at}" for one in self.check(folder, case)]

    def told(self, folder: Path, *urls: str) -> list[str]:
        """What is said of links, one in a line: `severity rule message`."""
        lines = [f'  - {{type: button, label: Ziel {number}, url: "{url}"}}' for number, url in enumerate(urls)]
        found = self.check(folder, {"issue": "\n".join(["content:", *lines, ""])})
        return [f"{one.severity} {one.rule} {one.message}" for one in found]


@contextmanager
def open_street(*encrypted: WebServer) -> Iterator[Street]:
    """Fresh servers for names and http beside the encrypted ones."""
    with NameServer(zone=dict(ZONE)).running() as names, WebServer().running() as web:
        yield Street(names, web, *encrypted)
