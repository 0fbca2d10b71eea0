"""A person's own pages: what they show, what they save, and what they do not take."""

import contextlib
import re
import sqlite3
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PAGE = "/preferences/lea"
CHOICES = {"form": "choices", "topic.wirtschaft": "yes", "language": "de"}
ADDRESS = {"form": "address", "email": "neu@halde.example"}


@pytest.fixture
def client(service):
    with service.client() as client:
        yield client


def ticked(text):
    return re.findall(r'name="topic\.(\w+)" value="yes" checked', text)


def test_the_page_shows_whose_it_is_and_what_they_have(client):
    answer = client.get(PAGE)
    assert (200, "no-store", "noindex, nofollow") == (
        answer.status_code, answer.headers["cache-control"], answer.headers["x-robots-tag"],
    )  # fmt: skip
    assert "l…@newsletter.example" in answer.text and "<Gründung>" not in answer.text
    assert ("Bühnen und Museen" in answer.text, ["kultur"]) == (True, ticked(answer.text))
    assert 'value="de" checked' in answer.text and 'href="/u/lea"' in answer.text
    assert "set-cookie" not in answer.headers


def test_the_page_is_in_the_persons_language(client):
    answer = client.get("/preferences/crowd1")
    assert '<html lang="en">' in answer.text and "What you get from" in answer.text


def test_what_is_saved_is_there_at_once_and_a_reload_sends_nothing(service, client):
    answer = client.post(PAGE, data=CHOICES)
    assert (303, f"{PAGE}?done=choices") == (answer.status_code, answer.headers["location"])
    assert [("lea", "wirtschaft", "de")] == service.chosen()
    shown = client.get(answer.headers["location"]).text
    assert ("Gespeichert." in shown, ["wirtschaft"]) == (True, ticked(shown))
    assert 1 == len(service.chosen())


def test_no_box_ticked_is_a_choice_too(service, client):
    assert 303 == client.post(PAGE, data={"form": "choices"}).status_code
    assert [("lea", "", "")] == service.chosen()


def test_a_multipart_form_is_the_same(service, client):
    assert 303 == client.post(PAGE, files={name: (None, value) for name, value in CHOICES.items()}).status_code
    assert [("lea", "wirtschaft", "de")] == service.chosen()


def test_a_new_address_is_taken_and_the_page_says_what_comes_next(service, client):
    answer = client.post(PAGE, data=ADDRESS)
    assert (303, f"{PAGE}?done=address") == (answer.status_code, answer.headers["location"])
    assert [("lea", "neu@halde.example")] == service.wished()
    assert "Sehen Sie jetzt in das Postfach" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(("entered", "why"), [("neu.halde.example", "das @ fehlt"), ("  ", "das Feld ist leer")])
def test_what_is_no_address_is_said_at_the_field(service, client, entered, why):
    answer = client.post(PAGE, data=ADDRESS | {"email": entered})
    assert (200, []) == (answer.status_code, service.wished())
    assert why in answer.text and 'aria-invalid="true"' in answer.text and 'aria-describedby="reason ' in answer.text
    assert "<title>Fehler:" in answer.text


def test_who_left_is_told_so_and_nothing_is_saved(service, client):
    client.post("/u/lea")
    for answer in (client.get(PAGE), client.post(PAGE, data=CHOICES), client.post(PAGE, data=ADDRESS)):
        assert (200, True) == (answer.status_code, "Sie stehen nicht mehr auf der Liste" in answer.text)
        assert 'href="/subscribe"' in answer.text and "<form" not in answer.text
    assert ([], []) == (service.chosen(), service.wished())


@pytest.mark.parametrize("token", ["nobody", "l%20a", "x" * 300])
@pytest.mark.parametrize("path", ["preferences", "address"])
def test_a_link_of_nobodys_leads_nowhere(client, path, token):
    answers = [
        client.get(f"/{path}/{token}"),
        *(client.post(f"/{path}/{token}", data=one) for one in (CHOICES, ADDRESS)),
    ]
    assert [404] * 3 == [one.status_code for one in answers]


def test_a_form_that_is_none_of_ours_changes_nothing(service, client):
    answers = [client.post(PAGE, data=data) for data in ({}, {"form": "x"}, {"topic.kultur": "yes"})]
    answers.append(client.post(PAGE, content=b"form=choices", headers={"Content-Type": "text/plain"}))
    assert ([400] * 4, []) == ([one.status_code for one in answers], service.chosen())


def test_a_store_that_is_away_is_said_and_tried_again(client):
    answer = client.post("/preferences/unlucky", data=CHOICES)
    assert (503, "30") == (answer.status_code, answer.headers["retry-after"])


@pytest.mark.parametrize(
    ("stage", "status", "said"),
    [
        ("open", 200, "Soll Ruhrblick <& Umland> künftig an n…\u2060@newsletter.example gehen?"),
        ("done", 200, "Ihre neue Adresse gilt"),
        ("taken", 200, "Diese Adresse steht schon auf der Liste"),
        ("late", 410, "Dieser Link ist abgelaufen"),
    ],
)
def test_the_link_of_the_mail_shows_what_it_can_do(client, stage, status, said):
    answer = client.get(f"/address/{stage}")
    assert (status, True) == (answer.status_code, said in unescape(answer.text))
    assert int(stage == "open") == answer.text.count("<button")
    assert '<html lang="en">' in client.get(f"/address/{stage}-en").text


def test_the_button_behind_the_link_changes_the_address(client):
    answer = client.post("/address/open")
    assert (200, True) == (answer.status_code, "Ihre neue Adresse gilt" in answer.text)
    assert "Ihre neue Adresse gilt" in client.post("/address/done").text


def test_behind_a_path_every_link_holds_it(start_service):
    with start_service(url="https://halde.example/brief") as service, service.client() as client:
        shown = client.get(f"/brief{PAGE}").text
        assert 'href="/brief/u/lea"' in shown
        answer = client.post(f"/brief{PAGE}", data=CHOICES)
        assert f"/brief{PAGE}?done=choices" == answer.headers["location"]


def test_looking_and_prefetching_change_nothing(service, client):
    with contextlib.closing(sqlite3.connect(service.database)) as database:
        before = list(database.iterdump())
        for path in (PAGE, f"{PAGE}?done=choices", "/address/open"):
            for method in ("GET", "HEAD"):
                assert 200 == client.request(method, path, headers={"Sec-Purpose": "prefetch"}).status_code
        assert before == list(database.iterdump())


FIELDS = st.dictionaries(
    st.sampled_from(["form", "email", "language", "topic.kultur", "topic.", "topic.\x00", "ä", ""])
    | st.text(max_size=8),
    st.sampled_from(["choices", "address", "a@b.example\r\nBcc: x@y.example", "\x00", "x" * 2000])
    | st.text(max_size=20),
    max_size=6,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS, st.booleans())
def test_whatever_a_form_holds_is_answered(client, fields, multipart):
    body = {"files": {name: (None, value) for name, value in fields.items()}} if multipart else {"data": fields}
    try:
        answer = client.post(PAGE, **body)
    except UnicodeEncodeError:  # the client cannot even send it
        return
    assert answer.status_code in (200, 303, 400)
