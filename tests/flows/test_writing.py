"""The writer of a mailing: what a message says of its recipient, and the same from every thread."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from secrets import token_bytes

import dkim
import pytest

from ruhrmail.compose.keys import make_key, read_key, record_of
from ruhrmail.config import load_config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.mailing import draft_mailing
from ruhrmail.flows.writing import Writer, writer_of
from ruhrmail.model.ledger import Claim
from ruhrmail.model.location import Location
from ruhrmail.model.people import Person, Recipient
from ruhrmail.store import Mailing, Store, begin_mailing, message_id, open_store
from ruhrmail.tokens import Keyring, Purpose, Token
from tests.stories.project import small_project

RING = Keyring((b"r" * 40,))
MACHINE = Machine(lambda: datetime(2026, 11, 6, 9, 30, tzinfo=UTC), token_bytes, "host.example", 1, cores=3)
KEYS = {f"RUHRMAIL_DKIM_{kind.upper()}": make_key(kind).decode() for kind in ("rsa", "ed25519")}
BOTH = "dkim: [{domain: kurzbrief.example, selector: rsa}, {domain: kurzbrief.example, selector: ed25519}]\n"
CLAIMS = [
    Claim(
        number, "t", Recipient(number, number.to_bytes(8, "big"), Person(f"l{number}@x.example", "", "Herr", "", name))
    )
    for number, name in enumerate(("Käthe", "Jürgen", "", ".", "Erika") * 8)
]


@contextmanager
def writing(
    folder: Path, settings: str = "", environ: dict[str, str] | None = None
) -> Iterator[tuple[Writer, Store, Mailing]]:
    """The writer of a small mailing."""
    small_project(folder)
    file = folder / "ruhrmail.yaml"
    text = re.sub("(?m)^delivery:.*\n", "", file.read_text(encoding="utf-8"))
    file.write_text(text + settings, encoding="utf-8")
    config = load_config(folder, environ or {})
    with open_store(config.store, now=MACHINE.now(), randomness=token_bytes) as store:
        draft = draft_mailing(config, "kurz", "relay", MACHINE)
        mailing = begin_mailing(store, draft.new, draft.messages, MACHINE.now())
        yield writer_of(config, store, mailing, RING, MACHINE), store, mailing


TOPICS = "topics: {kultur: Kultur}\n"
PREFERENCES = re.compile(r"https://kurzbrief\.example/preferences/([A-Za-z0-9_-]{44})")


def test_each_recipient_gets_a_link_of_their_own_to_the_topics(tmp_path):
    with writing(tmp_path, TOPICS) as (writer, store, mailing):
        for claim in CLAIMS[:5]:
            message = message_from_bytes(writer.write(claim).content, policy=policy.default)
            parts = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
            found = {link for part in parts for link in PREFERENCES.findall(part)}
            list_ = bytes.fromhex(store.id)[:3]
            token = Token(Purpose.PREFERENCES, claim.recipient.token_id, mailing.id, list_)
            assert [token] == [RING.verify_link(link, Purpose.PREFERENCES) for link in found]
            assert [1, 1] == [len(PREFERENCES.findall(part)) for part in parts]


def test_without_topics_there_is_no_such_link(tmp_path):
    with writing(tmp_path) as (writer, _, _):
        assert b"/preferences/" not in writer.write(CLAIMS[0]).content


def test_tokens_and_message_id_are_the_recipients(tmp_path):
    with writing(tmp_path) as (writer, store, mailing):
        for claim in CLAIMS[:5]:
            message, subscriber = writer.write(claim), claim.recipient.token_id
            found = message_from_bytes(message.content, policy=policy.default)
            link = re.search(r"/u/([^>]+)", found["List-Unsubscribe"])
            expected = Token(Purpose.UNSUBSCRIBE, subscriber, mailing.id, bytes.fromhex(store.id)[:3])
            assert link and expected == RING.verify_link(link[1], Purpose.UNSUBSCRIBE)
            returned = replace(expected, purpose=Purpose.RETURN)
            assert returned == RING.verify_address(message.envelope.sender)
            name = message_id(store.id, mailing.id, subscriber, mailing.domain)
            assert [name, name] == [message.message_id, found["Message-ID"]]
            assert claim.recipient.person.email == message.envelope.recipient


def test_a_plain_return_path_is_the_senders(tmp_path):
    with writing(tmp_path, "delivery: {return_path: plain}\n") as (writer, _, _):
        assert "post@kurzbrief.example" == writer.write(CLAIMS[0]).envelope.sender


def test_without_signatures_no_thread_is_worth_it(tmp_path):
    with writing(tmp_path) as (writer, _, _):
        assert 0 == writer.threads
        assert b"DKIM-Signature" not in writer.write(CLAIMS[0]).content


def test_several_threads_write_what_one_does(tmp_path):
    """Both algorithms give the same signature each time, so the messages are the same byte for byte."""
    with writing(tmp_path, BOTH, KEYS) as (writer, _, _), ThreadPoolExecutor(4) as pool:
        assert 3 == writer.threads
        assert [writer.write(claim) for claim in CLAIMS] == list(pool.map(writer.write, CLAIMS))


def test_what_is_written_verifies(tmp_path):
    place = Location("x")
    zone = {
        f"{kind}._domainkey.kurzbrief.example.".encode(): record_of(
            read_key(KEYS[f"RUHRMAIL_DKIM_{kind.upper()}"].encode(), place)
        ).encode()
        for kind in ("rsa", "ed25519")
    }
    with writing(tmp_path, BOTH, KEYS) as (writer, _, _):
        for claim in CLAIMS[:5]:
            message = dkim.DKIM(writer.write(claim).content)
            assert [True, True] == [message.verify(one, lambda name, timeout=5: zone[name]) for one in (0, 1)]


def test_a_missing_key_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(InvalidInput, match="no key for the DKIM selector rsa"), writing(tmp_path, BOTH):
        pass


def test_this_machine_has_a_processor():
    assert 1 <= this_machine().cores
