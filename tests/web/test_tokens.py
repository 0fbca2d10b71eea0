"""`/u/TOKEN` against whoever would like another key to fit: only the token itself opens, however its URL is written."""

import base64
import socket
import string
from secrets import token_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.flows.machine import this_machine
from ruhrmail.store import people, unsuppress_by_hand
from ruhrmail.tokens import Keyring, Purpose, Token, rotate_secrets
from tests.web.real import published

CAREFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BASE64URL = string.ascii_letters + string.digits + "-_"
EVERYBODY = {f"leser{number}@liste{number}.example" for number in range(3)}
TURNED_AWAY = (400, 404, 431)


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    with published(tmp_path_factory.mktemp("tokens") / "project") as found:
        yield found


@pytest.fixture(scope="module")
def reader(paper):
    return next(iter(people(paper.store)))


@pytest.fixture(scope="module")
def link(paper, reader):
    return paper.link_of(reader.token_id)


def post(paper, target, method="POST"):
    """Sends a path byte for byte as it is; the status of the answer."""
    head = f"{method} ".encode() + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", paper.port), timeout=60) as connection:
        connection.sendall(head + b"Content-Length: 0\r\n\r\n")
        return int(connection.recv(4096).split()[1])


def refused(paper, token):
    """Whether a text in the token's place is turned away, whoever asks, and nobody leaves."""
    found = {post(paper, b"/u/" + token, method) for method in ("POST", "GET")}
    return found <= set(TURNED_AWAY) and paper.on_the_list() == EVERYBODY


@CAREFUL
@given(place=st.integers(0, 43), letter=st.sampled_from(BASE64URL))
def test_another_letter_anywhere_opens_nothing(paper, link, place, letter):
    forged = link[:place] + letter + link[place + 1 :]
    assert forged == link or refused(paper, forged.encode())


@CAREFUL
@given(length=st.integers(0, 43))
def test_a_part_of_a_token_opens_nothing(paper, link, length):
    assert refused(paper, link[:length].encode())
    assert refused(paper, link[44 - length :].encode())


@CAREFUL
@given(more=st.text(BASE64URL + "=.~!$&'()*+,;:@", min_size=1, max_size=200), before=st.booleans())
def test_a_token_with_something_besides_opens_nothing(paper, link, more, before):
    assert refused(paper, (more + link if before else link + more).encode())


PADDING = [
    "=",
    "==",
    "%3D",
    "%3d%3D",
    "%0A",
    "%0D%0A",
    "%00",
    "%20",
    "+",
    "%09",
    "/",
    "//",
    "/..",
    "%2F",
    ";x",
    "%C2%A0",
]


@pytest.mark.parametrize("trick", PADDING)
def test_padding_opens_nothing(paper, link, trick):
    for token in (link + trick, trick + link, link[:20] + trick + link[20:]):
        assert refused(paper, token.encode())


@pytest.mark.parametrize("change", [str.lower, str.upper, str.swapcase])
def test_another_letter_case_opens_nothing(paper, link, change):
    assert refused(paper, change(link).encode())


@pytest.mark.parametrize(("digit", "script"), [("0", "\u0660"), ("1", "\uff11"), ("a", "\uff41"), ("s", "\u017f")])
def test_letters_and_digits_of_other_scripts_open_nothing(paper, link, digit, script):
    place = next((at for at, letter in enumerate(link.lower()) if letter == digit), 0)
    forged = link[:place] + script + link[place + 1 :]
    written = "".join(f"%{byte:02X}" for byte in script.encode())
    assert refused(paper, forged.encode())
    assert refused(paper, (link[:place] + written + link[place + 1 :]).encode())


@CAREFUL
@given(st.binary(min_size=33, max_size=33))
def test_chance_opens_nothing(paper, raw):
    assert refused(paper, base64.urlsafe_b64encode(raw))


@CAREFUL
@given(st.sampled_from([one for one in Purpose if one is not Purpose.UNSUBSCRIBE]), st.integers(0, 2**32 - 1))
def test_a_token_of_another_purpose_opens_nothing(paper, reader, purpose, mailing):
    assert refused(paper, paper.link_of(reader.token_id, purpose, mailing).encode())


@CAREFUL
@given(st.binary(min_size=3, max_size=3), st.binary(min_size=32, max_size=60))
def test_another_lists_token_and_another_secrets_token_open_nothing(paper, reader, list_, secret):
    ours = bytes.fromhex(paper.store.id)[:3]
    elsewhere = paper.keyring.sign_link(Token(Purpose.UNSUBSCRIBE, reader.token_id, 1, list_))
    assert list_ == ours or refused(paper, elsewhere.encode())
    foreign = Keyring((secret,)).sign_link(Token(Purpose.UNSUBSCRIBE, reader.token_id, 1, ours))
    assert refused(paper, foreign.encode())


@CAREFUL
@given(encoded=st.sets(st.integers(0, 43)), lower=st.booleans())
def test_the_token_opens_however_its_url_is_written(paper, link, reader, encoded, lower):
    """Percent-encoded letters are the same letters (RFC 3986 section 6.2.2.2)."""
    form = "%{:02x}" if lower else "%{:02X}"
    written = "".join(form.format(ord(each)) if at in encoded else each for at, each in enumerate(link))
    assert 200 == post(paper, f"/u/{written}".encode())
    assert reader.person.key not in paper.on_the_list()
    unsuppress_by_hand(paper.store, reader.person.key, "for the next example", this_machine().now())
    assert EVERYBODY == paper.on_the_list()


def test_tokens_of_every_age_open_after_rotations_without_a_restart(paper):
    """The service runs on; `/healthz` names the new key, and the first token is as good as the last."""
    with paper.client() as client:
        keys, links = [client.get("/healthz").json()["keys"]], []
        for one in list(people(paper.store)):
            links.append(paper.link_of(one.token_id))
            rotate_secrets(paper.config.state_folder, token_bytes)
            keys.append(client.get("/healthz").json()["keys"])
        assert [1, 2, 3, 4] == [len(each) for each in keys]
        assert keys[-1][0] == paper.keyring.key_ids[0]
        assert [200] * 3 == [client.post(f"/u/{each}").status_code for each in links]
    assert set() == paper.on_the_list()
