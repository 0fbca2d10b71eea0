"""listmonk's JSON, a subscriber at a time."""

import json

import pytest

from ruhrmail.migrate import BrokenJson, ObjectFile, objects
from tests.migrate.samples import answer, on_list, subscriber

THREE = [subscriber(f"leser{number}@halde.example", on_list("Ruhr", "confirmed")) for number in range(3)]


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "listmonk.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(ObjectFile(path).objects())

    return read


@pytest.mark.parametrize("indent", [None, 4])
def test_every_subscriber_is_read_whatever_the_spaces(read, indent):
    assert THREE == [one.value for one in read(answer(*THREE, indent=indent))]


def test_a_subscriber_beyond_a_piece_is_read_whole(read, monkeypatch):
    monkeypatch.setattr(objects, "CHUNK", 100)
    assert THREE == [one.value for one in read(answer(*THREE))]


def test_a_place_is_where_the_object_begins(read):
    text = answer(*THREE, indent=1)
    for one in read(text):
        assert text.splitlines()[one.line - 1][one.column - 1 :].startswith("{")


def test_a_profile_is_one_subscriber_with_its_subscriptions_as_lists(read):
    profile = {"profile": [{"email": "ada@halde.example", "status": "enabled"}], "subscriptions": [{"name": "Ruhr"}]}
    [one] = read(json.dumps(profile))
    assert ("ada@halde.example", [{"name": "Ruhr"}]) == (one.value["email"], one.value["lists"])


def test_an_answer_says_how_many_there_are(tmp_path):
    path = tmp_path / "listmonk.json"
    path.write_text(answer(*THREE, indent=2), encoding="utf-8")
    assert 3 == ObjectFile(path).total()


def test_nobody_is_an_empty_answer(read):
    assert [] == read(answer())


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"data": {"results": [{"email": ',
        '{"data": {"results": [1]}}',
        answer(*THREE)[:-90],
        b'{"results": [{"\xff',
    ],
)
def test_what_is_not_whole_says_where_it_breaks_off(read, text):
    with pytest.raises(BrokenJson):
        read(text)


def test_characters_that_no_list_can_hold_are_taken_out_but_never_out_of_an_address(read):
    odd = subscriber("a\0da@halde.example", name="A\0d\ud800a", attribs={"or\0t": ["Es\x9fsen", {"a": "\udfff"}]})
    [found] = read(answer(odd))
    assert ("Ada", {"ort": ["Essen", {"a": ""}]}) == (found.value["name"], found.value["attribs"])
    assert "a\N{REPLACEMENT CHARACTER}da@halde.example" == found.value["email"]
