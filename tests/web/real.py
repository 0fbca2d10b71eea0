"""A real newsletter on the web: project, store and server, in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from ruhrmail.cli.site import opened_site
from ruhrmail.config import Config, load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.refresh import refresh_roster
from ruhrmail.listening import listen
from ruhrmail.serving import make_server
from ruhrmail.store import Store, open_store, people
from ruhrmail.tokens import Keyring, Purpose, Token, load_keyring
from ruhrmail.web import make_app
from tests.stories.project import Project, small_project


@dataclass(frozen=True)
class Paper:
    """The newsletter, and where it is served."""

    config: Config
    store: Store
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keyring(self) -> Keyring:
        """As another process has it."""
        return load_keyring((), self.config.state_folder, this_machine().randomness)

    def client(self, **options) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, trust_env=False, **options)

    def link_of(self, token_id: bytes, purpose: Purpose = Purpose.UNSUBSCRIBE, mailing: int = 1) -> str:
        return self.keyring.sign_link(Token(purpose, token_id, mailing, bytes.fromhex(self.store.id)[:3]))

    def on_the_list(self) -> set[str]:
        return {one.person.key for one in people(self.store)}


@contextmanager
def published(folder: Path, readers: int = 3) -> Iterator[Paper]:
    """A small newsletter with so many readers, on the list and on the web."""
    with on_the_web(small_project(folder, readers)) as paper:
        yield paper


@contextmanager
def on_the_web(project: Project) -> Iterator[Paper]:
    """A project whose list is read, and its service, without the duties that it has besides."""
    config, machine, ready = load_config(project.folder, {}), this_machine(), threading.Event()
    with (
        open_store(config.store, now=machine.now(), randomness=machine.randomness) as store,
        opened_site(config, machine) as site,
        listen("127.0.0.1", 0) as listener,
    ):
        refresh_roster(config, store, machine.now())
        server = make_server(make_app(site), ready.set, 1)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(60)
            yield Paper(config, store, listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
