"""A link scanner opens everything that any mail of ours names, and everything behind it: nothing changes."""

from pathlib import Path

import pytest

from ruhrmail.flows.joining import Request, ask_to_join
from ruhrmail.flows.links import link_for
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.moving import ask_to_move
from ruhrmail.flows.outbox import Round, send_due
from ruhrmail.store import people
from ruhrmail.store.schema import metadata
from tests.servers.scanner import Scanner, read_mail
from tests.stories.project import SECRET, sample_project
from tests.web.real import Paper, on_the_web

HOST = "ruhrblick.example"


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """The sample newsletter, its latest issue sent into a folder."""
    project = sample_project(tmp_path_factory.mktemp("scanned"))
    state = project.folder / ".ruhrmail"
    state.mkdir(mode=0o700)
    (state / "secret").write_text(SECRET, encoding="ascii")
    done = project.run("send", "2026-11", "--yes")
    assert 0 == done.returncode, done.stderr
    with on_the_web(project) as found:
        yield found


def content_of(paper: Paper) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with paper.store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


def mails_in(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted((folder / "new").iterdir())]


def scan(paper: Paper, raw: bytes) -> dict[str, int]:
    """What a mail's links were answered, after making sure that nothing changed."""
    before = content_of(paper)
    answers = Scanner(HOST, ("127.0.0.1", paper.port)).scan(read_mail(raw))
    assert before == content_of(paper)
    return answers


def opened(answers: dict[str, int]) -> set[str]:
    """The first words of the paths that were there."""
    return {path.split("/")[1].partition("?")[0] for path, status in answers.items() if status == 200}


def test_an_issue_can_be_scanned(paper):
    answers = scan(paper, mails_in(paper.config.project / "maildir")[0])
    assert {"", "u", "archive", "subscribe"} <= opened(answers)
    assert 20 < len(answers)
    assert set(answers.values()) <= {200, 204, 301, 404, 405}, answers


def post(paper: Paper) -> bytes:
    """The mail that waits in the outbox, as the relay got it."""
    folder = paper.config.project / "maildir"
    before = set(mails_in(folder))
    send_due(Round(paper.config, paper.store, paper.keyring, this_machine()))
    [mail] = set(mails_in(folder)) - before
    return mail


def test_the_mail_that_asks_to_confirm_can_be_scanned(paper):
    request = Request("neu@halde.example", f"https://{HOST}/subscribe")
    assert ask_to_join(paper.config, paper.store, paper.keyring, this_machine(), request) is None
    assert {"confirm"} <= opened(scan(paper, post(paper)))


def test_the_mail_that_asks_to_confirm_a_new_address_can_be_scanned(paper):
    reader = next(iter(people(paper.store)))
    link = link_for(paper.store, paper.keyring, reader.token_id).rpartition("/")[2]
    ask_to_move(paper.config, paper.store, paper.keyring, this_machine(), link, "umgezogen@halde.example")
    assert {"address"} <= opened(scan(paper, post(paper)))
