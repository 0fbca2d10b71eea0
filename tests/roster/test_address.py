"""Addresses: the fast path agrees with email-validator, and refusals say why."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.model.phrase import Phrase
from ruhrmail.roster import Address, read_address
from ruhrmail.roster.address import PLAIN

USUAL = r"[a-z0-9_+-]{1,8}(\.[a-zA-Z]{1,4}){0,2}@([a-z0-9]{1,4}-?[a-z0-9]{1,4}\.){1,3}[a-zA-Z]{2,5}"
words = st.text("abzABZ019-_+.@", max_size=12)
near = st.builds(
    "{}@{}.{}".format,
    words,
    words,
    st.sampled_from(["de", "example", "test", "LOCAL", "onion", "x1", "arpa", "co.uk", "d"]),
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(near, st.from_regex(USUAL, fullmatch=True), st.emails()))
def test_the_fast_path_takes_nothing_that_email_validator_refuses(text):
    match = PLAIN.fullmatch(text)
    try:
        checked = validate_email(
            text, check_deliverability=False, strict=True, test_environment=True, allow_smtputf8=False
        )
        wanted = f"{text.rpartition('@')[0]}@{checked.ascii_domain}"
    except EmailNotValidError:
        wanted = None
    found = read_address(text)
    assert (found.email if isinstance(found, Address) else None) == wanted
    assert not match or wanted is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the cell is empty"),
        ("erika", "the @ is missing"),
        ("Erika <erika@ruhr.example>", "only the address belongs here, without name and brackets"),
        ("a@b.example, c@d.example", "there is more than one @"),
        ("eri ka@ruhr.example", "there is a space in it"),
        ("@ruhr.example", "nothing stands before the @"),
        ("erika@", "nothing stands after the @"),
        ("jörg@ruhr.example", "letters such as ä before the @ do not reach every server"),
        ("x" * 65 + "@ruhr.example", "more than 64 characters stand before the @"),
        ("a@" + "b." * 150 + "example", "it is longer than 254 characters"),
        ("a..b@ruhr.example", "before the @ a dot is out of place"),
        ("a@ruhr..example", "after the @ a dot is out of place"),
        ("a@ruhr", "the ending after the @ is missing, such as .de"),
        ("a@ruhr.invalid", "no mail can be sent to this domain"),
        ("a@-ruhr.example", "what stands after the @ is no domain"),
        ("mailto:a@ruhr.example", "a character before the @ is not allowed"),
        ("a@[127.0.0.1]", "what stands after the @ is no domain"),
        ("a" + "@b" * 100_000, "there is more than one @"),
    ],
)
def test_a_refusal_says_why(text, reason):
    assert reason == str(read_address(text))


@given(st.text(max_size=40))
def test_no_text_ends_in_an_exception(text):
    found = read_address(text)
    assert isinstance(found, Phrase) or found.email.isascii()


@pytest.mark.parametrize(
    ("text", "email", "key"),
    [
        ("Jörg@Müller.example", "Jörg@xn--mller-kva.example", "jörg@xn--mller-kva.example"),
        ("jo\u0308rg@ruhr.example", "jörg@ruhr.example", "jörg@ruhr.example"),
        ("ЮРА@ruhr.example", "ЮРА@ruhr.example", "юра@ruhr.example"),
        ("Info@ruhr.example", "Info@ruhr.example", "info@ruhr.example"),
    ],
)
def test_where_smtputf8_is_allowed_more_than_ascii_may_stand_before_the_at(text, email, key):
    assert Address(email, key) == read_address(text, smtputf8=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("jörg", "the @ is missing"),
        ("jö..rg@ruhr.example", "before the @ a dot is out of place"),
        ("jörg@ruhr.invalid", "no mail can be sent to this domain"),
        ("jörg@-ruhr.example", "what stands after the @ is no domain"),
        ("jö\u202erg@ruhr.example", "there is an invisible character in it"),
        ("jö(rg@ruhr.example", "a character before the @ is not allowed"),
    ],
)
def test_a_refusal_says_why_with_smtputf8_too(text, reason):
    assert reason == str(read_address(text, smtputf8=True))


@given(st.text(max_size=40))
def test_no_text_ends_in_an_exception_with_smtputf8(text):
    found = read_address(text, smtputf8=True)
    assert isinstance(found, Phrase) or found.email.isprintable()


def test_domains_become_ascii_and_keys_small():
    assert Address("Info@xn--mller-kva.example", "info@xn--mller-kva.example") == read_address("Info@Müller.example")
    assert Address("A@b.example", "a@b.example") == read_address("\u200bA@B.Example\u00a0 ")
