"""What servers and issues write, read: anything at all ends in a value or a ValueError."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.check.online.fetch import read_wait
from ruhrmail.check.online.guard import read_number
from ruhrmail.check.online.reach import mail_domains
from ruhrmail.check.online.target import follow, read_target
from ruhrmail.dns.records import find_dmarc, judge_dkim, read_tags
from ruhrmail.dns.spf import judge_spf
from ruhrmail.names import Answer

START = read_target("https://halle.example/programm?tag=1")
NOW = b"Fri, 06 Nov 2026 10:00:00 GMT"
PIECES = st.sampled_from(["http:", "//", "/", "@", ":", "[", "]", "%", "#", "?", "..", "\\", "xn--", "\x00", "\r\n",
                          "ß", "。", "127.0.0.1", "halle.example", "80", " ", "\ud83d", "::1", "0x7f"])  # fmt: skip
TERMS = st.sampled_from(["v=spf1", " ", "a", ":", "/", "-all", "include:x", "redirect=x", "%", "ip4:1", "=", "?"])
ADDRESSES = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))


@settings(deadline=None)
@given(ADDRESSES)
def test_any_redirect_leads_to_printable_ascii_or_nowhere(location):
    try:
        target = follow(START, location)
    except ValueError:
        return
    assert target.url.isascii() and target.url.isprintable() and " " not in target.url
    assert target.scheme in ("http", "https") and 0 < target.port < 65536 and target.path.startswith("/")
    assert target == read_target(target.url)


@settings(deadline=None)
@given(ADDRESSES)
def test_any_host_is_a_name_a_number_or_refused(host):
    try:
        assert read_number(host) is None or read_number(host).version in (4, 6)
    except ValueError as error:
        assert host in str(error)


@settings(deadline=None)
@given(st.text())
def test_any_mail_link_has_domains_or_none(text):
    assert all(isinstance(one, str) for one in mail_domains(f"mailto:{text}"))


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(TERMS, max_size=12).map("".join)))
def test_any_record_is_judged(text):
    answer = Answer("found", (text,))
    assert 11 >= judge_spf("letter.example", lambda _: answer).lookups
    assert find_dmarc("letter.example", lambda _: answer).fault in ("", "missing", "version", "policy", "report")
    assert judge_dkim(answer, None) in ("", "version", "broken", "revoked", "testing")
    assert isinstance(read_tags(text), dict)


@pytest.mark.parametrize(
    ("told", "date", "expected"),
    [
        (b"0", b"", 0),
        (b"120", b"", 120),
        (b"Fri, 06 Nov 2026 10:00:07 GMT", NOW, 7),
        (b"Fri, 06 Nov 2026 09:00:00 GMT", NOW, 0),
        (b"Fri, 06 Nov 2026 10:00:07 GMT", b"", None),
        (b"Fri, 06 Nov 2026 10:00:07", NOW, None),
        (b"", NOW, None),
        (b"-1", NOW, None),
        (b"1.5", NOW, None),
        (b"9999999999", NOW, None),
        (b"\xff", NOW, None),
        (b"soon", b"\xff", None),
    ],
)
def test_a_wait_is_told_in_seconds_or_as_a_moment(told, date, expected):
    assert expected == read_wait(told, date)


@pytest.mark.parametrize(
    ("url", "domains"),
    [
        ("mailto:a@halle.example", ["halle.example"]),
        ("mailto:a@halle.example,b@HOF.example?cc=c@weg.example", ["halle.example", "hof.example"]),
        ("mailto:?to=a%40m%C3%BChle.example", ["xn--mhle-0ra.example"]),
        ("mailto:a%40b@halle.example", ["halle.example"]),
        ("mailto:", []),
        ("mailto:niemand", []),
    ],
)
def test_mail_links_name_domains(url, domains):
    assert domains == mail_domains(url)
