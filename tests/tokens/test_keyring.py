"""Tokens: what was signed reads back, and nothing else does."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.tokens import SAMPLE_TOKEN, Keyring, Purpose, Token

OLD, NEW = b"o" * 40, b"n" * 40
RING = Keyring((NEW, OLD))
tokens = st.builds(
    Token,
    st.sampled_from(Purpose),
    st.binary(min_size=8, max_size=8),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=3, max_size=3),
)


@given(tokens)
def test_a_signed_token_reads_back(token):
    link, address = RING.sign_link(token), RING.return_address(token, "newsletter.example")
    local, _, domain = address.partition("@")
    assert (len(link), domain) == (44, "newsletter.example")
    assert len(local) <= 64 and local == local.lower()
    assert token == RING.verify_link(link, token.purpose)
    assert token == RING.verify_address(address, token.purpose)
    assert token == RING.verify_address(f"<{address.upper()}>", token.purpose)


@given(tokens)
def test_another_purpose_is_refused(token):
    for other in set(Purpose) - {token.purpose}:
        assert RING.verify_link(RING.sign_link(token), other) is None
        assert RING.verify_return(RING.sign_return(token), other) is None


@given(tokens, st.integers(0, 33 * 8 - 1))
def test_any_flipped_bit_is_refused(token, bit):
    raw = bytearray(base64.urlsafe_b64decode(RING.sign_link(token)))
    raw[bit // 8] ^= 1 << bit % 8
    assert RING.verify_link(base64.urlsafe_b64encode(bytes(raw)).decode(), token.purpose) is None


@given(tokens, st.integers(0, 52), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_any_other_letter_in_a_return_address_is_refused(token, place, letter):
    """The last letter holds one bit that means nothing: it must be zero."""
    text = RING.sign_return(token)
    forged = text[:place] + letter + text[place + 1 :]
    assert RING.verify_return(forged, token.purpose) == (token if forged == text else None)


@given(st.text(max_size=60))
def test_foreign_text_is_refused(text):
    for purpose in Purpose:
        assert RING.verify_link(text, purpose) is None
        assert RING.verify_return(text, purpose) is None
        assert RING.verify_address(text, purpose) is None


@pytest.mark.parametrize(
    "change", [str.lower, lambda t: t[:-1], lambda t: t + "=", lambda t: t + "\n", lambda t: " " + t]
)
def test_a_link_is_taken_letter_by_letter(change):
    token = Token(Purpose.UNSUBSCRIBE, b"\xff" * 8, 1)
    assert RING.verify_link(change(RING.sign_link(token)), Purpose.UNSUBSCRIBE) is None


def test_digits_of_other_scripts_are_refused():
    text = RING.sign_return(Token(Purpose.RETURN, b"12345678", 1))
    assert RING.verify_return("ſ" + text[1:]) is None
    assert RING.verify_return("٢" + text[1:]) is None


def test_old_secrets_verify_and_new_ones_sign():
    token = Token(Purpose.UNSUBSCRIBE, b"12345678", 7)
    assert token == RING.verify_link(Keyring((OLD,)).sign_link(token), Purpose.UNSUBSCRIBE)
    assert Keyring((NEW,)).sign_link(token) == RING.sign_link(token)
    assert Keyring((OLD,)).verify_link(RING.sign_link(token), Purpose.UNSUBSCRIBE) is None


def test_the_sample_token_opens_nothing():
    assert len(SAMPLE_TOKEN) == 44
    assert [RING.verify_link(SAMPLE_TOKEN, purpose) for purpose in Purpose] == [None] * len(Purpose)


def test_each_use_has_a_key_of_its_own():
    keys = {*RING.derive("mail tokens"), *RING.derive("forms"), OLD, NEW}
    assert len(keys) == 6


def test_nothing_shows_a_secret():
    assert OLD.decode() not in repr(RING) + str(vars(type(RING))) and NEW.decode() not in f"{RING}"
