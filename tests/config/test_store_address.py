"""The address of a database: what is taken, what is refused, and that no password is repeated on the way."""

from pathlib import Path

import pytest

from ruhrmail.config.store_address import given_store, holds_secret, trouble_with
from ruhrmail.errors import UsageError

PROJECT = Path("/project")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql:///brief?host=/run/postgresql",
        "postgresql://u@%2Frun%2Fpostgresql/brief",
        "postgres://u@h:5432/brief",
        "postgresql://u:ge%40heim@[::1]:5432,[fe80::1%25eth0],h/brief",
        "postgresql://u:geheim℀@h/brief",
        "postgresql://u:p[w]@h/brief",
        "postgresql://?service=brief",
        "postgresql://u@h/brief?options=-csearch_path%3Dbrief&sslmode=verify-full",
    ],
)
def test_what_libpq_can_read_is_taken(url):
    assert trouble_with(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:geheim@[::1/d",
        "postgresql://u:geheim@[geheim]/d",
        "postgresql://u:geheim@h:70000/d",
        "postgresql://u:geheim@h:0/d",
        "postgresql://u:ge\x00heim@h/d",
        "postgresql://u:geheim?x@h/d",
        "postgresql://u@h/d?user=a@geheim",
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_without_a_word_of_it(url):
    found = trouble_with(url)
    assert found is not None
    assert "geheim" not in f"{found[1]} {found[2]}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:x@h/d",
        "postgresql://u:x@[::1]:5432,[::1]:5433/d",
        "postgresql://h/d?password=x",
        "postgresql://h/d?pass%77ord=x",
        "postgresql://h/d?sslkey=/k&sslpassword=x",
    ],
)
def test_a_password_in_an_address_is_noticed_wherever_it_stands(url):
    assert (True, url) == (holds_secret(url), given_store(url, PROJECT))


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgresql://u:@h/d?passfile=/p", "sqlite:////x.db"])
def test_an_address_without_one_is_taken_from_it(url):
    assert url == given_store(url, PROJECT)


@pytest.mark.parametrize("text", ["mysql://u:geheim", "postgresq://h/d?password=geheim", "postgres:/u:geheim/x"])
def test_what_is_no_address_is_repeated_up_to_its_first_colon(text):
    with pytest.raises(UsageError, match="this is no store") as caught:
        given_store(text, PROJECT)
    assert "geheim" not in f"{caught.value.message} {caught.value.hint}"
