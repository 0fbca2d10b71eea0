"""Prometheus reads what we write, and strangers do not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from ruhrmail.errors import UsageError
from ruhrmail.exposition import Family, Sample, expose, may_read, require_token

TOKEN = "a-token-for-the-scraper"
LOCAL = {"host": "127.0.0.1:9100"}
# Another reader splits lines at more characters than the format does.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters='\n"\\'), max_size=20)


@given(TEXT, TEXT, st.floats(allow_nan=False, allow_infinity=False), TEXT)
def test_any_value_label_and_help_arrive_as_they_were(relay, mailing, value, text):
    sample = Sample(value, {"relay": relay, "mailing": mailing})
    family = Family("ruhrmail_x", "gauge", f"Help {text} end", [sample])
    (read,) = text_string_to_metric_families(expose([family]))
    (found,) = read.samples
    assert sample.labels == found.labels
    assert math.isclose(value, found.value, rel_tol=1e-12)
    assert ("gauge", family.help) == (read.type, read.documentation)


def test_a_counter_and_a_family_without_labels_are_of_the_format():
    text = expose([Family("ruhrmail_a_total", "counter", "A.", [Sample(3)]), Family("ruhrmail_b", "gauge", "B.", [])])
    assert "# HELP ruhrmail_a_total A.\n# TYPE ruhrmail_a_total counter\nruhrmail_a_total 3\n" == text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9100", "localhost:9100", "[::1]:9100", "127.8.9.1"])
def test_a_program_on_this_machine_reads_without_a_token(host):
    assert may_read("127.0.0.1", {"host": host}, "")
    assert may_read("::1", {"host": host}, TOKEN)


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("192.0.2.7", LOCAL),
        ("127.0.0.1", {"host": "newsletter.example"}),
        ("127.0.0.1", {"host": "127.0.0.1.rebound.example"}),
        ("127.0.0.1", {}),
        ("127.0.0.1", {**LOCAL, "x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", {**LOCAL, "forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {**LOCAL, "via": "1.1 proxy"}),
        ("192.0.2.7", {**LOCAL, "authorization": "Bearer "}),
        ("192.0.2.7", {**LOCAL, "authorization": "Bearer wrong"}),
        ("192.0.2.7", {**LOCAL, "authorization": f"Basic {TOKEN}"}),
        ("192.0.2.7", {**LOCAL, "authorization": "Bearer gr\u00fc\u00dfe"}),
        ("", LOCAL),
    ],
)
def test_strangers_and_proxies_do_not_read(client, headers):
    assert not may_read(client, headers, TOKEN)
    assert not may_read(client, headers, "")


def test_the_token_opens_from_anywhere():
    assert may_read("192.0.2.7", {"host": "n.example", "authorization": f"bearer {TOKEN}"}, TOKEN)


def test_a_token_that_can_be_guessed_is_refused():
    with pytest.raises(UsageError):
        require_token("secret")
    require_token("")
