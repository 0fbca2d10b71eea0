"""Keys of a running service: a rotation reaches it, and no accident with the file stops it."""

import threading
from itertools import count
from pathlib import Path
from secrets import token_bytes

import pytest

from ruhrmail.config import load_config
from ruhrmail.flows.keyring import LiveKeyring, open_keyring
from ruhrmail.flows.machine import this_machine
from ruhrmail.tokens import Keyring, Purpose, Token, rotate_secrets
from tests.stories.project import small_project

TOKEN = Token(Purpose.UNSUBSCRIBE, b"12345678", 7)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".ruhrmail"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def ring(tmp_path: Path, said: list[str]) -> Keyring:
    small_project(tmp_path / "project")
    config = load_config(tmp_path / "project", {})
    return open_keyring(config, this_machine(), lambda phrase: said.append(str(phrase)))


def test_a_rotation_while_it_runs_changes_who_signs_and_kills_no_link(ring, state, said):
    links = [ring.sign_link(TOKEN)]
    for _ in range(3):
        fresh = rotate_secrets(state, token_bytes)
        links.append(fresh.sign_link(TOKEN))
        assert [TOKEN] * len(links) == [ring.verify_link(link, Purpose.UNSUBSCRIBE) for link in links]
        assert links[-1] == ring.sign_link(TOKEN)
        assert (fresh.key_ids, fresh.derive("forms")) == (ring.key_ids, ring.derive("forms"))
    assert 4 == len(set(links))
    assert [] == said


def test_a_secret_taken_out_by_hand_verifies_no_more_a_second_later(ring, state):
    now = [100.0]
    ring = LiveKeyring(state / "secret", [].append, lambda: now[0])
    old = ring.sign_link(TOKEN)
    secrets = (state / "secret").read_text(encoding="ascii")
    rotate_secrets(state, token_bytes)
    assert TOKEN == ring.verify_link(old, Purpose.UNSUBSCRIBE)
    rest = (state / "secret").read_text(encoding="ascii").replace(secrets, "")
    (state / "secret").write_text(rest, encoding="ascii")
    now[0] += 1.1
    assert ring.verify_link(old, Purpose.UNSUBSCRIBE) is None


def test_a_link_of_a_new_key_counts_though_another_thread_was_first_to_read_the_file(state, ring):
    """Between this thread's trial with the old keys and its look at the file the other one reads it."""
    asked = count(1)

    def clock():
        """Asked when the ring is made, before the trial, and while this thread looks."""
        if next(asked) == 3:
            other = threading.Thread(target=lambda: ring.key_ids)
            other.start()
            other.join()
        return 0.0

    ring = LiveKeyring(state / "secret", [].append, clock)
    link = rotate_secrets(state, token_bytes).sign_link(TOKEN)
    assert TOKEN == ring.verify_link(link, Purpose.UNSUBSCRIBE)


@pytest.mark.parametrize("content", [None, b"", b"short\n", b"\xff" * 50])
def test_an_accident_with_the_file_is_told_once_and_the_keys_go_on(ring, state, said, content):
    link, secret = ring.sign_link(TOKEN), (state / "secret").read_bytes()
    (state / "secret").unlink()
    if content is not None:
        (state / "secret").write_bytes(content)
    for _ in range(3):
        assert link == ring.sign_link(TOKEN)
        assert TOKEN == ring.verify_link(link, Purpose.UNSUBSCRIBE)
    assert [True] == [one.startswith(".ruhrmail/secret: ") for one in said]
    assert "short\n" not in said[0] and secret.decode().strip() not in said[0]
    (state / "secret").write_bytes(secret)
    assert link == ring.sign_link(TOKEN)
    rotate_secrets(state, token_bytes)
    assert link != ring.sign_link(TOKEN)
    assert 1 == len(said)


def test_secrets_of_the_environment_are_fixed(tmp_path):
    small_project(tmp_path / "project")
    config = load_config(tmp_path / "project", {"RUHRMAIL_SECRET": "e" * 40})
    ring = open_keyring(config, this_machine())
    (tmp_path / "project" / ".ruhrmail").mkdir(exist_ok=True)
    (tmp_path / "project" / ".ruhrmail" / "secret").write_bytes(b"f" * 40)
    assert Keyring((b"e" * 40,)).key_ids == ring.key_ids
