"""Mailboxes, seed addresses and web hooks in settings and environment: right ones are read, secrets never shown."""

import pytest

from ruhrmail.config import Imap, Mailbox, parse_mailbox
from tests.config.test_load import config, refused

KEY = "key-0123456789abcdef"


def bounces(tmp_path, line: str, **environ: str):
    return config(tmp_path, f"bounces:\n  - {line}\n", **environ).bounces


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("imaps://u@mail.example", Imap("mail.example", 993, "tls", "u")),
        ("imaps://u%40x.example@mail.example/", Imap("mail.example", 993, "tls", "u@x.example")),
        ("imaps://u@x.example@mail.example/Post", Imap("mail.example", 993, "tls", "u@x.example", "Post")),
        ("imap://u@mail.example:1143/R%C3%BCck", Imap("mail.example", 1143, "starttls", "u", "Rück")),
        ("imap+starttls://u@localhost/A/B", Imap("localhost", 143, "starttls", "u", "A/B")),
        ("imap://u@127.0.0.1:10143", Imap("127.0.0.1", 10143, "plain", "u")),
        ("imap://u@localhost", Imap("localhost", 143, "plain", "u")),
    ],
)
def test_an_address_says_server_user_folder_and_encryption(tmp_path, written, expected):
    assert expected == parse_mailbox(written, tmp_path).imap


def test_a_path_counts_from_the_project(tmp_path):
    (found,) = bounces(tmp_path, "{source: post/rueck, every: 30s, delete: true}")
    assert Mailbox("post/rueck", tmp_path / "post/rueck", None, 30, True) == found


def test_a_hyphen_is_standard_input(tmp_path):
    (found,) = bounces(tmp_path, '{source: "-"}')
    assert ("-", None, None) == (found.name, found.path, found.imap)


def test_a_password_comes_from_the_environment_by_the_name_of_the_mailbox(tmp_path):
    line = "{source: 'imaps://u@mail.example', name: rueck}"
    (found,) = bounces(tmp_path, line, RUHRMAIL_BOUNCES_RUECK_PASSWORD="geheim", RUHRMAIL_BOUNCES_PASSWORD="anderes")
    assert ("geheim", "") == (found.imap.password, found.imap.token)
    (bare,) = bounces(tmp_path, "{source: 'imaps://u@mail.example'}", RUHRMAIL_BOUNCES_TOKEN=" t ")
    assert ("", "t") == (bare.imap.password, bare.imap.token)


def test_neither_user_nor_password_is_in_the_name_of_a_mailbox(tmp_path):
    (found,) = bounces(tmp_path, "{source: 'imaps://anna@mail.example'}", RUHRMAIL_BOUNCES_PASSWORD="geheim")
    assert "imaps://mail.example:993/INBOX" == found.name
    assert not any(word in text for word in ("anna", "geheim") for text in (found.name, found.key))
    assert "geheim" not in repr(found)


def test_mailboxes_of_two_users_on_one_server_are_two(tmp_path):
    first, second = (parse_mailbox(f"imaps://{user}@mail.example", tmp_path) for user in ("anna", "bert"))
    assert first.key != second.key


def test_a_password_in_the_file_is_refused_and_not_shown(tmp_path):
    (found,) = refused(tmp_path, "bounces:\n  - {source: 'imaps://anna:geheim@mail.example'}\n")
    assert ("config/secret", 7) == (found.rule, found.at.line)
    assert "geheim" not in f"{found.message} {found.hint} {found.at.excerpt}"


@pytest.mark.parametrize(
    "source",
    ["imaps://mail.example", "imaps://u@", "imaps://u@mail.example:0", "imaps://u@mail.example:99999",
     "pop3://u@mail.example", "imaps://u@mail.example/a?b", "imaps://u@mail.example/a%0d%0ab", "imaps://u@[::1"],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused_at_its_line(tmp_path, source):
    (found,) = refused(tmp_path, f"bounces:\n  - {{source: '{source}'}}\n")
    assert ("config/mailbox", 7) == (found.rule, found.at.line)
    assert found.hint


@pytest.mark.parametrize(
    "lines",
    ["[{source: a}, {source: a}]", "[{source: a, name: eins}, {source: b, name: EINS}]",
     "[{source: 'imaps://u@m.example'}, {source: 'imaps://u@m.example/INBOX'}]"],
)  # fmt: skip
def test_a_mailbox_stands_there_once(tmp_path, lines):
    (found,) = refused(tmp_path, f"bounces: {lines}\n")
    assert "config/mailbox" == found.rule


def test_password_and_token_at_once_are_refused(tmp_path):
    line = "bounces:\n  - {source: 'imaps://u@mail.example'}\n"
    (found,) = refused(tmp_path, line, RUHRMAIL_BOUNCES_PASSWORD="geheim", RUHRMAIL_BOUNCES_TOKEN="auch")
    assert ("config/mailbox", "RUHRMAIL_BOUNCES_TOKEN") == (found.rule, found.at.file)


def test_seeds_have_an_address_and_a_mailbox_on_a_server(tmp_path):
    more = "seeds:\n  - {name: gmx, address: probe@gmx.example, imap: 'imaps://probe@imap.gmx.example'}\n"
    (found,) = config(tmp_path, more, RUHRMAIL_SEEDS_GMX_PASSWORD="geheim").seeds
    assert ("gmx", "probe@gmx.example", "imap.gmx.example", "geheim") == (
        found.name, found.address, found.imap.host, found.imap.password,
    )  # fmt: skip
    (refusal,) = refused(tmp_path, "seeds:\n  - {address: probe@gmx.example, imap: maildir}\n")
    assert "config/mailbox" == refusal.rule


def test_web_hooks_are_let_in_by_the_environment_alone(tmp_path):
    topic = "arn:aws:sns:eu-central-1:123456789012:rueck"
    read = config(tmp_path, RUHRMAIL_HOOK_MAILGUN=KEY, RUHRMAIL_HOOK_SES=f"{topic} {topic}-2")
    assert {"mailgun": KEY, "ses": f"{topic} {topic}-2"} == read.hooks
    assert KEY not in repr(read)


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAILGUN", "kurz"), ("POSTMARK", "nur-ein-langes-wort"), ("POSTMARK", "u:kurz"), ("SENDGRID", "kein base64!"),
     ("SES", "arn:aws:sqs:eu-central-1:123456789012:rueck"), ("SES", "https://sns.example")],
)  # fmt: skip
def test_what_cannot_be_the_key_of_a_hook_is_refused_and_not_shown(tmp_path, name, value):
    (found,) = refused(tmp_path, **{f"RUHRMAIL_HOOK_{name}": value})
    assert ("config/hook", f"RUHRMAIL_HOOK_{name}") == (found.rule, found.at.file)
    assert value not in f"{found.message} {found.hint}"
