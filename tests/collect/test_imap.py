"""Folders on a real Dovecot: encrypted, in pages, gone on with by UID; and servers that misbehave."""

import os
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import quote

import pytest

from ruhrmail.collect import imap as reading
from ruhrmail.collect.found import LIMIT
from ruhrmail.collect.imap import groups, opened_imap
from ruhrmail.collect.imap_client import folder_name
from ruhrmail.config import Imap
from ruhrmail.config.mailboxes import parse_imap
from ruhrmail.errors import MailboxError, MailboxLost
from tests.servers.delay import delayed
from tests.servers.dovecot import PASSWORD, PLAIN_PASSWORD, USERS, Dovecot, dovecot
from tests.servers.imap_liar import Liar


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        before = os.environ.get("SSL_CERT_FILE")
        os.environ["SSL_CERT_FILE"] = str(server.authority)
        yield server
        os.environ.pop("SSL_CERT_FILE") if before is None else os.environ.update(SSL_CERT_FILE=before)


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """Without mail."""
    running.empty()
    return running


def account(server: Dovecot, folder: str = "INBOX", password: str = PLAIN_PASSWORD) -> Imap:
    text = f"imaps://anna@localhost:{server.tls_port}/{quote(folder)}"
    return replace(parse_imap(text), password=password, variable="RUHRMAIL_BOUNCES_PASSWORD")


def letters(count: int, first: int = 1) -> list[bytes]:
    return [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(first, first + count)]


def number_of(found) -> int:
    return int(found.content.split(b"\r\n")[0].removeprefix(b"Subject: "))


def read(imap: Imap, position=None, drop=lambda number: False, *, delete: bool = False) -> list[int]:
    seen = []
    with opened_imap(imap, delete=delete) as reader:
        for found in reader.read(position or {}):
            seen.append(number_of(found))
            if drop(seen[-1]):
                reader.drop(found)
        reader.settle()
    return seen


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls", "imap"])
def test_every_way_in_reads_the_same(server, scheme):
    server.put(letters(3))
    port = server.tls_port if scheme == "imaps" else server.port
    imap = replace(parse_imap(f"{scheme}://anna@localhost:{port}"), password=PLAIN_PASSWORD)
    assert [1, 2, 3] == read(imap)


def test_letters_beyond_ascii_log_in(server):
    server.put(letters(1), user=USERS[1])
    text = f"imaps://{quote(USERS[1])}@localhost:{server.tls_port}"
    assert [1] == read(replace(parse_imap(text), password=PASSWORD))


def test_a_mailbox_of_several_pages_comes_whole_and_in_order(server):
    server.put(letters(1200))
    assert list(range(1, 1201)) == read(account(server))


def test_reading_goes_on_behind_the_last_uid_although_messages_went(server):
    server.put(letters(700))
    with opened_imap(account(server), delete=False) as reader:
        position = [found.position for found, _ in zip(reader.read({}), range(300), strict=False)][-1]
    assert list(range(301, 701)) == read(account(server), position)
    read(account(server), drop=lambda number: number % 2 == 0, delete=True)
    server.put(letters(1, first=701))
    assert [*range(301, 701, 2), 701] == read(account(server), position)


def test_another_uidvalidity_begins_anew(server):
    server.put(letters(5))
    with opened_imap(account(server), delete=False) as reader:
        *_, last = reader.read({})
    position = {**last.position, "uidvalidity": last.position["uidvalidity"] + 1}
    assert ([], [1, 2, 3, 4, 5]) == (read(account(server), last.position), read(account(server), position))


def test_without_delete_not_even_a_flag_changes(server):
    server.put(letters(2))
    read(account(server), drop=lambda number: True)
    assert 2 == len(server.files())
    assert [] == [path.name for path in (server.maildir() / "cur").iterdir() if "S" in path.name.rpartition(",")[2]]


def test_only_what_was_dropped_is_expunged(server):
    server.put(letters(6))
    with server.session() as other:
        other.select("INBOX")
        other.uid("STORE", "6", "+FLAGS", r"(\Deleted)")  # somebody else's mark
    read(account(server), drop=lambda number: number in (2, 3), delete=True)
    assert letters(1) + letters(3, first=4) == sorted(server.files())


def test_without_uidplus_nothing_of_others_is_expunged(server, monkeypatch):
    server.put(letters(4))
    with server.session() as other:
        other.select("INBOX")
        other.uid("STORE", "4", "+FLAGS", r"(\Deleted)")
    with opened_imap(account(server), delete=True) as reader:
        client = reader._client
        client.capabilities = tuple(one for one in client.capabilities if one != "UIDPLUS")
        for found in reader.read({}):
            if number_of(found) == 1:
                reader.drop(found)
    assert 4 == len(server.files())
    with server.session() as other:
        other.select("INBOX")
        other.uid("STORE", "4", "-FLAGS", r"(\Deleted)")
    with opened_imap(account(server), delete=True) as reader:
        reader._client.capabilities = ("IMAP4REV1",)
        for found in reader.read({}):
            if number_of(found) == 1:
                reader.drop(found)
    assert letters(3, first=2) == sorted(server.files())


def test_of_a_huge_message_only_the_front_is_fetched(server):
    server.put([b"Subject: 1\r\n\r\n" + b"x\r\n" * LIMIT, *letters(1, first=2)])
    with opened_imap(account(server), delete=False) as reader:
        first, second = reader.read({})
    assert (LIMIT, 2) == (len(first.content), number_of(second))


def test_messages_that_vanish_while_it_is_read_are_left_out(server, monkeypatch):
    monkeypatch.setattr(reading, "TOGETHER", 2)
    server.put(letters(8))
    seen = []
    with opened_imap(account(server), delete=False) as reader:
        for found in reader.read({}):
            seen.append(number_of(found))
            if seen == [1, 2]:
                with server.session() as other:
                    other.select("INBOX")
                    other.uid("STORE", "5:6", "+FLAGS", r"(\Deleted)")
                    other.expunge()
    assert [1, 2, 3, 4, 7, 8] == seen


def test_a_folder_with_umlauts_is_found(server):
    with server.session() as other:
        other.create(folder_name("Rückläufer & Co"))
        other.append(folder_name("Rückläufer & Co"), None, None, letters(1)[0])
    assert [1] == read(account(server, "Rückläufer & Co"))


def test_a_missing_folder_is_named(server):
    with pytest.raises(MailboxError) as caught:
        read(account(server, "Nirgends"))
    assert "Nirgends" in str(caught.value)


def test_a_refused_login_is_told_without_the_password(server):
    with pytest.raises(MailboxError) as caught:
        read(account(server, password="fa1sch"))
    error = caught.value
    assert not isinstance(error, MailboxLost)
    assert "RUHRMAIL_BOUNCES_PASSWORD" in str(error.hint)
    assert "fa1sch" not in f"{error} {error.hint} {error.__cause__} {error.__context__!r}"


def test_without_a_password_nobody_is_asked(server):
    with pytest.raises(MailboxError) as caught:
        read(account(server, password=""))
    assert "RUHRMAIL_BOUNCES_PASSWORD" in str(caught.value.hint)


def test_a_certificate_nobody_vouches_for_is_refused(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxError) as caught:
        read(account(server))
    assert isinstance(caught.value.__cause__, ssl.SSLCertVerificationError)
    for scheme in ("imaps", "imap+starttls"):  # a name that is not in the certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        port = server.tls_port if scheme == "imaps" else server.port
        with pytest.raises(MailboxError):
            read(replace(parse_imap(f"{scheme}://anna@127.0.0.1:{port}"), password=PLAIN_PASSWORD))


def test_a_server_that_is_not_there_is_named(server):
    with pytest.raises(MailboxLost) as caught:
        read(replace(parse_imap("imap://anna@127.0.0.1:9"), password="x"))
    assert "imap://127.0.0.1:9/INBOX" in str(caught.value)


def test_a_server_that_goes_away_in_the_middle_is_told_as_lost(server):
    server.put(letters(600))
    with ExitStack() as line:
        port = line.enter_context(delayed(server.port))
        imap = replace(parse_imap(f"imap://anna@127.0.0.1:{port}"), password=PLAIN_PASSWORD)
        with pytest.raises(MailboxLost), opened_imap(imap, delete=False) as reader:
            for found in reader.read({}):
                if number_of(found) == 10:
                    line.close()


LIES = {
    "silent": "no answer in time",
    "garbage": "connection to",
    "huge": "more than it was asked for",
    "heaps": "more than it was asked for",
    "bye": "connection to",
    "no-starttls": "TLS not supported",
    "endless": "1000000 bytes",
    "babbling": "more than it was asked for",
    "renumbering": "numbers its messages anew",
}


@pytest.mark.parametrize(("lie", "told"), LIES.items(), ids=LIES)
def test_a_server_that_lies_is_told_in_bounded_time_and_memory(lie, told, monkeypatch):
    monkeypatch.setattr("ruhrmail.collect.imap_client.TIMEOUT", 5 if lie == "babbling" else 0.5)
    with Liar(lie).running() as port, pytest.raises(MailboxError, match=told):
        scheme = "imap+starttls" if lie == "no-starttls" else "imap"
        read(replace(parse_imap(f"{scheme}://anna@127.0.0.1:{port}"), password="geheim"))


def test_a_server_that_repeats_the_password_does_not_make_us_show_it():
    with Liar("echo").running() as port, pytest.raises(MailboxError, match=r"not right: \"\*\*\*\"") as caught:
        read(replace(parse_imap(f"imap://anna@127.0.0.1:{port}"), password="geheim"))
    assert "geheim" not in str(caught.value)


def test_without_starttls_no_password_leaves():
    liar = Liar("no-starttls")
    with liar.running() as port, pytest.raises(MailboxError):
        read(replace(parse_imap(f"imap+starttls://anna@127.0.0.1:{port}"), password="geheim"))
    assert b"geheim" not in liar.heard


def test_what_is_fetched_together_stays_small():
    page = [(1, 10), (2, 10 * LIMIT), (3, LIMIT), (4, 10), *((number, 1) for number in range(5, 120))]
    made = list(groups(page))
    assert list(range(1, 120)) == [uid for group in made for uid in group]
    assert [[1, 2], [3, 4, *range(5, 53)]] == made[:2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("INBOX", '"INBOX"'), ("Rück", '"R&APw-ck"'), ("A&B", '"A&-B"'), ('a"b\\', '"a\\"b\\\\"'), ("日本", '"&ZeVnLA-"')],
)
def test_names_of_folders_are_written_in_modified_utf7(name, expected):
    assert expected == folder_name(name)
