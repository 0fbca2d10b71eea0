"""The file of secrets: made once, rotated whole, refused when damaged."""

import stat
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes

import pytest

from ruhrmail.errors import RuhrmailError
from ruhrmail.tokens import Keyring, Purpose, Token, load_keyring, rotate_secrets


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / ".ruhrmail"
    first, again = load_keyring((), folder, token_bytes), load_keyring((), folder, token_bytes)
    assert first.derive("x") == again.derive("x")
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_many_at_once_agree_on_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_keyring((), tmp_path / "state", token_bytes), range(24)))
    assert len({ring.derive("x") for ring in rings}) == 1


def test_the_environment_beats_the_file(tmp_path):
    ring = load_keyring(("e" * 32,), tmp_path / "state", token_bytes)
    assert ring.derive("x") == Keyring((b"e" * 32,)).derive("x")
    assert not (tmp_path / "state").exists()


def test_a_new_key_signs_and_the_old_ones_verify(tmp_path):
    token = Token(Purpose.UNSUBSCRIBE, b"12345678", 7)
    before = load_keyring((), tmp_path, token_bytes).sign_link(token)
    rings = [rotate_secrets(tmp_path, token_bytes) for _ in range(3)]
    assert 4 == len(rings[-1].derive("x"))
    now = load_keyring((), tmp_path, token_bytes)
    assert rings[-1].derive("x") == now.derive("x")
    assert before != now.sign_link(token)
    assert [token] * 2 == [now.verify_link(link, Purpose.UNSUBSCRIBE) for link in (before, now.sign_link(token))]
    assert (["secret"], 0o600) == (
        [path.name for path in tmp_path.iterdir()],
        stat.S_IMODE((tmp_path / "secret").stat().st_mode),
    )


@pytest.mark.parametrize("content", [b"", b"kurz\n", b"x" * 40 + b"\nkurz\n", b"\xff" * 40])
def test_a_damaged_secret_is_refused_and_not_shown(tmp_path, content):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(RuhrmailError) as caught:
        load_keyring((), tmp_path, token_bytes)
    assert caught.value.hint is not None
    assert "kurz" not in str(caught.value)
    assert content == (tmp_path / "secret").read_bytes()
