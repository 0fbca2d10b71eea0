"""What Postfix sends back about a real mailing is understood, and the next issue leaves out whom it cannot reach."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ruhrmail.config import load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.bounce import Kind
from ruhrmail.store import Record, open_store, read_record
from ruhrmail.tokens import load_keyring
from tests.flows.taking import take_in
from tests.servers.next_hop import next_hop
from tests.servers.postfix import Postfix, postfix
from tests.servers.postfix_settings import Rules
from tests.servers.smtp_sink import free_port
from tests.stories.project import SECRET, Project, small_project

REPLIES = {
    "unbekannt@halde.example": "550 5.1.1 <unbekannt@halde.example>: Recipient address rejected: User unknown",
    "stumm@halde.example": "550 Empfaenger unbekannt",
    "stillgelegt@halde.example": "550 5.2.1 The email account that you tried to reach is disabled",
    "voll@halde.example": "552 5.2.2 <voll@halde.example>: user is over quota",
    "grundlos@halde.example": "554 Rejected",
    "schleife@halde.example": "554 5.4.6 Too many hops, this may be a mail loop",
    "relay@halde.example": "554 5.7.1 <relay@halde.example>: Relay access denied",
    "gesperrt@halde.example": "550 5.7.26 This mail has been blocked because the sender is unauthenticated",
    "liste@halde.example": "554-Transaction failed\r\n554 Reject due to policy restrictions",
}
EXPECTED = {
    "unbekannt@halde.example": (Kind.HARD, "5.1.1"),
    "stumm@halde.example": (Kind.HARD, "5.0.0"),
    "stillgelegt@halde.example": (Kind.HARD, "5.2.1"),
    "ohne-rechner@halde.example": (Kind.HARD, "5.4.4"),
    "voll@halde.example": (Kind.SOFT, "5.2.2"),
    "grundlos@halde.example": (Kind.SOFT, "5.0.0"),
    "gross@halde.example": (Kind.SOFT, "5.3.4"),
    "spaet@halde.example": (Kind.SOFT, "4.4.1"),
    "schleife@halde.example": (Kind.SOFT, "5.4.6"),
    "relay@halde.example": (Kind.POLICY, "5.7.1"),
    "gesperrt@halde.example": (Kind.POLICY, "5.7.26"),
    "liste@halde.example": (Kind.POLICY, "5.0.0"),
}
"""What each server's words mean, with the code that Postfix writes into its report."""
HARD = [email for email, (kind, _) in EXPECTED.items() if kind is Kind.HARD]
ARRIVES = "ada@halde.example"


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    """Postfix with servers behind it that refuse, in every way that matters."""
    with ExitStack() as stack:
        refusing = stack.enter_context(next_hop(REPLIES))
        small = stack.enter_context(next_hop({}, size=1500))
        hops = dict.fromkeys(REPLIES, f"smtp:[127.0.0.1]:{refusing}")
        hops["gross@halde.example"] = f"smtp:[127.0.0.1]:{small}"
        hops["spaet@halde.example"] = f"smtp:[127.0.0.1]:{free_port()}"
        hops["ohne-rechner@halde.example"] = "smtp:[gibtesnicht.invalid]"
        yield stack.enter_context(postfix(Rules(hops=hops, lifetime="3s")))


def project_of(folder: Path, relay: Postfix) -> Project:
    """A list of everybody who is expected to come back, and one who is not; two issues."""
    project = small_project(folder)
    rows = "".join(f"{email}\n" for email in (*EXPECTED, ARRIVES))
    (folder / "subscribers.csv").write_text(f"email\n{rows}", encoding="utf-8")
    first = folder / "issues" / "kurz" / "issue.yaml"
    second = folder / "issues" / "danach" / "issue.yaml"
    second.parent.mkdir()
    second.write_text(first.read_text(encoding="utf-8").replace("Kurz und gut", "Danach"), encoding="utf-8")
    project.environ |= {"SSL_CERT_FILE": str(relay.authority), "RUHRMAIL_RELAY": relay.url()}
    return project


def read_all(project: Project, messages: list[bytes]) -> dict[str, Record]:
    """What the store knows of everybody once the messages were read."""
    config = load_config(project.folder, {"RUHRMAIL_SECRET": SECRET})
    machine = this_machine()
    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        for message in messages:
            take_in(config, store, keyring, machine, message, "Maildir")
        return {email: read_record(store, email) for email in (*EXPECTED, ARRIVES)}


def test_postfix_reports_are_understood_and_the_next_issue_leaves_out_the_unreachable(
    tmp_path: Path, relay: Postfix
) -> None:
    project = project_of(tmp_path / "project", relay)
    done = project.run("send", "kurz", "--yes")
    assert 0 == done.returncode, done.stderr
    relay.wait_until(lambda: len(relay.files()) >= len(EXPECTED) + 1, 60)
    records = read_all(project, relay.files())
    found = {
        email: (one.bounces[0].kind, one.bounces[0].enhanced_code) for email, one in records.items() if one.bounces
    }
    assert EXPECTED == found
    assert sorted(HARD) == sorted(email for email, one in records.items() if one.suppression)
    relay.empty()
    done = project.run("send", "danach", "--yes")
    assert 0 == done.returncode, done.stderr
    relay.wait_until(lambda: len(relay.files()) >= len(EXPECTED) - len(HARD) + 1, 60)
    records = read_all(project, relay.files())
    assert {1} == {len(records[email].bounces) for email in HARD}
    assert {"danach"} == {records[email].bounces[-1].mailing for email in EXPECTED if email not in HARD}
    shown = project.run("subscribers", "show", "unbekannt@halde.example")
    assert "hard bounce 5.1.1" in shown.stdout
    assert '"bounced": 12' in project.run("status", "kurz", "--format", "json").stdout
