"""A small newsletter with topics, its list in the store, and a clock that the test sets."""

import email
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

from ruhrmail.config import Config, load_config
from ruhrmail.flows.links import link_for
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.moving import ask_to_move, look_up_moving, move_address
from ruhrmail.flows.outbox import Round, send_due
from ruhrmail.flows.preferences import look_up_preferences, save_preferences
from ruhrmail.model.people import Person
from ruhrmail.model.preferences import Chosen
from ruhrmail.store import Store, read_record, sync_roster
from ruhrmail.tokens import Keyring, Purpose
from tests.stories.project import read_maildir, small_project

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TOPICS = """\
topics:
  wirtschaft: Wirtschaft und Gründung
  kultur: {de: Kultur, en: Culture, description: {de: Bühnen und Museen, en: Stages and museums}}
  sport: {en: Sports, description: Vereine im Revier}
"""
ADA, BEN = "Ada@halde.example", "Ben@halde.example"
LINK = re.compile(r"https://kurzbrief\.example(/(?:address|u|preferences|subscribe)[A-Za-z0-9_/-]*)")


def project_with_topics(folder: Path) -> Config:
    project = small_project(folder / "project", 0)
    with (project.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write(TOPICS)
    return load_config(project.folder, {"RUHRMAIL_RELAY": f"maildir:{project.folder}/out"})


@dataclass
class Desk:
    """All that the flows need."""

    config: Config
    store: Store
    keyring: Keyring = field(default_factory=lambda: Keyring((b"x" * 32,)))
    now: datetime = NOW

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.now)

    def read_list(self, people: Iterable[Person], stamp: str = "1") -> None:
        sync_roster(self.store, people, stamp, self.now)

    def token_id(self, address: str) -> bytes:
        with self.store.reading() as connection:
            query = "SELECT token_id FROM subscribers WHERE key = ?"
            return connection.exec_driver_sql(query, (address.lower(),)).scalar_one()

    def link(self, address: str = ADA, purpose: Purpose = Purpose.PREFERENCES, number: int = 0) -> str:
        return link_for(self.store, self.keyring, self.token_id(address), purpose, number).rpartition("/")[2]

    def look(self, link: str):
        return look_up_preferences(self.config, self.store, self.keyring, link)

    def save(self, link: str, *topics: str, language: str = "") -> bool:
        return save_preferences(self.config, self.store, self.keyring, self.machine, link, Chosen(topics, language))

    def ask(self, new: str, address: str = ADA):
        return ask_to_move(self.config, self.store, self.keyring, self.machine, self.link(address), new)

    def look_moving(self, link: str):
        return look_up_moving(self.config, self.store, self.keyring, self.machine, link)

    def move(self, link: str):
        return move_address(self.config, self.store, self.keyring, self.machine, link)

    def post(self) -> list[tuple[str, str, str]]:
        """Sends what waits: to whom, subject, text, the latest last."""
        before = {one["Message-ID"] for one in self.mails()}
        send_due(Round(self.config, self.store, self.keyring, self.machine))
        return [
            (one["To"].addresses[0].addr_spec, one["Subject"], one.get_content())
            for one in self.mails()
            if one["Message-ID"] not in before
        ]

    def mails(self) -> list:
        return read_maildir(self.config.project / "out")

    def link_in(self, text: str, path: str) -> str:
        found = next(match[1] for match in LINK.finditer(text) if match[1].startswith(f"/{path}/"))
        return found.rpartition("/")[2]

    def record(self, address: str = ADA):
        return read_record(self.store, address.lower())

    def change(self, new: str = "neu@halde.example", address: str = ADA) -> None:
        """Gives a new address, confirms it by the link in its mail, and sends word to the former one."""
        assert self.ask(new, address) is None
        [(_, _, text)] = self.post()
        assert self.move(self.link_in(text, "address")).stage == "done"
        self.post()


def text_of(mail: str) -> str:
    """The text of a mail as it is stored."""
    return str(email.message_from_string(mail, policy=policy.default).get_content())


def person(address: str, **columns: object) -> Person:
    return Person(address, address.lower(), **columns)
