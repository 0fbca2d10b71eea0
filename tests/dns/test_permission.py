"""Whatever a zone holds, asking it ends in a verdict."""

from ipaddress import ip_address

from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.dns.permission import addresses_of, may_send
from ruhrmail.names import Answer

TERMS = st.sampled_from(
    ["v=spf1", " ", "a", "mx", ":", "/", "/24", "/99", "//64", "//999", "-all", "include:x", "include:y", "redirect=y",
     "%", "ip4:1", "ip4:192.0.2.0/24", "ip6:::/0", "=", "?", "exists:", "ptr", "\x00", "ü"]
)  # fmt: skip
RECORDS = st.lists(TERMS, max_size=12).map(lambda parts: "v=spf1 " + "".join(parts))


@settings(deadline=None)
@given(RECORDS, RECORDS, st.sampled_from(["192.0.2.7", "2001:db8::7"]))
def test_any_record_ends_in_a_verdict(first, second, address):
    def ask(name, kind):
        values = {
            "TXT": (first if name == "x" else second,), "MX": ("x", "y", ""),
            "A": ("192.0.2.7",), "AAAA": ("2001:db8::1",),
        }  # fmt: skip
        return Answer("found", values[kind])

    assert may_send("x", ip_address(address), ask) in ("+", "-", "~", "?", "unknown")


def test_of_very_many_addresses_the_first_are_looked_at():
    def ask(name, kind):
        return (
            Answer("found", tuple(f"192.0.2.{number}" for number in range(200))) if kind == "A" else Answer("nothing")
        )

    assert 10 == len(addresses_of("halle.example", ask))
