"""The domain name system, asked through a server that lies."""

import asyncio

import pytest

from ruhrmail.names import Answer, Names
from tests.servers.names import NameServer

ZONE = {
    "halle.example": ["A 192.0.2.1", "A 192.0.2.2", "MX 20 zwei.example.", "MX 10 eins.example.", 'TXT "eins " "zwei"'],
    "stumm.example": ["MX 0 ."],
    "alias.example": ["CNAME noch.example."],
    "noch.example": ["CNAME halle.example."],
    "kreis.example": ["CNAME kehre.example."],
    "kehre.example": ["CNAME kreis.example."],
    "ins-leere.example": ["CNAME weg.example."],
    "lang.example": [f'TXT "{"a" * 250}"'] * 1 + [f'TXT "{number} {"b" * 240}"' for number in range(8)],
    "lateinisch.example": ['TXT "gr\\252n"'],
}
FAULTS = {"kaputt.example": "servfail", "zu.example": "refused", "lang.example": "truncated", "wirr.example": "garbage",
          "falsch.example": "other-id", "leise.example": "silent"}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with NameServer(zone=dict(ZONE), faults=FAULTS).running() as running:
        yield running


def ask(server, name, kind, patience=2.0):
    return asyncio.run(Names(("127.0.0.1", server.port), patience).ask(name, kind))


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("halle.example", "A", Answer("found", ("192.0.2.1", "192.0.2.2"))),
        ("HALLE.example.", "MX", Answer("found", ("eins.example", "zwei.example"))),
        ("halle.example", "TXT", Answer("found", ("eins zwei",))),
        ("halle.example", "AAAA", Answer("nothing")),
        ("stumm.example", "MX", Answer("found", ("",))),
        ("alias.example", "A", Answer("found", ("192.0.2.1", "192.0.2.2"))),
        ("weg.example", "A", Answer("no-name")),
        ("ins-leere.example", "A", Answer("no-name")),
        ("lateinisch.example", "TXT", Answer("found", ("gr\ufffdn",))),
        ("kaputt.example", "A", Answer("failed", reason="refused")),
        ("zu.example", "MX", Answer("failed", reason="refused")),
        ("a..b", "A", Answer("no-name")),
        ("a" * 64 + ".example", "A", Answer("no-name")),
        (".".join(["abcdefgh"] * 40), "A", Answer("no-name")),
    ],
)
def test_an_answer_is_what_the_server_says(server, name, kind, expected):
    found = ask(server, name, kind)
    assert expected == Answer(found.state, tuple(sorted(found.values)) if kind == "A" else found.values, found.reason)


@pytest.mark.parametrize("name", ["leise.example", "wirr.example", "falsch.example", "kreis.example"])
def test_no_proper_answer_is_a_failure_in_time(server, name):
    assert "failed" == ask(server, name, "A", 0.4).state


def test_an_answer_cut_off_is_asked_for_again_over_tcp(server):
    assert 9 == len(ask(server, "lang.example", "TXT").values)
    assert ["udp", "tcp"] == [over for name, _, over in server.asked if name == "lang.example"]


def test_a_server_that_is_not_there_gives_no_answer():
    with NameServer().running() as gone:
        pass
    assert "failed" == ask(gone, "halle.example", "A", 0.4).state


def test_every_question_is_asked_anew(server):
    before = len(server.asked)
    ask(server, "halle.example", "MX")
    ask(server, "halle.example", "MX")
    assert 2 == len(server.asked) - before
