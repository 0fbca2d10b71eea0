"""What a server says is written down without saying whom it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.masking import mask
from ruhrmail.model.people import Person

LEA = Person("Lea.Berg+news@hafen.example", "lea.berg+news@hafen.example", first_name="Lea", last_name="Berg")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<lea.berg+news@hafen.example>: Recipient address rejected", "<***>: Recipient address rejected"),
        ("5.1.1 LEA.BERG+NEWS@HAFEN.EXAMPLE... User unknown", "5.1.1 *** User unknown"),
        ("mailbox lea.berg+news is full", "mailbox *** is full"),
        ("no mailbox here by the name LeaBerg+News", "no mailbox here by the name ***"),
        ("user=lea.berg; quota exceeded", "user=***; quota exceeded"),
        ("forwarding to other.person@else.example failed", "forwarding to *** failed"),
        ("see http://mx.example/?to=lea.berg%2Bnews%40hafen.example", "see http://mx.example/?to=***"),
        ("see http://mx.example/?to=other.person%40else.example", "see http://mx.example/?to=***"),
        ("bounce-other.person=40else.example is unknown", "*** is unknown"),
        ("the mailbox of Lea Berg is full", "the mailbox of *** *** is full"),
        ("queued as 4Bc7Lead12", "queued as 4Bc7Lead12"),
        ("2.0.0 OK 1699 a1-20020a05640c40b00si123 - gsmtp", "2.0.0 OK 1699 a1-20020a05640c40b00si123 - gsmtp"),
        ("", ""),
    ],
)  # fmt: skip
def test_addresses_local_parts_and_names_are_masked_and_nothing_else(text, expected):
    assert expected == mask(text, LEA)


def test_a_name_of_two_letters_is_left_for_it_is_a_word_too():
    assert "an error of Li" == mask("an error of Li", Person("x9@a.example", "x9@a.example", last_name="Li"))


def test_letters_that_grow_when_they_become_small_mask_the_whole_text():
    assert "***" == mask("İ lea.berg+news", LEA)


LOCAL = st.text("abcxyzäö0159._+-", min_size=1, max_size=12)
AROUND = st.text(" <>()[]:;,'\"", min_size=1, max_size=4)


@given(LOCAL, AROUND, AROUND, st.sampled_from([str.upper, str.lower, str.title]))
def test_no_reply_gives_a_recipient_away(local, before, after, case):
    person = Person(f"{local}@hafen.example", local)
    for repeated in (local, person.email):
        shown = mask(f"refused{before}{case(repeated)}{after}now", person)
        assert case(repeated).lower() not in shown.lower().replace("refused", "").replace("now", "")


@given(st.text(max_size=600))
def test_any_text_is_masked_quickly_and_holds_no_address(text):
    assert "a@b.example" not in mask(f"{text} a@b.example {text}", LEA)
